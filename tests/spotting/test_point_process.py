"""The convolved objective against sums written out, and its density against sampled noise."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from spotting.point_process import (
    convolved_loss,
    displaced,
    displaced_queries,
    located_loss,
    noise_density,
)
from spotting.targets import Located


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
    loss = convolved_loss(displaced(functional.softplus(logits), density, outside), labels)
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
    assert torch.allclose(convolved_loss(displaced(rate, noise_density(0), torch.zeros(1)), labels), expected)


def test_labels_known_no_better_than_by_their_noise_have_the_likelihood_of_that_noise() -> None:
    torch.manual_seed(2)
    events, outside = functional.softplus(torch.randn(2, 12, 3)), torch.tensor([0.01, 0.02, 0.03])
    places = ((0, 3, 0), (0, 11, 2), (1, 0, 1), (1, 6, 1))
    labels = torch.zeros(2, 12, 3)
    for place in places:
        labels[place] = 1
    window, frame, kind = torch.tensor(places).T
    density = noise_density(1.0)
    located = Located(window, frame, kind, torch.ones(4), density.flip(0).expand(4, -1))
    expected = displaced(events, density, outside)
    loss = located_loss(events, expected, located, outside)
    assert torch.allclose(loss, convolved_loss(expected, labels), rtol=1e-5)
    sure = Located(window, frame, kind, torch.ones(4), torch.eye(9)[4].expand(4, -1))
    certain = located_loss(events, events, sure, outside)
    assert torch.allclose(certain, convolved_loss(events, labels), rtol=1e-5)


def test_what_is_known_of_an_event_draws_it_away_from_its_label() -> None:
    logits = torch.zeros(1, 9, 1, requires_grad=True)
    later = torch.tensor([[0.0, 0.0, 0.0, 0.2, 0.8]])
    one = torch.tensor([0])
    located = Located(one, torch.tensor([4]), one, torch.ones(1), later)
    events = functional.softplus(logits)
    located_loss(events, events, located, torch.zeros(1)).backward()
    assert logits.grad is not None
    assert int(logits.grad[0, :, 0].argmin()) == 6


def test_gradients_are_right() -> None:
    torch.manual_seed(1)
    logits = torch.randn(1, 8, 2, dtype=torch.float64, requires_grad=True)
    labels = (torch.rand(1, 8, 2, dtype=torch.float64) < 0.3).double()
    density, outside = noise_density(1.0).double(), torch.full((2,), 0.05, dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda z: convolved_loss(displaced(functional.softplus(z), density, outside), labels), (logits,)
    )


def test_queries_on_frames_displace_as_frames_do() -> None:
    torch.manual_seed(2)
    events, outside = torch.rand(2, 12, 3), torch.tensor([0.01, 0.02, 0.03])
    frames = torch.arange(12.0).expand(2, 12)
    expected = displaced(events, noise_density(1.5), outside)
    assert torch.allclose(displaced_queries(events, frames, 1.5, outside, 12), expected, atol=2e-4)


def test_a_query_between_frames_shares_its_label_between_them() -> None:
    moved = displaced_queries(torch.ones(1, 1, 1), torch.tensor([[3.5]]), 1.0, torch.zeros(1), 8)[0, :, 0]
    assert torch.allclose(moved, moved.flip(0), atol=1e-6)
    assert moved[3] > moved[2] > moved[1]
    assert moved.sum().item() == pytest.approx(1, abs=1e-4)
