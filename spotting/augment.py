"""Augmentation of a batch on its device, one draw per window, and the plain view used everywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from spotting.config import TrainConfig
from spotting.targets import LabelRows

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
_GREY = np.array([0.299, 0.587, 0.114])
_CHANCE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What is done to each of B windows: crop corner in pixels, flip, colour as a matrix and an offset,
    blur, mix.

    `colour_B33`, `offset_B3` map RGB in [0, 1] (rows on the left) to normalised channels. `blur_B`: sigma
    in pixels, 0 for none. `mix_B`: share of its own pictures that a window keeps in MixUp; None without
    MixUp.
    """

    top_B: NDArray[np.int64]
    left_B: NDArray[np.int64]
    flip_B: NDArray[np.bool_]
    colour_B33: NDArray[np.float32]
    offset_B3: NDArray[np.float32]
    blur_B: NDArray[np.float32]
    mix_B: NDArray[np.float32] | None


def draw(config: TrainConfig, widths_B: Sequence[int], rng: np.random.Generator) -> Draws:
    """Draws for windows of pictures `config.model.size` high and `widths_B` wide, pixels."""
    batch, crop = len(widths_B), config.model.framing == "crop"
    reach = 0 if crop else config.shift
    top_B = rng.integers(-reach, reach + 1, batch)
    left_B = rng.integers(-reach, np.array(widths_B) - config.model.size + reach + 1)
    flip_B = (rng.random(batch) < 0.5) & config.flip
    colours = [_colour(config.colour, rng) for _ in range(batch)]
    blur_B = np.where(rng.random(batch) < _CHANCE, rng.uniform(0.1, 2.0, batch), 0) * config.blur
    mix_B = None
    if config.mixup > 0:
        mix_B = rng.beta(config.mixup, config.mixup, batch).clip(0.001, 0.999).astype(np.float32)
    return Draws(
        top_B,
        left_B,
        flip_B,
        np.stack([matrix for matrix, _ in colours]).astype(np.float32),
        np.stack([offset for _, offset in colours]).astype(np.float32),
        blur_B.astype(np.float32),
        mix_B,
    )


def plain_draws(widths_B: Sequence[int], size: int) -> Draws:
    """Draws that change nothing: the centre crop, normalised."""
    batch = len(widths_B)
    matrix, offset = _normalise(np.eye(3), np.zeros(3))
    return Draws(
        np.zeros(batch, np.int64),
        (np.array(widths_B) - size) // 2,
        np.zeros(batch, np.bool_),
        np.repeat(matrix[None], batch, axis=0).astype(np.float32),
        np.repeat(offset[None], batch, axis=0).astype(np.float32),
        np.zeros(batch, np.float32),
        None,
    )


