"""The paper's experiment on a dataset in E2E-Spot's layout, with the paper's tables beside the result."""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from app.bench.paper_tables import Published, published
from app.bench.spot_layout import Layout
from spotting.checkpoint import SPOTTER, load_spotter
from spotting.config import TrainConfig, to_dict
from spotting.epochs import Epoch
from spotting.errors import BadConfig
from spotting.events import Event, LabelledClip, Prediction
from spotting.infer import predict, read_averaged, read_clip, read_merged
from spotting.merge import Suppression
from spotting.metrics import mean_average_precision
from spotting.noise import jitter, reach_for_sigma
from spotting.presets import paper, small
from spotting.progress import Progress, silent
from spotting.spotter import Spotter
from spotting.train import fit

DATASETS = {"fs_comp": "fs", "fs_perf": "fs"}
"""The paper's datasets of splits that are not called after them."""

SELECTED_EPOCHS = 20
"""The last epochs after which validation clips are spotted, as E2E-Spot does."""

READ_OUTS = {"averaged": read_averaged, "merged": read_merged}
SUPPRESSIONS: tuple[Suppression, ...] = ("soft", "none")
_START_CLASSES = ("_start", "VT_1", "VT_2")


@dataclass(frozen=True, slots=True)
class Scored:
    """mAP in percent on one split, by tolerance in frames, of one read-out and suppression."""

    split: str
    read_out: str
    suppression: str
    map_at: dict[int, float]


def configured(split: str, preset: str, backbone: str, sigma: float) -> TrainConfig:
    """The settings for a split with `sigma` frames of noise on its labels. Raises `BadConfig`."""
    if preset == "small":
        return small() if sigma == 0 else replace(small(), sigma=sigma, reach=reach_for_sigma(sigma))
    if preset == "paper":
        return paper(DATASETS.get(split, split), backbone=backbone, sigma=sigma)
    raise BadConfig(f"preset is {preset!r}: must be one of small, paper")


def run(
    layout: Layout,
    split: str,
    config: TrainConfig,
    out: Path,
    *,
    sigma: float,
    device: str,
    progress: Progress,
) -> list[Scored]:
    """Train on the layout's training clips, spot its test clips, and write all there is to know to `out`.

    With precise labels (`sigma` 0) and validation clips, the weights with the best mean mAP at 1, 2 and 4
    frames without suppression count, of the last epochs; with noise of `sigma` frames on the training labels,
    the last ones do (Sec. 4.1). Resumes from what is in `out`.
    """
    select = sigma == 0 and bool(layout.val)
    on_epoch = _Selection(layout, out, config.epochs, device) if select else _ignore
    spotter = fit(
        noisy(layout.train, sigma, config.seed),
        layout.classes,
        config,
        folder=out,
        device=device,
        progress=progress,
        on_epoch=on_epoch,
    )
    if (out / "best" / SPOTTER).exists():
        spotter = load_spotter(out / "best", device)
    scored = score(spotter, layout.test, split, device, progress)
    _write(out, config, scored, published(split))
    return scored


def noisy(clips: Sequence[LabelledClip], sigma: float, seed: int) -> list[LabelledClip]:
    """The clips with rounded Gaussian noise of `sigma` frames on every label."""
    return [_moved(clip, sigma, np.random.default_rng([seed, at])) for at, clip in enumerate(clips)]


def _moved(clip: LabelledClip, sigma: float, rng: np.random.Generator) -> LabelledClip:
    frames_G = np.array([event.frame for event in clip.events], np.int64)
    moved = jitter(frames_G, sigma, len(clip.frames), rng).tolist()
    events = [Event(event.label, frame) for event, frame in zip(clip.events, moved, strict=True)]
    return replace(clip, events=tuple(sorted(events, key=lambda event: event.frame)))


