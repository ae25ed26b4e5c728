"""Reading by ordinal: order, limits, and use from many threads and processes."""

import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from spotting.frames import StoredFrames
from spotting.video import index_video, open_frames, open_source
from tests.spotting.media import numbers_in, write_film

COUNT = 45


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[StoredFrames, StoredFrames]:
    """Proxy and source of one film."""
    folder = tmp_path_factory.mktemp("film")
    write_film(folder / "film.mp4", range(COUNT))
    index = index_video(folder / "film.mp4", folder / "index")
    return open_frames(folder / "index"), open_source(folder / "film.mp4", index)


def test_pictures_come_in_the_order_asked_repeats_included(film: tuple[StoredFrames, StoredFrames]) -> None:
    asked = [44, 3, 3, 0, 17, 44, 16, 18]
    for frames in film:
        assert len(frames) == COUNT
        assert numbers_in(frames.read(asked)) == asked
        assert numbers_in(frames.read(np.array(asked, np.int16))) == asked
        assert frames.read([]).shape == (0, 96, 160, 3)


@pytest.mark.parametrize("wrong", [[-1], [COUNT], [0, COUNT + 7], [10**9], np.array([-1])])
def test_ordinals_outside_the_film_are_an_error(
    film: tuple[StoredFrames, StoredFrames], wrong: Sequence[int]
) -> None:
    for frames in film:
        with pytest.raises(IndexError, match=r"is outside 0\.\.44"):
            frames.read(wrong)


@pytest.mark.parametrize("wrong", [[1.0], [True], ["3"], [[1, 2]], [None]])
def test_only_whole_numbers_are_ordinals(film: tuple[StoredFrames, StoredFrames], wrong: list[int]) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        film[0].read(wrong)


def read_windows(frames: StoredFrames, seed: int) -> bool:
    """Read random windows; true when each picture was the one asked for."""
    starts = np.random.default_rng(seed).integers(0, COUNT - 9, 12).tolist()
    return all(numbers_in(frames.read(range(k, k + 9))) == list(range(k, k + 9)) for k in starts)


def test_one_object_serves_many_threads(film: tuple[StoredFrames, StoredFrames]) -> None:
    for frames in film:
        with ThreadPoolExecutor(6) as pool:
            assert all(pool.map(lambda seed, frames=frames: read_windows(frames, seed), range(12)))


@pytest.mark.skipif(sys.platform == "win32", reason="no fork on Windows")
def test_a_fork_with_open_decoders_reads_right_in_parent_and_children(
    film: tuple[StoredFrames, StoredFrames],
) -> None:
    for frames in film:
        frames.read([5])
        with multiprocessing.get_context("fork").Pool(3) as pool:
            reading = pool.starmap_async(read_windows, [(frames, seed) for seed in range(9)])
            assert all(read_windows(frames, seed) for seed in range(3))
            assert all(reading.get(60))


def test_pickling_carries_no_decoder(film: tuple[StoredFrames, StoredFrames]) -> None:
    for frames in film:
        frames.read([5])
        assert numbers_in(pickle.loads(pickle.dumps(frames)).read([7, 6])) == [7, 6]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_few_files_stay_open_whatever_was_read(tmp_path: Path) -> None:
    for name in range(7):
        write_film(tmp_path / f"{name}.mp4", range(3))
        index_video(tmp_path / f"{name}.mp4", tmp_path / f"{name}")
        open_frames(tmp_path / f"{name}").read([1])
    held = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert sum(target.is_relative_to(tmp_path) for target in held) <= 4


def test_a_process_that_ends_with_open_decoders_says_nothing(
    film: tuple[StoredFrames, StoredFrames], tmp_path: Path
) -> None:
    (tmp_path / "frames").write_bytes(pickle.dumps(film))
    code = f"""
import builtins, pathlib, pickle
builtins.kept = pickle.loads(pathlib.Path({str(tmp_path / "frames")!r}).read_bytes())
builtins.readers = [frames.recipe.open() for frames in kept]
print([frames.read([3]).shape for frames in kept], [reader.picture(3).shape for reader in readers])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (told.stdout.count("96"), told.stderr) == (4, "")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory in /proc")
def test_ten_thousand_random_reads_gain_no_memory(film: tuple[StoredFrames, StoredFrames]) -> None:
    for frames in film:
        places = np.random.default_rng(0).integers(0, COUNT, 10_000).tolist()
        for place in places[:500]:
            frames.read([place])
        before = resident()
        for place in places:
            frames.read([place])
        assert resident() - before < 2


def resident() -> float:
    """Memory of this process, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