def _colour(strength: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Hue, saturation, brightness and contrast, each by chance, as one affine map of RGB, then normalised."""
    matrix, offset = np.eye(3), np.zeros(3)
    hit = rng.random(4) < _CHANCE
    hue = rng.uniform(-0.2, 0.2) * strength
    factor = 1 + (rng.uniform(0.7, 1.2, 3) - 1) * strength
    if hit[0]:
        matrix = matrix @ _hue(hue)
    if hit[1]:
        matrix = matrix @ (factor[0] * np.eye(3) + (1 - factor[0]) * np.outer(_GREY, np.ones(3)))
    if hit[2]:
        matrix = matrix * factor[1]
    if hit[3]:
        matrix, offset = matrix * factor[2], offset + 0.5 * (1 - factor[2])
    return _normalise(matrix, offset)


def _hue(turns: float) -> NDArray[np.float64]:
    """Rotation of RGB (rows on the left) about the grey axis by `turns` of a full turn."""
    cosine, sine = np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)
    third = (1 - cosine) / 3
    across = sine / np.sqrt(3)
    ring = np.array([[0, across, -across], [-across, 0, across], [across, -across, 0]])
    return cosine * np.eye(3) + third + ring


def _normalise(
    matrix: NDArray[np.float64], offset: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return matrix / DEVIATION, (offset - MEAN) / DEVIATION


def crop(pictures: Sequence[NDArray[np.uint8]], draws: Draws, size: int) -> Tensor:
    """Uint8 crops [B, T, size, size, 3] of windows [T, H, W, 3], edges repeated where they stick out."""
    cut = np.empty((len(pictures), len(pictures[0]), size, size, 3), np.uint8)
    for window_THW3, top, left, into in zip(pictures, draws.top_B, draws.left_B, cut, strict=True):
        height, width = window_THW3.shape[1:3]
        above, below = max(0, -top), min(size, height - top)
        before, after = max(0, -left), min(size, width - left)
        shown = window_THW3[:, above + top : below + top, before + left : after + left]
        into[:, above:below, before:after] = shown
        into[:, :above] = into[:, above : above + 1]
        into[:, below:] = into[:, below - 1 : below]
        into[:, :, :before] = into[:, :, before : before + 1]
        into[:, :, after:] = into[:, :, after - 1 : after]
    return torch.from_numpy(cut)


def apply(pictures_BTHW3: Tensor, present_BT: Tensor, draws: Draws) -> Tensor:
    """Normalised float pictures [B, T, 3, H, W] of cropped uint8 ones, on their device; blank ones are zero.

    A frame is blank after everything else, MixUp aside, in training as in evaluation. Colours are planar in
    memory meanwhile: arithmetic on interleaved triples is several times slower.
    """
    device = pictures_BTHW3.device
    batch, *sizes, _ = pictures_BTHW3.shape
    colour_B33 = torch.from_numpy(draws.colour_B33).to(device).transpose(1, 2) / 255
    offset_B31 = torch.from_numpy(draws.offset_B3).to(device)[:, :, None]
    shown = torch.empty(batch, 3, *sizes, device=device)
    for index, flip in enumerate(draws.flip_B):
        window = pictures_BTHW3[index].flip(2) if flip else pictures_BTHW3[index]
        planes = window.permute(3, 0, 1, 2).float().flatten(1)
        torch.addmm(offset_B31[index], colour_B33[index], planes, out=shown[index].flatten(1))
    shown = _blur(shown, draws.blur_B)
    if not present_BT.all():
        shown = shown * present_BT.to(device)[:, None, :, None, None]
    if draws.mix_B is not None:
        shown = mix(shown, draws.mix_B)
    return shown.transpose(1, 2)


def mix(shown: Tensor, mix_B: NDArray[np.float32]) -> Tensor:
    """MixUp inside a batch [B, ...]: each keeps the share `mix_B` of itself, the rest comes from the next."""
    share = torch.from_numpy(mix_B).to(shown.device).view(-1, *[1] * (shown.dim() - 1))
    return share * shown + (1 - share) * shown.roll(-1, 0)


def _blur(shown_B3THW: Tensor, sigma_B: NDArray[np.float32]) -> Tensor:
    """Gaussian blur with a kernel of 5 pixels of the windows whose sigma is above 0."""
    blurred = shown_B3THW.clone() if sigma_B.any() else shown_B3THW
    for index in np.flatnonzero(sigma_B):
        steps = torch.arange(-2, 3, device=shown_B3THW.device)
        kernel = torch.softmax(-0.5 * (steps / float(sigma_B[index])) ** 2, dim=0)
        picture = functional.pad(blurred[index], (2, 2, 2, 2), mode="replicate").flatten(0, 1)[:, None]
        for taps in (kernel.view(1, 1, 5, 1), kernel.view(1, 1, 1, 5)):
            picture = functional.conv2d(picture, taps)
        blurred[index] = picture.view_as(blurred[index])
    return blurred


def mirror_labels(
    rows: LabelRows, flip_B: NDArray[np.bool_], classes: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> LabelRows:
    """`rows` with the classes of `pairs` swapped in flipped windows."""
    swap = np.arange(len(classes))
    for left, right in pairs:
        first, second = classes.index(left), classes.index(right)
        swap[first], swap[second] = second, first
    class_K = np.where(flip_B[rows.window_K], swap[rows.class_K], rows.class_K)
    return replace(rows, class_K=class_K)
