"""The spotter's heads: shapes, starting points, and what each objective has."""

from collections.abc import Callable

import pytest
import torch

from spotting.config import TrainConfig
from spotting.matcher import matching_costs
from spotting.position import to_frames
from spotting.spotter import Spotter

Tiny = Callable[..., TrainConfig]
PICTURES = torch.randn(2, 16, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("objective", ["static", "convolved"])
def test_frame_objectives_score_every_frame(tiny: Tiny, objective: str) -> None:
    outputs = Spotter(tiny(objective=objective), ("red", "blue", "green"))(PICTURES)
    assert outputs.frame_logits_BTC.shape == (2, 16, 3)
    assert outputs.query_logits_LBQC is None
    assert outputs.times_LBQ is None


@pytest.mark.parametrize("objective", ["dla", "time_matching"])
def test_query_objectives_score_and_time_every_query_at_every_layer(tiny: Tiny, objective: str) -> None:
    outputs = Spotter(tiny(objective=objective, decoder_layers=3, queries=10), ("red", "blue"))(PICTURES)
    assert outputs.frame_logits_BTC is None
    assert outputs.query_logits_LBQC.shape == (3, 2, 10, 2)
    assert outputs.times_LBQ.shape == (3, 2, 10)


def test_a_grid_of_queries_starts_on_the_frames(tiny: Tiny) -> None:
    outputs = Spotter(tiny(objective="dla"), ("red", "blue"))(PICTURES)
    assert torch.allclose(to_frames(outputs.times_LBQ, 16), torch.arange(16.0).expand(2, 2, 16), atol=1e-4)


def test_learned_queries_start_at_their_reference_points(tiny: Tiny) -> None:
    torch.manual_seed(0)
    spotter = Spotter(tiny(objective="dla", query_kind="learned"), ("red", "blue"))
    assert spotter.query_head is not None
    assert spotter.query_head.reference is not None
    references = spotter.query_head.reference(spotter.query_head.content).squeeze(-1).sigmoid()
    assert references.std() > 0.05
    assert torch.allclose(spotter(PICTURES).times_LBQ, references.expand(2, 2, 16), atol=1e-5)


def test_scores_start_near_the_prior(tiny: Tiny) -> None:
    torch.manual_seed(0)
    outputs = Spotter(tiny(objective="dla", prior=0.02, encoder_weight=1.0), ("red", "blue"))(PICTURES)
    for logits in (outputs.frame_logits_BTC, outputs.query_logits_LBQC):
        assert logits.sigmoid().median().item() == pytest.approx(0.02, abs=0.02)


@pytest.mark.parametrize("kind", ["grid", "learned"])
def test_every_weight_gets_a_gradient(tiny: Tiny, kind: str) -> None:
    """But for those of the first self-attention that multiply its empty content, as in DETR."""
    torch.manual_seed(0)
    spotter = Spotter(tiny(objective="dla", query_kind=kind, encoder_weight=1.0), ("red", "blue"))
    for step in range(2):
        outputs = spotter(PICTURES)
        loss = outputs.query_logits_LBQC.square().sum() + outputs.frame_logits_BTC.square().sum()
        (loss + (outputs.times_LBQ - 0.5).square().sum()).backward()
        if step == 0:
            with torch.no_grad():
                for weight in spotter.parameters():
                    weight -= 1e-3 * weight.grad.sign()
    unmoved = [name for name, weight in spotter.named_parameters() if not weight.grad.any()]
    empty = ("self_query", "self_key", "self_value")
    assert sorted(unmoved) == sorted(f"query_head.decoder.layers.0.{name}.weight" for name in empty)


def test_in_mixed_precision_scores_times_and_costs_are_float32(tiny: Tiny) -> None:
    torch.manual_seed(0)
    spotter = Spotter(tiny(objective="dla", encoder_weight=1.0), ("red", "blue")).eval()
    with torch.autocast("cpu", torch.bfloat16):
        assert spotter.features(PICTURES).dtype == torch.bfloat16
        mixed = spotter(PICTURES)
    exact = spotter(PICTURES)
    for ours, theirs in (
        (mixed.query_logits_LBQC, exact.query_logits_LBQC),
        (mixed.times_LBQ, exact.times_LBQ),
        (mixed.frame_logits_BTC, exact.frame_logits_BTC),
    ):
        assert ours.dtype == torch.float32
        assert torch.allclose(ours, theirs, atol=0.1)
    costs = matching_costs(
        mixed.query_logits_LBQC.sigmoid(),
        mixed.times_LBQ,
        torch.ones(2, 1, 2),
        torch.tensor([[3], [9]]),
        window=16,
        reach=4.0,
        use_scores=True,
    )
    assert costs.dtype == torch.float32


def test_windows_do_not_see_each_other(tiny: Tiny) -> None:
    spotter = Spotter(tiny(objective="dla"), ("red", "blue")).eval()
    both, alone = spotter(PICTURES), spotter(PICTURES[1:])
    assert torch.allclose(both.query_logits_LBQC[:, 1:], alone.query_logits_LBQC, atol=1e-4)
