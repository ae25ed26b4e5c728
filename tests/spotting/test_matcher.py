"""Matching: the cheapest of all permutations, the same for any number of classes and any T."""

from itertools import permutations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from spotting.config import lambda_of
from spotting.matcher import assign, matching_costs


def cheapest(costs_GQ: NDArray[np.float32]) -> float:
    labels, queries = costs_GQ.shape
    if labels <= queries:
        ways = permutations(range(queries), labels)
        return min(sum(costs_GQ[label, query] for label, query in enumerate(way)) for way in ways)
    return cheapest(costs_GQ.T)


@given(labels=st.integers(0, 5), queries=st.integers(1, 5), seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_assignment_is_the_cheapest_of_all_permutations(labels: int, queries: int, seed: int) -> None:
    costs = np.random.default_rng(seed).normal(size=(2, 1, max(1, labels), queries)).astype(np.float32)
    matched = assign(costs, np.array([labels]))
    for layer in range(2):
        pairs = [(row, query) for row, query in enumerate(matched[layer, 0]) if query >= 0]
        assert len(pairs) == min(labels, queries)
        assert len({query for _, query in pairs}) == len(pairs)
        if pairs:
            cost = sum(costs[layer, 0, row, query] for row, query in pairs)
            assert np.isclose(cost, cheapest(costs[layer, 0, :labels]), atol=1e-5)


def test_windows_and_layers_are_matched_apart_and_padding_gets_nothing() -> None:
    rng = np.random.default_rng(0)
    costs = rng.normal(size=(3, 4, 6, 8)).astype(np.float32)
    counts = np.array([0, 6, 2, 3])
    matched = assign(costs, counts)
    for layer in range(3):
        for window, count in enumerate(counts):
            alone = assign(costs[layer : layer + 1, window : window + 1], np.array([count]))
            assert np.array_equal(matched[layer, window], alone[0, 0])
            assert (matched[layer, window, count:] == -1).all()


def test_a_cost_that_is_not_finite_is_avoided() -> None:
    costs = np.array([[[[np.nan, 3.0, np.inf]]]], np.float32)
    assert assign(costs, np.array([1]))[0, 0, 0] == 1


def equation_5(
    scores: torch.Tensor, times: torch.Tensor, labels: torch.Tensor, label_times: torch.Tensor, weight: float
) -> torch.Tensor:
    """Eqs. 3 to 5 word by word, [G, Q]."""
    rows = []
    for label, label_time in zip(labels, label_times, strict=True):
        row = []
        for score, time in zip(scores, times, strict=True):
            agreement = label @ score + (1 - label) @ (1 - score)
            row.append(-agreement / len(label) + weight * (label_time - time).abs())
        rows.append(torch.stack(row))
    return torch.stack(rows)


@given(
    classes=st.integers(1, 6),
    window=st.sampled_from([16, 100]),
    reach=st.floats(0.3, 30),
    seed=st.integers(0, 999),
)
@settings(max_examples=40, deadline=None)
def test_costs_order_queries_as_equation_5_does(classes: int, window: int, reach: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(7, classes, generator=generator)
    times = torch.rand(7, generator=generator)
    labels = torch.rand(3, classes, generator=generator)
    frames = torch.randint(0, window, (3,), generator=generator)
    ours = matching_costs(
        scores[None, None],
        times[None, None],
        labels[None],
        frames[None],
        window=window,
        reach=reach,
        use_scores=True,
    )[0, 0]
    weight = lambda_of(reach, window, classes)
    paper = equation_5(scores, times, labels, (frames + 0.5) / window, weight) * classes * reach
    constant = ours - paper
    assert torch.allclose(constant, constant[:, :1].expand_as(constant), atol=1e-3)


def test_reach_means_frames_whatever_the_number_of_classes_and_frames() -> None:
    """A query of full score beats one of none at the label from up to R frames away, and no further."""
    for classes in (1, 4, 32):
        for window in (32, 100):
            for distance, wins in ((5.9, True), (6.1, False)):
                scores = torch.zeros(1, 1, 2, classes)
                scores[0, 0, 1, 0] = 1
                times = (torch.tensor([[[10.0, 10 + distance]]]) + 0.5) / window
                labels = torch.eye(classes)[:1][None]
                cost = matching_costs(
                    scores, times, labels, torch.tensor([[10]]), window=window, reach=6.0, use_scores=True
                )
                assert bool(cost[0, 0, 0].argmin() == 1) is wins


def test_time_matching_ignores_scores() -> None:
    scores = torch.tensor([[[[0.0], [1.0]]]])
    times = torch.tensor([[[0.5, 0.6]]])
    cost = matching_costs(
        scores, times, torch.ones(1, 1, 1), torch.tensor([[4]]), window=9, reach=100.0, use_scores=False
    )
    assert cost[0, 0, 0].tolist() == [0.0, cost[0, 0, 0, 1].item()]
    assert abs(cost[0, 0, 0, 1].item() - 0.9) < 1e-5
