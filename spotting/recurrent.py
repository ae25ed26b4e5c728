"""A recurrent network over time, as in E2E-Spot: the static baseline that the paper compares to (Sec. 4)."""

from torch import Tensor, nn


class RecurrentEncoder(nn.Module):
    """`layers` of a bidirectional GRU with `width` units each way; features [B, T, D] to [B, T, 2D].

    Knows no position code: the order of frames is in the recurrence.
    """

    def __init__(self, layers: int, width: int, dropout: float) -> None:
        super().__init__()
        between = dropout if layers > 1 else 0.0
        self.gru = nn.GRU(width, width, layers, batch_first=True, bidirectional=True, dropout=between)
        self.drop = nn.Dropout(dropout)

    def forward(self, features_BTD: Tensor) -> Tensor:
        return self.drop(self.gru(features_BTD)[0])
