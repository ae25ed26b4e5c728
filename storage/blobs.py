"""Numbers as blobs: little-endian, of one fixed type each, compressed where that pays."""

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pack(values: ArrayLike, dtype: str) -> bytes:
    """The values as a zlib blob of little-endian `dtype` ("i8", "f4")."""
    return zlib.compress(np.asarray(values, dtype=f"<{dtype}").tobytes(), level=1)


def unpack(blob: bytes, dtype: str) -> NDArray[np.generic]:
    """What `pack` was given, as a read-only array [len]."""
    return np.frombuffer(zlib.decompress(blob), dtype=f"<{dtype}")


def pack_curve(curve_S: NDArray[np.float32]) -> bytes:
    """A short float32 curve as bare bytes (compression does not pay for a hundred bytes)."""
    return curve_S.astype("<f4").tobytes()


def unpack_curve(blob: bytes) -> NDArray[np.float32]:
    """What `pack_curve` was given, read-only, float32 [S]."""
    return np.frombuffer(blob, dtype="<f4")
