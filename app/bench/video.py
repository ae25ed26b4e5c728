"""Speed of frame access in processor time: ours beside other libraries, on one film, in one run."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from app.bench import others
from app.bench.measured import Measured
from app.media import encode
from spotting.cache import CachedFrames
from spotting.events import Frames
from spotting.progress import Progress
from spotting.survey import survey
from spotting.video import ProxyStyle, VideoIndex, index_video, open_frames, open_source

SIZE = (1280, 720)
_ROUNDS = 3
_HOUR_OF_FILM = 90_000
_MOST_SECONDS = 4.0
_RATE = {"preset": "veryfast", "b": "3M", "maxrate": "3M", "bufsize": "6M"}


def measure(folder: Path, film: Path | None, pictures: int, progress: Progress) -> Iterator[Measured]:
    """Index `film` (default: `pictures` synthetic ones at about 3 Mbit/s) into `folder`; time reading it.

    Times are of one processor, the least of three rounds, so that other work on the machine disturbs little.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if film is None:
        film = folder / "film.mp4"
        write_film(film, pictures, progress)
    yield from _import(film, folder, progress)
    index = VideoIndex.load(folder)
    proxy, source = open_frames(folder), open_source(film, index)
    yield from _sequential(film, source)
    yield from _windows(film, index, proxy, source)
    yield from _long_windows("proxy", proxy, "≥ 1,000")
    yield from _long_windows("memory map", _mapped(proxy, folder), "≥ 9,000")
    yield from _strips(proxy)
    yield from _memory(proxy)


def write_film(path: Path, pictures: int, progress: Progress) -> None:
    """A camera panning over grainy texture with a ball in flight: H.264, groups of ten seconds."""
    random = np.random.default_rng(0)
    field = _texture(random)
    height, width = SIZE[1], SIZE[0]
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25, options=dict(_RATE))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = 250
        for k in range(pictures):
            x, y = int((np.sin(k / 60) + 1) * width * 0.45), int((np.cos(k / 90) + 1) * height * 0.45)
            picture = field[y : y + height, x : x + width].copy()
            ball = (int(width * (0.5 + 0.3 * np.sin(k / 9))), int(height * (0.5 + 0.3 * np.cos(k / 7))))
            cv2.circle(picture, ball, 12, (255, 255, 0), -1)
            grain = random.integers(0, 40, picture.shape, np.uint8)
            output.mux(
                stream.encode(
                    av.VideoFrame.from_ndarray(np.asarray(cv2.add(picture, grain), np.uint8), "rgb24")
                )
            )
            progress(k + 1, pictures, "making the film")
        output.mux(stream.encode(None))


def _texture(random: np.random.Generator) -> np.ndarray:
    """Uint8 [2H, 2W, 3] of noise at every scale."""
    width, height = SIZE[0] * 2, SIZE[1] * 2
    total = np.zeros((height, width), np.float32)
    for scale in range(2, 10):
        coarse = random.normal(0, 1.6**-scale, (2**scale, 2 ** (scale + 1))).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grey = ((total - total.min()) / np.ptp(total) * 255).astype(np.uint8)
    return np.stack([np.roll(grey, 40 * channel, 1) for channel in range(3)], -1)


def _import(film: Path, folder: Path, progress: Progress) -> Iterator[Measured]:
    index = index_video(film, folder, progress=progress)
    spent = _least_of({"import": lambda: survey(film, None, folder / "again.mp4", ProxyStyle(), progress)})
    (folder / "again.mp4").unlink()
    each = spent["import"] / index.num_frames
    yield Measured("import pass", each * 1e3, "ms/picture")
    yield Measured("import of an hour at 25 pictures/s", each * _HOUR_OF_FILM / 60, "CPU minutes", "≤ 12")
    yield Measured("proxy", index.proxy_bytes / index.num_frames / 1e3, "kB/picture")


def _sequential(film: Path, source: Frames) -> Iterator[Measured]:
    count = min(len(source), 500)
    readers: dict[str, Callable[[], object]] = {
        "ours, proved": lambda: _ours(source, count),
        "OpenCV": lambda: others.opencv(film, count),
        "plain PyAV": lambda: others.plain_pyav(film, count),
    }
    decoder = others.torchcodec(film)
    if decoder is not None:
        readers["torchcodec"] = lambda: [decoder[k] for k in range(count)]
    for name, spent in _least_of(readers).items():
        yield Measured(f"full size in sequence, {name}", spent / count * 1e3, "ms/picture")


