"""The spectral norm of a reparametrised weight is its gamma, and training starts from the same function."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn.utils import parametrize

from spotting.config import TrainConfig
from spotting.sigma_reparam import SpectralScale, reparametrise
from spotting.spotter import Spotter


def test_the_function_is_unchanged_at_first() -> None:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 2))
    x = torch.randn(4, 6)
    before = layers(x)
    reparametrise(layers)
    assert torch.allclose(layers(x), before, atol=1e-5)


def test_the_spectral_norm_is_gamma_also_after_steps() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(8, 5)
    reparametrise(layer)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(60):
        optimiser.zero_grad()
        (layer(torch.randn(16, 8)) - 1).square().mean().backward()
        optimiser.step()
    for _ in range(30):
        layer(torch.randn(1, 8))
    scale = layer.parametrizations["weight"][0]
    assert isinstance(scale, SpectralScale)
    norm = torch.linalg.matrix_norm(layer.weight, 2)
    assert torch.allclose(norm, scale.gamma.abs(), rtol=1e-3)
    original = layer.parametrizations["weight"].original
    assert torch.allclose(
        layer.weight, scale.gamma * original / torch.linalg.matrix_norm(original, 2), rtol=1e-2
    )


def test_the_power_iteration_rests_in_evaluation() -> None:
    layer = nn.Linear(4, 4)
    reparametrise(layer)
    layer.eval()
    before = layer.weight.clone()
    layer(torch.randn(2, 4))
    assert torch.equal(layer.weight, before)


def test_a_config_switches_it_on_in_encoder_and_decoder_only(tiny: Callable[..., TrainConfig]) -> None:
    spotter = Spotter(tiny(objective="dla", sigma_reparam=True), ("red", "blue"))
    touched = {
        name.split(".")[0] if "decoder" not in name else "decoder"
        for name, part in spotter.named_modules()
        if isinstance(part, nn.Linear) and parametrize.is_parametrized(part)
    }
    assert touched == {"encoder", "decoder"}
    outputs = spotter(torch.randn(1, 16, 3, 32, 32))
    assert torch.isfinite(outputs.query_logits_LBQC).all()