def score(
    spotter: Spotter, clips: Sequence[LabelledClip], split: str, device: str, progress: Progress
) -> list[Scored]:
    """mAP of every read-out on `clips`, each read once; for FineGym also of its start events alone."""
    spotted: dict[tuple[str, Suppression], list[list[Prediction]]] = {
        (read_out, suppression): [] for read_out in READ_OUTS for suppression in SUPPRESSIONS
    }
    for number, clip in enumerate(clips):
        progress(number, len(clips), "spotting test clips")
        starts_W, outputs = read_clip(spotter, clip.frames, device, silent)
        for (read_out, suppression), found in spotted.items():
            read = READ_OUTS[read_out]
            found.append(read(spotter.classes, starts_W, outputs, len(clip.frames), suppression))
    truths = {split: [clip.events for clip in clips]}
    if split == "finegym":
        truths["finegym_start"] = [tuple(filter(_is_start, clip.events)) for clip in clips]
    return [
        Scored(name, read_out, suppression, _percent(found, truth))
        for (read_out, suppression), found in spotted.items()
        for name, truth in truths.items()
    ]


def _percent(spotted: Sequence[Sequence[Prediction]], truth: Sequence[Sequence[Event]]) -> dict[int, float]:
    return {at: 100 * value for at, value in mean_average_precision(spotted, truth).items()}


def _is_start(event: Event) -> bool:
    return event.label.endswith(_START_CLASSES)


class _Selection:
    """Keeps the weights that spot the validation clips best, of the last epochs, in `out`/best."""

    def __init__(self, layout: Layout, out: Path, epochs: int, device: str) -> None:
        self._layout, self._out, self._epochs, self._device = layout, out, epochs, device
        self._note = out / "best" / "validation.json"

    def __call__(self, epoch: Epoch) -> None:
        if epoch.epoch <= self._epochs - SELECTED_EPOCHS:
            return
        spotter, clips = load_spotter(self._out, self._device), self._layout.val
        spotted = [predict(spotter, clip.frames, device=self._device, suppression="none") for clip in clips]
        found = mean_average_precision(spotted, [clip.events for clip in clips], (1, 2, 4))
        mean = float(np.mean(list(found.values())))
        best = json.loads(self._note.read_text())["mean"] if self._note.exists() else -1.0
        if mean > best:
            self._note.parent.mkdir(exist_ok=True)
            shutil.copy(self._out / SPOTTER, self._note.parent / SPOTTER)
            self._note.write_text(json.dumps({"epoch": epoch.epoch, "mean": mean}))


def _ignore(epoch: Epoch) -> None:
    """With noisy labels there are no precise ones to select by: the last epoch counts."""


def _write(out: Path, config: TrainConfig, scored: Sequence[Scored], beside: Sequence[Published]) -> None:
    told = {
        "config": to_dict(config),
        "scored": [asdict(row) for row in scored],
        "published": [asdict(row) for row in beside],
    }
    (out / "result.json").write_text(json.dumps(told, indent=1))
    with (out / "result.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("split", "read_out", "suppression", "tolerance", "mAP"))
        for row in scored:
            for tolerance, value in row.map_at.items():
                rows.writerow((row.split, row.read_out, row.suppression, tolerance, f"{value:.2f}"))


def table(config: TrainConfig, scored: Sequence[Scored]) -> list[str]:
    """Lines of a table: ours first, then what the paper says of the same splits with precise labels."""
    ours = [
        (
            row.split,
            Published(
                f"{config.objective}, {row.read_out}",
                config.model.backbone,
                row.suppression,
                row.map_at[1],
                row.map_at[2],
            ),
        )
        for row in scored
    ]
    splits = dict.fromkeys(row.split for row in scored)
    theirs = [(split, row) for split in splits for row in published(split)]
    head = f"{'split':<14}{'method':<22}{'backbone':<13}{'suppression':<12}{'mAP@1':>7}{'mAP@2':>7}"
    return [head] + [
        f"{split:<14}{row.method:<22}{row.backbone:<13}{row.suppression:<12}{row.at_1:7.2f}{row.at_2:7.2f}"
        for split, row in ours + theirs
    ]
