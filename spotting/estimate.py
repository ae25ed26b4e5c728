"""What indexing a video will take, from its header alone, before it starts."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from spotting.decode import VideoFile
from spotting.folder import PictureFolder
from spotting.pictures import Orientation, display_size
from spotting.proxy import ProxyShape, ProxyStyle, proxy_shape

# Measured on one core of an AMD EPYC (2024): `respot bench video`, H.264 at 3 Mbit/s.
_DECODE_SECONDS_PER_PIXEL = 5.5e-9
_ENCODE_SECONDS_PER_PIXEL = 12e-9
_PROXY_BYTES_PER_PIXEL = 0.1
_USUAL = ProxyStyle()


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many pictures there are, how many bytes the proxy takes, and seconds of one processor."""

    num_frames: int
    proxy_bytes: int
    seconds: float


def estimate(source: Path, *, style: ProxyStyle | None = _USUAL, first: int | None = None) -> Estimate:
    """Guess what `index_video` will take, within a factor of about two; raises `UnreadableVideo` as it does.

    A header that does not say how long the video is gives zeros.
    """
    with PictureFolder(source, first) if source.is_dir() else VideoFile(source) as footage:
        facts = footage.facts
    count = facts.expected_frames
    shown = display_size(facts.width, facts.height, facts.sample_aspect, Orientation())
    shape = proxy_shape(*shown, Fraction(25), style.height) if style else ProxyShape(0, 0, Fraction(25))
    small = shape.width * shape.height
    work = facts.width * facts.height * _DECODE_SECONDS_PER_PIXEL + small * _ENCODE_SECONDS_PER_PIXEL
    share = 2 ** ((_USUAL.quality - style.quality) / 6) if style else 0
    return Estimate(count, round(count * small * _PROXY_BYTES_PER_PIXEL * share), count * work)
