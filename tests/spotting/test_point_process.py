"""The convolved objective against sums written out, and its density against sampled noise."""

import math

import numpy as np
import pytest
import torch

from spotting.point_process import convolved_loss, displaced, noise_density


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0, 2.0, 3.5])
def test_the_density_is_that_of_rounded_gaussian_noise(sigma: float) -> None:
    density = noise_density(sigma)
    far = len(density) // 2
    sampled = np.rint(np.random.default_rng(0).normal(0, sigma, 200_000)).astype(int)
    shares = [(sampled == shift).mean() for shift in range(-far, far + 1)]
    assert density.sum().item() == pytest.approx(1, abs=1e-6)
    assert density.tolist() == pytest.approx(shares, abs=0.005)
    assert torch.equal(density, density.flip(0))


def test_the_likelihood_equals_direct_sums() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 12, 3, dtype=torch.float64)
    labels = torch.zeros(2, 12, 3, dtype=torch.float64)
    labels[0, 3, 0] = labels[0, 11, 2] = labels[1, 0, 1] = 1
    labels[1, 6, 1] = 0.3
    density, outside = noise_density(1.0).double(), torch.tensor([0.01, 0.02, 0.03], dtype=torch.float64)
    far = len(density) // 2
    likelihood = 0.0
    for window in range(2):
        for label_frame in range(12):
            for kind in range(3):
                expected = 0.0
                for event_frame in range(-far, 12 + far):
                    if abs(label_frame - event_frame) <= far:
                        inside = 0 <= event_frame < 12
                        z = float(logits[window, event_frame, kind]) if inside else 0.0
                        events = math.log1p(math.exp(z)) if inside else float(outside[kind])
                        expected += events * float(density[label_frame - event_frame + far])
                count = float(labels[window, label_frame, kind])
                likelihood += count * math.log(expected) - expected
    loss = convolved_loss(logits, labels, density, outside)
    assert loss.item() == pytest.approx(-likelihood / 3.3, rel=1e-6)


def test_a_label_is_explained_by_an_event_before_it_as_well_as_after_it() -> None:
    """The kernel is turned the right way round: shifting events shifts the labels' intensity along."""
    events = torch.zeros(1, 9, 1)
    events[0, 2, 0] = 1
    density = torch.tensor([0.1, 0.2, 0.7])
    moved = displaced(events, density, torch.zeros(1))
    assert moved[0, :, 0].tolist() == pytest.approx([0, 0.1, 0.2, 0.7, 0, 0, 0, 0, 0])


def test_without_noise_the_loss_is_that_of_a_plain_point_process() -> None:
    logits = torch.tensor([[[0.3], [-1.0], [2.0]]])
    labels = torch.tensor([[[0.0], [0.0], [1.0]]])
    rate = torch.nn.functional.softplus(logits)
    expected = rate.sum() - rate[0, 2, 0].log()
    assert torch.allclose(convolved_loss(logits, labels, noise_density(0), torch.zeros(1)), expected)


def test_gradients_are_right() -> None:
    torch.manual_seed(1)
    logits = torch.randn(1, 8, 2, dtype=torch.float64, requires_grad=True)
    labels = (torch.rand(1, 8, 2, dtype=torch.float64) < 0.3).double()
    density, outside = noise_density(1.0).double(), torch.full((2,), 0.05, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda z: convolved_loss(z, labels, density, outside), (logits,))
