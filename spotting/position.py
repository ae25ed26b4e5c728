"""Times in frames: the sinusoidal position code, and normalised time to and from frame ordinals.

Frame f of a window of T sits at normalised time t = (f + 0.5) / T: frames and times round-trip at every
frame, and a grid of N_q = T reference points lies on the frames. Positions enter the code un-normalised, in
frames.
"""

import math

import torch
from torch import Tensor


def sine_code(positions: Tensor, width: int) -> Tensor:
    """Code [..., width] of `positions` [...] in frames: sin, cos interleaved, wavelengths 2 pi to 2e4 pi."""
    halves = torch.arange(width // 2, dtype=torch.float32, device=positions.device)
    angles = positions[..., None].float() * torch.exp(halves * (-2 * math.log(10000.0) / width))
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2)


def to_time(frames: Tensor, window: int) -> Tensor:
    """Normalised time in (0, 1) of `frames` (real-valued, from 0) in a window of `window` frames."""
    return (frames + 0.5) / window


def to_frames(times: Tensor, window: int) -> Tensor:
    """Real-valued frame, from 0, of normalised `times`; the inverse of `to_time`."""
    return times * window - 0.5
