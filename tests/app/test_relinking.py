"""Media that were moved are found again by their content, by command and as a job."""

import json
import threading
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from app import media, worker
from app.cli import cli
from app.importing import ImportRequest, import_dataset
from app.tasks import TASKS
from app.workspace import Workspace
from spotting.errors import BadLabels, UnreadableVideo
from spotting.progress import silent
from storage import datasets
from tests.app.tiny import app_of, client_of
from tests.spotting.media import draw, write_film

FRAMES = 8


def labels_for(folder: Path, *names: str) -> Path:
    """A label file with one event in each of the clips."""
    facts = {"num_frames": FRAMES, "num_events": 1, "fps": 25.0, "width": 160, "height": 96}
    event = {"frame": 3, "label": "hit", "comment": ""}
    path = folder / "labels.json"
    path.write_text(json.dumps([facts | {"video": name, "events": [event]} for name in names]))
    return path


def paths(work: Workspace) -> list[str]:
    with work.database.reading() as session:
        return [Path(clip.video.path).parent.name for clip in datasets.clips(session, 1)]


def test_a_moved_video_is_found_and_one_of_another_content_is_not(work: Workspace, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    for at, name in enumerate(("one", "two", "three")):
        write_film(old / f"{name}.mp4", range(at, at + FRAMES))
    labels = labels_for(tmp_path, "one", "two", "three")
    import_dataset(work, ImportRequest(labels=labels, media=old, name="rally"), silent)
    old.rename(new)
    write_film(new / "two.mp4", range(50, 50 + FRAMES))
    (new / "three.mp4").rename(tmp_path / "three.mp4")
    asked = ["relink", "rally", str(new), "--data", str(work.settings.data)]
    told = CliRunner().invoke(cli, asked).output
    assert "1 found again; still missing: three.mp4; other content under the same name: two.mp4" in told
    assert paths(work) == ["new", "old", "old"]
    (tmp_path / "three.mp4").rename(new / "three.mp4")
    assert "1 found again; other content" in CliRunner().invoke(cli, asked).output
    assert paths(work) == ["new", "old", "new"]


def test_pictures_without_a_working_copy_are_shown_again_once_their_folder_is_found(
    work: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "old" / "one"
    folder.mkdir(parents=True)
    for frame in range(FRAMES):
        cv2.imwrite(str(folder / f"{frame:06d}.png"), draw(frame))
    request = ImportRequest(labels=labels_for(tmp_path, "one"), media=folder.parent, working_copies=False)
    import_dataset(work, request, silent)
    (tmp_path / "old").rename(tmp_path / "new")
    with work.database.reading() as session:
        (clip,) = datasets.clips(session, 1)
    strip = media.strip_of(clip, 3)
    with pytest.raises(UnreadableVideo):
        media.picture(work, clip, strip)
    with client_of(app_of(work)) as client:
        lost = client.post("/api/v1/datasets/1/relink", json={"media": str(tmp_path / "old")})
        assert lost.json()["detail"] == str(BadLabels(f"{tmp_path / 'old'}: no such folder of videos"))
        job = client.post("/api/v1/datasets/1/relink", json={"media": str(tmp_path / "new")}).json()["job_id"]
        worker.work(work.settings, TASKS, threading.Event(), until_idle=True)
        assert client.get(f"/api/v1/jobs/{job}").json()["result"]["words"] == "1 found again"
    assert media.picture(work, clip, strip)