def _ours(source: Frames, count: int) -> None:
    for ordinal in range(count):
        source.read([ordinal])


def _windows(film: Path, index: VideoIndex, proxy: Frames, source: Frames) -> Iterator[Measured]:
    """Nine pictures around random places, as the filmstrip asks for them."""
    starts = np.random.default_rng(1).integers(0, len(proxy) - 9, 200).tolist()
    readers: dict[str, Callable[[int], object]] = {
        "proxy": lambda start: proxy.read(range(start, start + 9)),
        "source, ours, proved": lambda start: source.read(range(start, start + 9)),
        "source, plain PyAV, unproved": lambda start: others.seek_pyav(film, index, start),
        "source, OpenCV, unproved": lambda start: others.seek_opencv(film, start),
    }
    for name, read in readers.items():
        spent = _each(read, starts)
        yield Measured(f"9 pictures from the {name}, median", float(np.median(spent)) * 1e3, "ms")
        aim = "≤ 12" if name == "proxy" else ""
        yield Measured(
            f"9 pictures from the {name}, 95th percentile", float(np.quantile(spent, 0.95)) * 1e3, "ms", aim
        )


def _long_windows(name: str, frames: Frames, aim: str) -> Iterator[Measured]:
    """A hundred pictures at random places, as training asks for them."""
    starts = np.random.default_rng(2).integers(0, len(frames) - 100, 40).tolist()
    spent = _each(lambda start: np.array(frames.read(range(start, start + 100))), starts)
    yield Measured(f"windows of 100 from the {name}", 100 * len(spent) / sum(spent), "pictures/s", aim)


def _strips(proxy: Frames) -> Iterator[Measured]:
    """Filmstrips of 25 pictures at random places, as the server makes them ahead of the queue."""
    starts = np.random.default_rng(4).integers(0, len(proxy) - 25, 60).tolist()
    jpegs = [encode(proxy.read(range(start, start + 25))) for start in starts]
    made = _each(lambda start: encode(proxy.read(range(start, start + 25))), starts)
    yield Measured("filmstrip of 25 pictures made, median", float(np.median(made)) * 1e3, "ms")
    pictures = proxy.read(range(25))
    yield Measured("of that JPEG", min(_each(lambda _: encode(pictures), starts[:20])) * 1e3, "ms")
    yield Measured("filmstrip of 25 pictures", float(np.mean([len(jpeg) for jpeg in jpegs])) / 1e3, "kB")


def _mapped(proxy: Frames, folder: Path) -> Frames:
    path = folder / "pictures.npy"
    np.save(
        path,
        np.concatenate([proxy.read(range(k, min(k + 64, len(proxy)))) for k in range(0, len(proxy), 64)]),
    )
    return CachedFrames(path)


def _memory(proxy: Frames) -> Iterator[Measured]:
    places = np.random.default_rng(3).integers(0, len(proxy), 10_000).tolist()
    for place in places[:100]:
        proxy.read([place])
    before = _resident()
    for place in places:
        proxy.read([place])
    yield Measured("memory after 10,000 random reads", _resident(), "MB")
    yield Measured("memory gained by them", _resident() - before, "MB")


def _resident() -> float:
    """Memory that this process holds, MB; not a number where there is no /proc."""
    state = Path("/proc/self/statm")
    return int(state.read_text().split()[1]) * 4096 / 1e6 if state.exists() else float("nan")


def _least_of(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Processor seconds of each in the best of several rounds, taking turns."""
    least = dict.fromkeys(works, float("inf"))
    for _ in range(_ROUNDS):
        for name, work in works.items():
            least[name] = min(least[name], _seconds(work))
    return least


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _each(read: Callable[[int], object], starts: list[int]) -> list[float]:
    """Processor seconds of each read, until they add up to enough."""
    spent: list[float] = []
    for start in starts:
        spent.append(_seconds(lambda start=start: read(start)))
        if sum(spent) > _MOST_SECONDS:
            break
    return spent
