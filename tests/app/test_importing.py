"""An import takes in what is safe, refuses what is not, says both, and adds all or nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app import media
from app.actions import doubts, exporting, review
from app.importing import ImportRequest, dataset_name, import_dataset
from app.workspace import Workspace
from spotting.errors import BadConfig, BadLabels, Conflict, Stopped
from spotting.progress import silent
from storage import datasets
from tests.app.tiny import TinyFiles, import_tiny
from tests.spotting.media import write_film
from tests.spotting.surgery import flip_bytes

Spoil = Callable[[list[dict[str, Any]]], object]


def spoilt(tiny: TinyFiles, folder: Path, spoil: Spoil) -> TinyFiles:
    files = tiny.copy(folder)
    clips = json.loads(files.labels.read_text())
    spoil(clips)
    files.labels.write_text(json.dumps(clips))
    return files


def findings(report: tuple[Any, ...], level: str) -> list[str]:
    return [str(finding) for finding in report if finding.level == level]


def test_a_clean_file_comes_in_whole(work: Workspace, tiny: TinyFiles) -> None:
    imported = import_tiny(work, tiny)
    given = json.loads(tiny.labels.read_text())
    with work.database.reading() as session:
        clips = datasets.clips(session, imported.dataset_id)
        labels = datasets.labels(session, imported.dataset_id)
    assert imported.report == ()
    assert imported.doubted == 0
    assert [clip.name for clip in clips] == [clip["video"] for clip in given]
    assert [label.frame for label in labels] == [event["frame"] for clip in given for event in clip["events"]]
    assert all(label.true_frame is not None for label in labels)
    assert {clip.source for clip in clips} == {clip.name.partition("_")[0] for clip in clips}


def test_the_second_import_finds_its_videos_numbered(work: Workspace, tiny: TinyFiles) -> None:
    import_tiny(work, tiny)
    before = {path: path.stat().st_mtime_ns for path in work.settings.videos.glob("*/proxy.mp4")}
    import_dataset(work, tiny.request(name="again"), silent)
    assert {path: path.stat().st_mtime_ns for path in work.settings.videos.glob("*/proxy.mp4")} == before


def test_clips_that_cannot_be_taken_are_refused_and_still_exported(
    work: Workspace, tiny: TinyFiles, tmp_path: Path
) -> None:
    def spoil(clips: list[dict[str, Any]]) -> None:
        clips[0]["num_frames"] = 500
        clips[0]["events"][0]["frame"] = 400
        clips[1]["num_frames"] = 65
        clips[1]["num_events"] = 99
        clips[1]["fps"] = 0
        clips[4]["fps"] = 30

    files = spoilt(tiny, tmp_path / "spoilt", spoil)
    given = json.loads(files.labels.read_text())
    (files.media / f"{given[2]['video']}.mp4").unlink()
    (files.media / f"{given[3]['video']}.mp4").write_bytes(b"no video")
    report = import_dataset(work, files.request(), silent).report
    refused, fixed, noted = (findings(report, level) for level in ("refused", "fixed", "noted"))
    assert len(refused) == 3
    assert "frame 400 is past the end (64 frames)" in refused[0]
    assert "no video or folder of pictures of this name" in refused[1]
    assert given[3]["video"] in refused[2]
    assert any("num_frames is 65, but there are 64 pictures" in finding for finding in fixed)
    assert any("num_events is 99" in finding for finding in fixed)
    assert any("fps 0 is no rate" in finding for finding in noted)
    (rate,) = (finding for finding in noted if "pictures per second" in finding)
    assert given[4]["video"] in rate
    assert "says 30 pictures per second, the video has 25" in rate
    out = json.loads(exporting.labels(work, 1).text)
    assert [clip["video"] for clip in out] == [clip["video"] for clip in given]
    assert out[0]["events"] == given[0]["events"]


def test_labels_that_contradict_each_other_wait_in_queues_once_they_are_imported(
    work: Workspace, tiny: TinyFiles, tmp_path: Path
) -> None:
    def spoil(clips: list[dict[str, Any]]) -> None:
        clips[0]["events"].append(dict(clips[0]["events"][-1]))

    files = spoilt(tiny, tmp_path / "spoilt", spoil)
    imported = import_dataset(work, files.request(truth=None), silent)
    assert doubts.told(work, imported.dataset_id)["open"]["duplicate"] == 1
    (item,) = review.queue(work, imported.dataset_id, name="duplicate", annotator="anna", limit=9)["items"]
    assert item["doubts"][0]["reason"].endswith("stands there already, at the same frame")
    assert imported.doubted == 1


def test_nothing_usable_means_no_dataset(work: Workspace, tiny: TinyFiles, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadLabels, match="no clip with labels could be taken in.*no video or folder"):
        import_dataset(work, tiny.request(media=tmp_path / "empty"), silent)
    with work.database.reading() as session:
        assert datasets.list_datasets(session) == []


def test_a_stop_leaves_no_dataset_and_the_next_import_goes_on(work: Workspace, tiny: TinyFiles) -> None:
    def stop(done: float, total: float, note: str = "") -> None:
        if done >= 1:
            raise Stopped

    with pytest.raises(Stopped):
        import_dataset(work, tiny.request(), stop)
    assert list(work.settings.videos.glob("*/index.npz"))
    assert import_tiny(work, tiny).clips == 6


def test_a_taken_name_is_refused(work: Workspace, tiny: TinyFiles) -> None:
    import_tiny(work, tiny)
    with pytest.raises(Conflict, match="tiny exists already"):
        import_tiny(work, tiny)


@pytest.mark.parametrize("working_copies", [True, False])
def test_a_folder_of_pictures_is_a_clip(work: Workspace, tmp_path: Path, working_copies: bool) -> None:
    folder = tmp_path / "frames" / "walk"
    folder.mkdir(parents=True)
    for number in range(1, 13):
        cv2.imwrite(str(folder / f"{number:06d}.png"), np.full((48, 64, 3), number * 20, np.uint8))
    labels = tmp_path / "labels.json"
    events = [{"frame": 5, "label": "step", "comment": ""}]
    labels.write_text(json.dumps([{"video": "walk", "num_frames": 12, "num_events": 1, "events": events}]))
    request = ImportRequest(
        labels=labels, media=tmp_path / "frames", first_picture=1, working_copies=working_copies
    )
    imported = import_dataset(work, request, silent)
    with work.database.reading() as session:
        (clip,) = datasets.clips(session, imported.dataset_id)
    assert (clip.num_frames, clip.video.kind) == (12, "folder")
    assert (Path(clip.video.folder) / "proxy.mp4").exists() is working_copies
    jpeg = media.picture(work, clip, media.strip_of(clip, 5, side=0))
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (48, 64, 3)
    assert abs(float(picture.mean()) - 120) <= 2


def test_a_video_that_changed_under_its_labels_is_refused_and_its_index_kept(
    work: Workspace, tiny: TinyFiles, tmp_path: Path
) -> None:
    files = tiny.copy(tmp_path / "files")
    import_dataset(work, files.request(), silent)
    changed = min(files.media.iterdir())
    kept = changed.read_bytes()
    write_film(changed, range(64), size=(64, 64))
    again = import_dataset(work, files.request(name="again"), silent)
    assert again.clips == 5
    (refused,) = findings(again.report, "refused")
    assert f"{changed.name}: has labels, but its pictures changed at frame 0" in refused
    changed.write_bytes(kept)
    assert import_dataset(work, files.request(name="back"), silent).clips == 6
    assert len(list(work.settings.videos.iterdir())) == 6


def test_a_damaged_video_says_how_much_of_it_is_usable(
    work: Workspace, tiny: TinyFiles, tmp_path: Path
) -> None:
    files = tiny.copy(tmp_path / "files")
    damaged = min(files.media.iterdir())
    write_film(damaged, range(120))
    flip_bytes(damaged, 0.8, 0.9, 20)
    noted = findings(import_dataset(work, files.request(), silent).report, "noted")
    assert any("of 120 frames are usable: those before the first damage" in finding for finding in noted)


def test_clips_of_one_video_are_held_out_one_by_one_unless_told(work: Workspace, tiny: TinyFiles) -> None:
    imported = import_dataset(work, tiny.request(source_pattern=r"^(match)"), silent)
    alone = import_dataset(work, tiny.request(name="alone", source_pattern=None), silent)
    with work.database.reading() as session:
        assert {clip.source for clip in datasets.clips(session, imported.dataset_id)} == {"match"}
        assert len({clip.source for clip in datasets.clips(session, alone.dataset_id)}) == 6


def test_a_pattern_that_is_none_is_said(work: Workspace, tiny: TinyFiles) -> None:
    with pytest.raises(BadConfig, match="source pattern"):
        import_dataset(work, tiny.request(source_pattern="("), silent)


@pytest.mark.parametrize(("file", "name"), [("tennis/labels.json", "tennis"), ("tennis/train.json", "train")])
def test_a_dataset_is_named_after_its_file(tmp_path: Path, file: str, name: str) -> None:
    assert dataset_name(ImportRequest(labels=tmp_path / file, media=tmp_path)) == name


def test_a_request_survives_the_job_table(tiny: TinyFiles) -> None:
    request = tiny.request()
    assert ImportRequest.from_params(json.loads(json.dumps(request.to_params()))) == request
