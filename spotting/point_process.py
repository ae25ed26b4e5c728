"""The noise-convolved objective: labels as events of a point process, displaced by noise. No matching needed.

Events of class c have intensity softplus(z) per frame; a label is an event moved by rounded Gaussian noise. A
displaced Poisson process is again a Poisson process, with the intensity convolved with the noise density,
so the likelihood of the labels is exact.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional


def noise_density(sigma: float) -> Tensor:
    """P(label - event = k), k in -K..K, K = ceil(4 sigma): a Gaussian rounded to frames, summing to one."""
    if sigma == 0:
        return torch.ones(1)
    far = math.ceil(4 * sigma)
    edges = (torch.arange(-far, far + 2, dtype=torch.float64) - 0.5) / sigma
    share = torch.special.ndtr(edges).diff()
    return (share / share.sum()).float()


def convolved_loss(logits_BTC: Tensor, labels_BTC: Tensor, density_K: Tensor, outside_C: Tensor) -> Tensor:
    """Negative log-likelihood per label of `labels_BTC` (soft counts) under the displaced process.

    Expected labels in the windows minus the log intensity at each label. `outside_C`: mean labels per frame
    and class; it stands for the intensity of the frames beyond the window, whose events may be labelled
    inside.
    """
    events_BTC = functional.softplus(logits_BTC)
    expected_BTC = displaced(events_BTC, density_K, outside_C)
    likelihood = (labels_BTC * expected_BTC.clamp_min(1e-8).log()).sum() - expected_BTC.sum()
    return -likelihood / labels_BTC.sum().clamp_min(1)


def displaced(events_BTC: Tensor, density_K: Tensor, outside_C: Tensor) -> Tensor:
    """Intensity of labels [B, T, C]: the events', convolved with the noise; `outside_C` beyond the window."""
    far = len(density_K) // 2
    beyond = outside_C.expand(events_BTC.shape[0], far, -1)
    padded = torch.cat((beyond, events_BTC, beyond), dim=1).transpose(1, 2)
    batch, classes, length = padded.shape
    kernel = density_K.flip(0).view(1, 1, -1)
    convolved = functional.conv1d(padded.reshape(batch * classes, 1, length), kernel)
    return convolved.view(batch, classes, -1).transpose(1, 2)
