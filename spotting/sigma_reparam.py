"""Linear layers of a set spectral norm, which keeps large transformers from diverging (suppl. B)."""

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize


class SpectralScale(nn.Module):
    """A weight W [O, I] seen as (gamma / sigma(W)) W, sigma its largest singular value, gamma learned.

    sigma is followed by one step of power iteration per training pass; gamma starts at sigma, so that at
    first nothing changes.
    """

    left_O: Tensor
    right_I: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        left, values, right = torch.linalg.svd(weight.detach().float(), full_matrices=False)
        self.gamma = nn.Parameter(values[0].clone())
        self.register_buffer("left_O", left[:, 0].clone())
        self.register_buffer("right_I", right[0].clone())

    def forward(self, weight: Tensor) -> Tensor:
        if self.training:
            with torch.no_grad():
                self.right_I.copy_(normalize(weight.mT @ self.left_O, dim=0))
                self.left_O.copy_(normalize(weight @ self.right_I, dim=0))
        sigma = self.left_O.clone() @ weight @ self.right_I.clone()
        return self.gamma / sigma * weight


def reparametrise(module: nn.Module) -> None:
    """Gives every linear layer in `module` a weight seen through `SpectralScale`; norms and biases stay."""
    for layer in [part for part in module.modules() if isinstance(part, nn.Linear)]:
        parametrize.register_parametrization(layer, "weight", SpectralScale(layer.weight))
