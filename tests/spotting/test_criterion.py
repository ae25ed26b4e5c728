"""Losses against their definitions, and the read-outs they give on the way."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from spotting.config import TrainConfig
from spotting.criterion import AssignmentCriterion, build_criterion, focal_loss, static_criterion
from spotting.position import to_time
from spotting.spotter import Outputs
from spotting.targets import LabelRows, Targets, locate, make_targets


def labels(*rows: tuple[int, int, int]) -> LabelRows:
    """Labels given as (window, frame, class); clip 0, events in order."""
    window_K, frame_K, class_K = np.array(rows, np.int64).reshape(-1, 3).T
    return LabelRows(window_K, frame_K, class_K, np.zeros_like(window_K), np.arange(len(rows)))


def query_outputs(logits_LBQC: torch.Tensor, frames_LBQ: torch.Tensor, window: int) -> Outputs:
    return Outputs(None, logits_LBQC, to_time(frames_LBQ, window))


def test_focal_loss_is_its_definition() -> None:
    torch.manual_seed(0)
    logits, targets = torch.randn(50, dtype=torch.float64) * 4, torch.rand(50, dtype=torch.float64)
    score = 1 / (1 + torch.exp(-logits))
    entropy = -(targets * score.log() + (1 - targets) * (1 - score).log())
    assert torch.allclose(focal_loss(logits, targets), (targets - score) ** 2 * entropy)


def test_focal_loss_has_the_right_gradient_and_survives_extremes() -> None:
    logits = torch.linspace(-5, 5, 11, dtype=torch.float64, requires_grad=True)
    targets = torch.linspace(0, 1, 11, dtype=torch.float64)
    assert torch.autograd.gradcheck(focal_loss, (logits, targets))
    assert torch.isfinite(focal_loss(torch.tensor([-200.0, 200.0]), torch.tensor([1.0, 0.0]))).all()


def direct_loss(outputs: Outputs, targets: Targets, matched: NDArray[np.int64], weight: float) -> float:
    """Eqs. 6 to 8 in loops over layers, windows, queries and classes."""
    logits, times = outputs.query_logits_LBQC, outputs.times_LBQ
    assert logits is not None
    assert times is not None
    total = 0.0
    for layer in range(logits.shape[0]):
        for window in range(logits.shape[1]):
            given = {int(q): g for g, q in enumerate(matched[layer, window]) if q >= 0}
            for query in range(logits.shape[2]):
                row = given.get(query)
                wanted = torch.zeros(logits.shape[3]) if row is None else targets.classes_BGC[window, row]
                total += float(focal_loss(logits[layer, window, query], wanted).sum())
                if row is not None:
                    time = to_time(targets.frames_BG[window, row].float(), targets.labels_BTC.shape[1])
                    total += weight * float((times[layer, window, query] - time).abs())
    return total / targets.total


@pytest.mark.parametrize("time_weight", [None, 10.0])
def test_the_assignment_loss_is_equations_6_to_8_on_every_layer(time_weight: float | None) -> None:
    torch.manual_seed(1)
    outputs = query_outputs(torch.randn(3, 2, 12, 4), torch.rand(3, 2, 12) * 11, 12)
    targets = make_targets(labels((0, 3, 1), (0, 3, 2), (0, 9, 0), (1, 0, 3)), 2, 12, 4)
    criterion = AssignmentCriterion(use_scores=True, time_weight=time_weight, frame_weight=0.0)
    losses = criterion(outputs, targets, 3.0)
    assert outputs.query_logits_LBQC is not None
    assert outputs.times_LBQ is not None
    matched, _ = criterion.match(outputs.query_logits_LBQC, outputs.times_LBQ, targets, 3.0)
    weight = 12 / (3.0 * 4) if time_weight is None else time_weight
    assert losses.total.item() == pytest.approx(direct_loss(outputs, targets, matched, weight), rel=1e-5)


def test_a_label_goes_to_the_better_scoring_neighbour_and_says_how_far() -> None:
    logits = torch.full((1, 1, 8, 2), -4.0)
    logits[0, 0, 5, 1] = 3.0
    outputs = query_outputs(logits, torch.arange(8.0).expand(1, 1, 8), 8)
    targets = make_targets(labels((0, 3, 1)), 1, 8, 2)
    dla = AssignmentCriterion(use_scores=True, time_weight=None, frame_weight=0.0)
    moved = dla(outputs, targets, 4.0)
    assert moved.offset_K == pytest.approx([2.0], abs=1e-5)
    assert moved.score_K == pytest.approx([1 / (1 + np.exp(-3.0))], abs=1e-5)
    assert dla(outputs, targets, 1.0).offset_K == pytest.approx([0.0], abs=1e-5)
    assert replace(dla, use_scores=False)(outputs, targets, 4.0).offset_K == pytest.approx([0.0], abs=1e-5)


def test_labels_beyond_the_queries_have_no_match() -> None:
    outputs = query_outputs(torch.randn(1, 1, 2, 1), torch.rand(1, 1, 2) * 8, 8)
    targets = make_targets(labels((0, 1, 0), (0, 3, 0), (0, 6, 0)), 1, 8, 1)
    losses = AssignmentCriterion(use_scores=True, time_weight=None, frame_weight=0.0)(outputs, targets, 2.0)
    assert np.isnan(losses.offset_K).sum() == 1
    assert torch.isfinite(losses.total)


def test_a_batch_without_labels_only_pushes_scores_down() -> None:
    logits = torch.zeros(2, 2, 6, 3, requires_grad=True)
    outputs = query_outputs(logits, torch.rand(2, 2, 6) * 5, 6)
    losses = AssignmentCriterion(use_scores=True, time_weight=None, frame_weight=0.0)(
        outputs, make_targets(labels(), 2, 6, 3), 2.0
    )
    losses.total.backward()
    assert logits.grad is not None
    assert (logits.grad > 0).all()
    assert losses.parts["time"] == 0


def test_the_encoders_frame_head_adds_its_weighted_loss() -> None:
    torch.manual_seed(2)
    targets = make_targets(labels((0, 3, 1)), 1, 8, 2)
    queries = query_outputs(torch.randn(1, 1, 8, 2), torch.arange(8.0).expand(1, 1, 8), 8)
    both = replace(queries, frame_logits_BTC=torch.randn(1, 8, 2))
    criterion = AssignmentCriterion(use_scores=True, time_weight=None, frame_weight=0.5)
    alone = criterion(queries, targets, 4.0).total
    added = static_criterion(both, targets, 4.0).total
    assert torch.allclose(criterion(both, targets, 4.0).total, alone + 0.5 * added)


def test_the_static_loss_wants_the_tagged_frame_and_no_other() -> None:
    targets = make_targets(labels((0, 3, 1)), 1, 8, 2)
    logits = torch.randn(1, 8, 2)
    wanted = torch.zeros(1, 8, 2)
    wanted[0, 3, 1] = 1
    losses = static_criterion(Outputs(logits, None, None), targets, 4.0)
    assert torch.allclose(losses.total, focal_loss(logits, wanted).sum())


@pytest.mark.parametrize("objective", ["static", "convolved"])
def test_frame_heads_read_a_match_from_the_curve_near_the_label(objective: str) -> None:
    logits = torch.full((1, 40, 1), -9.0)
    logits[0, 22, 0] = 2.0
    config = TrainConfig(objective=objective)  # pyright: ignore[reportArgumentType]
    losses = build_criterion(config, torch.zeros(1))(
        Outputs(logits, None, None), make_targets(labels((0, 20, 0)), 1, 40, 1), 4.0
    )
    assert losses.offset_K == pytest.approx([2.0], abs=0.01)
    assert losses.score_K == pytest.approx([1 / (1 + np.exp(-2.0))], abs=1e-4)


def test_convolved_queries_pay_for_events_that_no_label_explains() -> None:
    """At every layer; an event two frames off its label is cheap at sigma 2 and dear at sigma 0.5."""
    logits = torch.full((2, 1, 16, 1), -9.0)
    logits[:, 0, 8, 0] = 0.6
    outputs = query_outputs(logits, torch.arange(16.0).expand(2, 1, 16), 16)
    totals = {}
    for sigma in (0.5, 2.0):
        criterion = build_criterion(
            TrainConfig(objective="convolved", head="queries", sigma=sigma), torch.full((1,), 1e-4)
        )
        near, far = (criterion(outputs, make_targets(labels((0, at, 0)), 1, 16, 1), 4.0) for at in (8, 10))
        totals[sigma] = (far.total - near.total).item()
        assert near.offset_K == pytest.approx([0.0], abs=0.01)
        assert far.offset_K == pytest.approx([-2.0], abs=0.01)
    assert 0 < totals[2.0] < 2
    assert totals[0.5] > 4


@pytest.mark.parametrize("head", ["frames", "queries"])
def test_convolved_explains_labels_with_noise_wider_than_stated(head: str) -> None:
    torch.manual_seed(3)
    queries = query_outputs(torch.randn(1, 1, 32, 1), torch.arange(32.0).expand(1, 1, 32), 32)
    outputs = replace(queries, frame_logits_BTC=torch.randn(1, 32, 1))
    targets = make_targets(labels((0, 20, 0)), 1, 32, 1)

    def loss(sigma: float, widening: float) -> Tensor:
        config = TrainConfig(objective="convolved", head=head, sigma=sigma, widening=widening)
        return build_criterion(config, torch.full((1,), 0.01))(outputs, targets, 4.0).total

    assert torch.allclose(loss(1.0, 2.0), loss(2.0, 1.0))
    assert not torch.allclose(loss(1.0, 2.0), loss(1.0, 1.0))


@pytest.mark.parametrize("head", ["frames", "queries"])
def test_convolved_wants_events_where_they_are_known_to_be(head: str) -> None:
    """A label at frame 8 whose event is known to be at 11 is dear while the event is at 8, cheap at 11."""
    rows = labels((0, 8, 0))
    targets = make_targets(rows, 1, 16, 1)
    known = np.eye(1, 9, 7, dtype=np.float32)
    targets = replace(targets, located=locate(rows, [known], 1, None))
    criterion = build_criterion(
        TrainConfig(objective="convolved", head=head, sigma=2.0), torch.full((1,), 1e-4)
    )
    losses = {}
    for at in (8, 11):
        logits = torch.full((1, 1, 16, 1), -9.0)
        logits[0, 0, at, 0] = 0.6
        queries = query_outputs(logits, torch.arange(16.0).expand(1, 1, 16), 16)
        losses[at] = criterion(replace(queries, frame_logits_BTC=logits[0]), targets, 4.0).total.item()
    assert losses[11] < 2
    assert losses[8] > losses[11] + 4
