"""Per-frame features with a view of the neighbouring frames: a nano CNN with temporal shift, and RegNetY."""

import torch
from torch import Tensor, nn

from spotting.config import ModelConfig
from spotting.regnet import GateShiftRegNet


def temporal_shift(features: Tensor, share: int = 8) -> Tensor:
    """Features [B, T, D, H, W] with 1/`share` of the channels taken from frame t-1 and 1/`share` from t+1.

    Zeros come in at the ends of the window.
    """
    width = features.shape[2] // share
    earlier, later, rest = features.split([width, width, features.shape[2] - 2 * width], dim=2)
    blank = torch.zeros_like(earlier[:, :1])
    earlier = torch.cat((blank, earlier[:, :-1]), dim=1)
    later = torch.cat((later[:, 1:], blank), dim=1)
    return torch.cat((earlier, later, rest), dim=2)


class ShiftBlock(nn.Module):
    """Residual 3x3 convolution on temporally shifted features; [B, T, D, H, W] to the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, features: Tensor) -> Tensor:
        flat = temporal_shift(features).flatten(0, 1)
        return torch.relu(features + self.norm(self.conv(flat)).view_as(features))


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
        self.stages = nn.ModuleList(
            nn.ModuleList((_downsample(into, out, kernel), ShiftBlock(out)))
            for into, out, kernel in zip(ins, channels, kernels, strict=True)
        )
        self.pool = nn.AdaptiveAvgPool2d(4)
        self.project = nn.Linear(16 * channels[-1], width)
        self.norm = nn.LayerNorm(width)

    def forward(self, pictures: Tensor) -> Tensor:
        features = with_differences(pictures)
        for down, block in self.stages:  # pyright: ignore[reportGeneralTypeIssues]
            flat = down(features.flatten(0, 1))
            features = block(flat.view(*features.shape[:2], *flat.shape[1:]))
        flat = self.pool(features.flatten(0, 1)).flatten(1)
        return self.norm(self.project(flat)).view(*pictures.shape[:2], -1)


def with_differences(pictures: Tensor) -> Tensor:
    """Pictures [B, T, 3, H, W] and as channels 4, 5 twice the grey change from the last and to the next."""
    grey = pictures.mean(dim=2, keepdim=True)
    change = 2 * (grey[:, 1:] - grey[:, :-1])
    blank = torch.zeros_like(grey[:, :1])
    return torch.cat((pictures, torch.cat((blank, change), 1), torch.cat((change, blank), 1)), dim=2)


def _downsample(into: int, out: int, kernel: int) -> nn.Sequential:
    stride = 4 if kernel == 7 else 2
    conv = nn.Conv2d(into, out, kernel, stride=stride, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out), nn.ReLU())


def build_backbone(config: ModelConfig) -> NanoBackbone | GateShiftRegNet:
    """The backbone that `config` names; its `note` says if wished-for weights were not to be had."""
    if config.backbone == "nano":
        return NanoBackbone(config.width)
    return GateShiftRegNet(config.backbone, pretrained=config.pretrained)
