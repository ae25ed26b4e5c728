"""The noise-convolved objective: labels as events of a point process, displaced by noise. No matching needed.

Events of class c have intensity softplus(z) per frame; a label is an event moved by rounded Gaussian noise. A
displaced Poisson process is again a Poisson process, with the intensity convolved with the noise density,
so the likelihood of the labels is exact.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from spotting.targets import Located

_SHARPEST = 0.3
"""Narrowest noise around a query, frames: a step has no gradient to move it by."""


def noise_density(sigma: float) -> Tensor:
    """P(label - event = k), k in -K..K, K = ceil(4 sigma): a Gaussian rounded to frames, summing to one."""
    if sigma == 0:
        return torch.ones(1)
    far = math.ceil(4 * sigma)
    edges = (torch.arange(-far, far + 2, dtype=torch.float64) - 0.5) / sigma
    share = torch.special.ndtr(edges).diff()
    return (share / share.sum()).float()


def convolved_loss(expected_BTC: Tensor, labels_BTC: Tensor) -> Tensor:
    """Negative log-likelihood per label of the soft counts `labels_BTC` where `expected_BTC` are expected."""
    likelihood = (labels_BTC * expected_BTC.clamp_min(1e-8).log()).sum() - expected_BTC.sum()
    return -likelihood / labels_BTC.sum().clamp_min(1)


def located_loss(events_BTC: Tensor, expected_BTC: Tensor, located: Located, outside_C: Tensor) -> Tensor:
    """`convolved_loss` of labels each with its own noise: what is known already of where its event is.

    `events_BTC` are the events' intensities, `expected_BTC` the labels'; `outside_C` as in `displaced`.
    """
    far, window = located.chance_NS.shape[1] // 2, events_BTC.shape[1]
    at_NS = located.frame_N[:, None] + torch.arange(-far, far + 1, device=events_BTC.device)
    class_N1 = located.class_N[:, None]
    seen_NS = events_BTC[located.window_N[:, None], at_NS.clamp(0, window - 1), class_N1]
    seen_NS = torch.where((at_NS >= 0) & (at_NS < window), seen_NS, outside_C[class_N1])
    told_N = (seen_NS * located.chance_NS).sum(dim=1).clamp_min(1e-8).log()
    likelihood = (located.weight_N * told_N).sum() - expected_BTC.sum()
    return -likelihood / located.weight_N.sum().clamp_min(1)


def displaced(events_BTC: Tensor, density_K: Tensor, outside_C: Tensor) -> Tensor:
    """Expected labels per frame [B, T, C] of events with intensity `events_BTC`, moved by `density_K`.

    `outside_C`: mean labels per frame and class; it stands for the intensity beyond the window, whose
    events may be labelled inside.
    """
    far = len(density_K) // 2
    beyond = outside_C.expand(events_BTC.shape[0], far, -1)
    padded = torch.cat((beyond, events_BTC, beyond), dim=1).transpose(1, 2)
    batch, classes, length = padded.shape
    kernel = density_K.flip(0).view(1, 1, -1)
    convolved = functional.conv1d(padded.reshape(batch * classes, 1, length), kernel)
    return convolved.view(batch, classes, -1).transpose(1, 2)


def displaced_queries(
    events_BQC: Tensor, frames_BQ: Tensor, sigma: float, outside_C: Tensor, window: int
) -> Tensor:
    """`displaced` for events at real-valued `frames_BQ`: a Gaussian integrated over each frame [B, T, C]."""
    width = max(sigma, _SHARPEST)
    edges_T = torch.arange(window + 1, device=frames_BQ.device) - 0.5
    below_BQT = torch.special.ndtr((edges_T - frames_BQ[..., None]) / width)
    moved_BTC = below_BQT.diff(dim=-1).transpose(1, 2) @ events_BQC
    density_K = noise_density(sigma).to(events_BQC)
    from_outside = displaced(torch.zeros_like(moved_BTC), density_K, outside_C)
    return moved_BTC + from_outside
