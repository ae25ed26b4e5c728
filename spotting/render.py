"""Sample clips: rallies whose event times are known exactly, as pictures, or as videos and label files."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig
from spotting.events import nearest_frame
from spotting.noise import jitter
from spotting.progress import Progress, silent
from spotting.rally import CLASSES, FPS, Rally, simulate
from spotting.scene import Outfit, draw_outfit, pictures
from spotting.venue import Picture, Venue, draw_background, draw_venue

_CLIPS_PER_MATCH = 4
_VENUES = 6


@dataclass(frozen=True, slots=True)
class _Match:
    """What the clips of one match share."""

    number: int
    venue: Venue
    outfits: tuple[Outfit, Outfit]


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """One clip before it is drawn: its name, the number of its match, the rally that it shows."""

    name: str
    match: int
    frames: int
    size: int
    rally: Rally
    _seed: tuple[int, int]
    _shared: _Match

    def rng(self) -> np.random.Generator:
        """A generator as it is once the rally is played, for `pictures` and what follows them."""
        rng = np.random.default_rng(self._seed)
        simulate(rng, self.frames)
        return rng

    def pictures(self, rng: np.random.Generator) -> Iterator[Picture]:
        """The clip's pictures in order, RGB [size, 16/9 size, 3]."""
        venue, outfits = self._shared.venue, self._shared.outfits
        background = draw_background(venue, self.size)
        return pictures(self.rally, venue, outfits, background, self.frames, self.size, rng)

    @property
    def quality(self) -> int:
        """x264's CRF of this clip's venue."""
        return self._shared.venue.quality


def films(*, clips: int, frames: int, size: int, seed: int) -> Iterator[Film]:
    """`clips` clips of `frames` pictures, `size` pixels high; the same arguments give the same clips."""
    for name, match, clip_seed in _plan(clips, size, seed):
        rally = simulate(np.random.default_rng(clip_seed), frames)
        yield Film(name, match.number, frames, size, rally, clip_seed, match)


def render_dataset(
    folder: Path,
    *,
    clips: int = 96,
    frames: int = 256,
    size: int = 160,
    seed: int = 0,
    sigma: float = 2.0,
    progress: Progress = silent,
) -> None:
    """Write `clips` clips of `frames` pictures, `size` pixels high and 16:9, with noisy and true labels.

    Writes `videos/<name>.mp4` (H.264, 25 fps), `labels.json` (Spot JSON; each frame moved by rounded
    Gaussian noise of `sigma` frames, kept inside the clip), `truth.json` (same clips and events in the same
    order, with the true `frame` and its sub-frame `time`) and `class.txt`. Clips are named
    `match03_clip02`: the clips of a match share players and venue, and venues recur over matches, as one
    customer's footage does. The same arguments give the same pictures and labels. Raises `BadConfig` for a
    size that cannot be encoded, and `Stopped`.
    """
    if size < 32 or size % 2:
        raise BadConfig(f"size {size}: must be an even number of pixels, 32 or more")
    if clips < 1 or frames < 1:
        raise BadConfig(f"clips {clips}, frames {frames}: both must be 1 or more")
    (folder / "videos").mkdir(parents=True, exist_ok=True)
    truth: list[dict[str, object]] = []
    labels: list[dict[str, object]] = []
    for done, film in enumerate(films(clips=clips, frames=frames, size=size, seed=seed)):
        progress(done, clips, f"rendering clip {done + 1} of {clips}")
        events, rng = film.rally.events, film.rng()
        encode(folder / "videos" / f"{film.name}.mp4", film.pictures(rng), size, film.quality)
        truth.append(_entry(film.name, _true_events(events), frames, size))
        labels.append(_entry(film.name, _noisy_events(events, sigma, frames, rng), frames, size))
    _write(folder / "labels.json", labels)
    _write(folder / "truth.json", truth)
    (folder / "class.txt").write_text("\n".join(CLASSES) + "\n", encoding="utf-8")
    progress(clips, clips, f"{clips} clips rendered")


def width_of(size: int) -> int:
    """The even width, in pixels, of a 16:9 picture `size` pixels high."""
    return 2 * round(size * 8 / 9)


def _plan(clips: int, size: int, seed: int) -> Iterator[tuple[str, _Match, tuple[int, int]]]:
    """Name, match and seed of every clip."""
    per_match = max(1, min(_CLIPS_PER_MATCH, clips // 4))
    venues = max(1, min(_VENUES, clips // per_match // 2))
    rng = np.random.default_rng((seed, 0))
    aspect = width_of(size) / size
    looks = [draw_venue(rng, number, aspect) for number in range(venues)]
    matches = [
        _Match(number, looks[number % venues], (draw_outfit(rng), draw_outfit(rng)))
        for number in range(-(-clips // per_match))
    ]
    for clip in range(clips):
        match = matches[clip // per_match]
        yield f"match{match.number + 1:02}_clip{clip % per_match + 1:02}", match, (seed, clip + 1)


def encode(path: Path, frames: Iterator[NDArray[np.uint8]], size: int, quality: int) -> None:
    """Write RGB pictures [H, W, 3], H = `size`, as H.264 at 25 fps; `quality` is x264's CRF."""
    options = {"crf": str(quality), "preset": "veryfast"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS), options=options)
        stream.width, stream.height, stream.pix_fmt = width_of(size), size, "yuv420p"
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def _true_events(events: Sequence[tuple[float, str]]) -> list[dict[str, object]]:
    return [
        {"frame": int(nearest_frame(time)), "label": label, "comment": "", "time": round(time, 3)}
        for time, label in events
    ]


def _noisy_events(
    events: Sequence[tuple[float, str]], sigma: float, frames: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    true_G = nearest_frame([time for time, _ in events])
    noisy = jitter(true_G, sigma, frames, rng).tolist()
    return [
        {"frame": frame, "label": label, "comment": ""}
        for frame, (_, label) in zip(noisy, events, strict=True)
    ]


def _entry(name: str, events: list[dict[str, object]], frames: int, size: int) -> dict[str, object]:
    """One clip of a Spot label file."""
    return {
        "video": name,
        "num_frames": frames,
        "num_events": len(events),
        "events": events,
        "fps": float(FPS),
        "width": width_of(size),
        "height": size,
    }


def _write(path: Path, entries: list[dict[str, object]]) -> None:
    path.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
