"""RegNetY from timm with gate-shift modules, the paper's backbone (Sec. 3.1, 4.3)."""

import logging
from importlib import import_module

import torch
from torch import Tensor, nn

logger = logging.getLogger(__name__)

_LAYOUTS = {4: torch.channels_last, 5: torch.channels_last_3d}
"""Channels are last in memory throughout: faster on CPU and GPU, and a window's frames need no copy."""


class GateShift(nn.Module):
    """Gate-shift module (GSM): learns per position which share of a feature moves to the next or last frame.

    Works on `width` channels in two halves, [B, width, T, H, W] to the same shape. A gate in (-1, 1) per half
    splits each feature into a part that is shifted (half 1 from t+1, half 2 from t-1; zeros at the ends) and
    the rest that stays. Gates start at zero: the module starts as the identity (no channel shuffle, unlike
    the original, so that ImageNet weights keep their meaning).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm3d(width)
        self.gate = nn.Conv3d(width, 2, 3, padding=1, groups=2)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)  # pyright: ignore[reportArgumentType]

    def forward(self, features: Tensor) -> Tensor:
        gates = torch.tanh(self.gate(torch.relu(self.norm(features))))
        first, second = features.chunk(2, dim=1)
        from_next, from_last = gates[:, :1] * first, gates[:, 1:] * second
        blank = torch.zeros_like(from_next[:, :, :1])
        moved_first = torch.cat((from_next[:, :, 1:], blank), dim=2)
        moved_second = torch.cat((blank, from_last[:, :, :-1]), dim=2)
        return torch.cat((first - from_next + moved_first, second - from_last + moved_second), dim=1)


class ShiftedConv(nn.Module):
    """A bottleneck's first convolution, after a `GateShift` of a quarter of its channels (in fours)."""

    def __init__(self, conv: nn.Module, channels: int) -> None:
        super().__init__()
        self.conv = conv
        self.shifted = -(-(channels // 4) // 4) * 4
        self.shift = GateShift(self.shifted)
        self.window = 1

    def forward(self, features: Tensor) -> Tensor:
        windows = features[:, : self.shifted].unflatten(0, (-1, self.window)).transpose(1, 2)
        shifted = self.shift(windows.contiguous(memory_format=torch.channels_last_3d))
        mixed = torch.cat((shifted.transpose(1, 2).flatten(0, 1), features[:, self.shifted :]), dim=1)
        return self.conv(mixed)


class GateShiftRegNet(nn.Module):
    """timm's `name` without its classifier, gate-shift modules before conv1 of every bottleneck.

    Pictures [B, T, 3, H, W] to features [B, T, D], D = 368 (regnety_002) or 768 (regnety_008). `pretrained`:
    from ImageNet weights, downloaded once by timm or read from the file `weights`; where they cannot be had,
    training starts from scratch and `note` says why. `reach`: frames over which pictures mix, two per block.
    """

    def __init__(self, name: str, *, pretrained: bool, weights: str = "") -> None:
        super().__init__()
        self.net, self.note = _create(name, pretrained=pretrained, weights=weights)
        blocks = [
            block for stage in ("s1", "s2", "s3", "s4") for block in getattr(self.net, stage).children()
        ]
        self._shifted: list[ShiftedConv] = []
        for block in blocks:
            block.conv1 = ShiftedConv(block.conv1, block.conv1.conv.in_channels)
            self._shifted.append(block.conv1)
        self.reach = 2 * len(blocks)
        for weight in self.net.parameters():
            if weight.dim() > 3:
                weight.data = weight.data.contiguous(memory_format=_LAYOUTS[weight.dim()])

    def forward(self, pictures: Tensor) -> Tensor:
        for conv in self._shifted:
            conv.window = pictures.shape[1]
        frames = pictures.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        return self.net(frames).view(*pictures.shape[:2], -1)


def _create(name: str, *, pretrained: bool, weights: str) -> tuple[nn.Module, str]:
    """The network, and a note if it has no ImageNet weights though it should.

    timm is loaded here, not with the module: it takes seconds, and the nano backbone does without.
    """
    timm = import_module("timm")
    overlay = {"file": weights} if weights else None
    if pretrained:
        try:
            return timm.create_model(name, pretrained=True, pretrained_cfg_overlay=overlay, num_classes=0), ""
        except Exception as error:  # timm passes on whatever its downloader raises
            note = f"no ImageNet weights for {name} ({type(error).__name__}): training from scratch"
            logger.warning(note)
            return timm.create_model(name, num_classes=0), note
    return timm.create_model(name, num_classes=0), ""
