"""Per-frame features with a view of the neighbouring frames: a nano CNN with temporal shift, and RegNetY."""

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from spotting.config import ModelConfig
from spotting.regnet import GateShiftRegNet


class TemporalShift(torch.autograd.Function):
    """Features [B * T, D, H, W] with 1/8 of the channels taken from frame t-1 and 1/8 from frame t+1.

    The second argument is T; zeros come in at the ends of a window. Its adjoint is the same shift with the
    two groups swapped, and several times faster than what autograd would make of it.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, features: Tensor, window: int) -> Tensor:
        ctx.window = window  # pyright: ignore[reportAttributeAccessIssue]
        width = features.shape[1] // 8
        return _shift(features, window, slice(0, width), slice(width, 2 * width))

    @staticmethod
    def backward(ctx: FunctionCtx, *grads: Tensor) -> tuple[Tensor, None]:
        width = grads[0].shape[1] // 8
        window: int = ctx.window  # pyright: ignore[reportAttributeAccessIssue]
        return _shift(grads[0], window, slice(width, 2 * width), slice(0, width)), None


def _shift(features: Tensor, window: int, from_last: slice, from_next: slice) -> Tensor:
    """Kept channels last in memory, which CPU convolutions want."""
    old = features.permute(0, 2, 3, 1).unflatten(0, (-1, window))
    new = old.clone(memory_format=torch.contiguous_format)
    new[:, 1:, ..., from_last] = old[:, :-1, ..., from_last]
    new[:, 0, ..., from_last] = 0
    new[:, :-1, ..., from_next] = old[:, 1:, ..., from_next]
    new[:, -1, ..., from_next] = 0
    return new.flatten(0, 1).permute(0, 3, 1, 2)


class ShiftBlock(nn.Module):
    """Residual 3x3 convolution on temporally shifted features; [B * T, D, H, W] to the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, features: Tensor, window: int) -> Tensor:
        shifted: Tensor = TemporalShift.apply(features, window)  # pyright: ignore[reportAssignmentType]
        return torch.relu(features + self.norm(self.conv(shifted)))


class NanoBackbone(nn.Module):
    """Three strided stages with a `ShiftBlock` each, on RGB and the grey differences to the neighbours.

    Pictures [B, T, 3, H, W] (normalised, blank frames zero) to features [B, T, width]. `reach`: how many
    frames away a picture can influence a feature.
    """

    reach = 4
    note = ""

    def __init__(self, width: int, channels: tuple[int, ...] = (16, 32, 64)) -> None:
        super().__init__()
        ins = (5, *channels[:-1])
        kernels = (7, *(3 for _ in channels[1:]))
        self.downs = nn.ModuleList(_downsample(*sizes) for sizes in zip(ins, channels, kernels, strict=True))
        self.blocks = nn.ModuleList(ShiftBlock(out) for out in channels)
        self.pool = nn.AdaptiveAvgPool2d(4)
        self.project = nn.Linear(16 * channels[-1], width)
        self.norm = nn.LayerNorm(width)
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def forward(self, pictures: Tensor) -> Tensor:
        batch, window = pictures.shape[:2]
        features = with_differences(pictures).flatten(0, 1).contiguous(memory_format=torch.channels_last)
        for down, block in zip(self.downs, self.blocks, strict=True):
            features = block(down(features), window)
        if features.shape[-1] != 4:
            features = self.pool(features)
        return self.norm(self.project(features.flatten(1))).view(batch, window, -1)


def with_differences(pictures: Tensor) -> Tensor:
    """Pictures [B, T, 3, H, W] and as channels 4, 5 twice the grey change from the last and to the next."""
    batch, window, _, *size = pictures.shape
    grey = pictures.mean(dim=2)
    change = 2 * (grey[:, 1:] - grey[:, :-1])
    widened = pictures.new_zeros(batch, window, 5, *size)
    widened[:, :, :3] = pictures
    widened[:, 1:, 3] = change
    widened[:, :-1, 4] = change
    return widened


def _downsample(into: int, out: int, kernel: int) -> nn.Sequential:
    stride = 4 if kernel == 7 else 2
    conv = nn.Conv2d(into, out, kernel, stride=stride, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out), nn.ReLU())


def build_backbone(config: ModelConfig) -> NanoBackbone | GateShiftRegNet:
    """The backbone that `config` names; its `note` says if wished-for weights were not to be had."""
    if config.backbone == "nano":
        return NanoBackbone(config.width)
    return GateShiftRegNet(config.backbone, pretrained=config.pretrained, weights=config.weights)
