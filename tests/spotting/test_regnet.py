"""Gate-shift modules against loops, the RegNet around them, and life without a network."""

from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch

from spotting.presets import paper
from spotting.regnet import GateShift, GateShiftRegNet, ShiftedConv
from spotting.spotter import Spotter


def test_a_gate_shift_module_equals_its_formula_in_loops() -> None:
    torch.manual_seed(0)
    module = GateShift(8).double().eval()
    torch.nn.init.normal_(module.gate.weight)
    x = torch.randn(2, 8, 5, 3, 3, dtype=torch.float64)
    gates = torch.tanh(module.gate(torch.relu(module.norm(x))))
    expected = torch.zeros_like(x)
    for half, direction in ((0, 1), (1, -1)):
        for channel in range(4 * half, 4 * half + 4):
            for time in range(5):
                stays = (1 - gates[:, half, time]) * x[:, channel, time]
                source = time + direction
                comes = gates[:, half, source] * x[:, channel, source] if 0 <= source < 5 else 0
                expected[:, channel, time] = stays + comes
    assert torch.allclose(module(x), expected)


def test_a_gate_looks_only_at_its_own_half() -> None:
    torch.manual_seed(0)
    module = GateShift(8).eval()
    torch.nn.init.normal_(module.gate.weight)
    x = torch.randn(1, 8, 4, 3, 3)
    changed = x.clone()
    changed[:, 4:] += 1
    assert torch.equal(module(x)[:, :4], module(changed)[:, :4])


def test_gates_start_closed_and_can_learn() -> None:
    module = GateShift(4).double()
    x = torch.randn(1, 4, 3, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.equal(module(x), x)
    module(x).square().sum().backward()
    assert module.gate.weight.grad is not None
    assert module.gate.weight.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("channels", "shifted"), [(24, 8), (32, 8), (56, 16), (152, 40), (368, 92), (768, 192)]
)
def test_a_quarter_of_the_channels_is_shifted_in_fours(channels: int, shifted: int) -> None:
    assert ShiftedConv(torch.nn.Identity(), channels).shifted == shifted


def test_a_fresh_regnet_gives_timms_features_per_frame() -> None:
    torch.manual_seed(0)
    ours = GateShiftRegNet("regnety_002", pretrained=False).eval()
    plain = timm.create_model("regnety_002", num_classes=0).eval()
    weights = {name.replace("conv1.conv.", "conv1."): value for name, value in ours.net.state_dict().items()}
    plain.load_state_dict({name: weights[name] for name in plain.state_dict()})
    pictures = torch.randn(2, 3, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(ours(pictures), plain(pictures.flatten(0, 1)).view(2, 3, -1), atol=1e-4)


def test_weights_are_taken_from_a_file(tmp_path: Path) -> None:
    torch.manual_seed(1)
    saved = timm.create_model("regnety_002")
    torch.save(saved.state_dict(), tmp_path / "weights.pth")
    ours = GateShiftRegNet("regnety_002", pretrained=True, weights=str(tmp_path / "weights.pth"))
    assert ours.note == ""
    assert torch.equal(ours.net.s1.b1.conv1.conv.conv.weight, saved.s1.b1.conv1.conv.weight)


def test_without_weights_training_starts_from_scratch_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backbone = GateShiftRegNet("regnety_002", pretrained=True, weights=str(tmp_path / "missing.pth"))
    assert backbone.note.startswith("no ImageNet weights for regnety_002 (")
    assert backbone.note.endswith("training from scratch")
    assert caplog.messages[-1] == backbone.note


def test_without_a_network_training_starts_from_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert "from scratch" in GateShiftRegNet("regnety_002", pretrained=True).note


@pytest.mark.parametrize(("name", "millions"), [("regnety_002", 34.9), ("regnety_008", 103.7)])
def test_paper_presets_have_the_papers_parameter_counts(name: str, millions: float) -> None:
    config = paper("tennis", backbone=name)
    with torch.device("meta"):
        spotter = Spotter(replace(config, model=replace(config.model, pretrained=False)), tuple("abcdef"))
    count = sum(weight.numel() for weight in spotter.parameters())
    assert count / 1e6 == pytest.approx(millions, rel=0.01)
