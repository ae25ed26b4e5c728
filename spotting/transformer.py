"""Transformer over time: encoder, and Conditional DETR's decoder in one dimension (Sec. 3.1)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from spotting.position import sine_code, to_frames


class Attention(nn.Module):
    """Multi-head attention of projected query [B, Q, D], key [B, T, D], value [B, T, V] to [B, Q, V]."""

    def __init__(self, value_width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.out = nn.Linear(value_width, value_width)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> Tensor:
        """`bias` [Q, T] or broadcastable is added to the scaled products."""
        split = [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (query, key, value)]
        dropout = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(*split, attn_mask=bias, dropout_p=dropout)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Residual(nn.Module):
    """Post-norm residual connection: norm(x + dropout(change))."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.norm, self.drop = nn.LayerNorm(width), nn.Dropout(dropout)

    def forward(self, x: Tensor, change: Tensor) -> Tensor:
        return self.norm(x + self.drop(change))


def feed_forward(width: int, hidden: int, dropout: float) -> nn.Sequential:
    """Linear, ReLU, dropout, linear; `width` in and out."""
    return nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, width))


class EncoderLayer(nn.Module):
    """Self-attention with the position code added to queries and keys, then a feed-forward network."""

    def __init__(self, width: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attention = Attention(width, heads, dropout)
        self.feed_forward = feed_forward(width, hidden, dropout)
        self.after_attention, self.after_feed = Residual(width, dropout), Residual(width, dropout)

    def forward(self, x_BTD: Tensor, code_TD: Tensor, bias_TT: Tensor | None) -> Tensor:
        placed = x_BTD + code_TD
        attended = self.attention(self.query(placed), self.key(placed), self.value(x_BTD), bias_TT)
        x_BTD = self.after_attention(x_BTD, attended)
        return self.after_feed(x_BTD, self.feed_forward(x_BTD))


class DecoderLayer(nn.Module):
    """Conditional DETR's decoder layer on one coordinate.

    In cross-attention, content and position are concatenated per head, so each head's width doubles; only the
    first layer adds the query's position to its content (its own query has none yet).
    """

    def __init__(self, width: int, heads: int, hidden: int, dropout: float, *, first: bool) -> None:
        super().__init__()
        self.heads = heads
        self.self_query, self.self_query_place = nn.Linear(width, width), nn.Linear(width, width)
        self.self_key, self.self_key_place = nn.Linear(width, width), nn.Linear(width, width)
        self.self_value = nn.Linear(width, width)
        self.self_attention = Attention(width, heads, dropout)
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.query_place = nn.Linear(width, width) if first else None
        self.query_sine, self.key_sine = nn.Linear(width, width), nn.Linear(width, width)
        self.attention = Attention(width, heads, dropout)
        self.feed_forward = feed_forward(width, hidden, dropout)
        self.after_self, self.after_cross, self.after_feed = (Residual(width, dropout) for _ in range(3))

    def forward(
        self,
        x_BQD: Tensor,
        place_QD: Tensor,
        sine_BQD: Tensor,
        memory_BTD: Tensor,
        code_TD: Tensor,
        bias_QT: Tensor | None,
    ) -> Tensor:
        x_BQD = self.after_self(x_BQD, self._attend_self(x_BQD, place_QD))
        query, key, key_sine = self.query(x_BQD), self.key(memory_BTD), self.key_sine(code_TD)
        if self.query_place is not None:
            query, key = query + self.query_place(place_QD), key + key_sine
        query = self._per_head(query, self.query_sine(sine_BQD))
        attended = self.attention(query, self._per_head(key, key_sine), self.value(memory_BTD), bias_QT)
        x_BQD = self.after_cross(x_BQD, attended)
        return self.after_feed(x_BQD, self.feed_forward(x_BQD))

    def _attend_self(self, x_BQD: Tensor, place_QD: Tensor) -> Tensor:
        query = self.self_query(x_BQD) + self.self_query_place(place_QD)
        key = self.self_key(x_BQD) + self.self_key_place(place_QD)
        return self.self_attention(query, key, self.self_value(x_BQD))

    def _per_head(self, content: Tensor, place: Tensor) -> Tensor:
        """[B, N, D] and [.., N, D] to [B, N, 2D], so that each head gets its share of both."""
        heads = (self.heads, -1)
        parts = (content.unflatten(-1, heads), place.expand_as(content).unflatten(-1, heads))
        return torch.cat(parts, dim=-1).flatten(-2)


class Encoder(nn.Module):
    """`layers` encoder layers over a window; features [B, T, D] to [B, T, D]."""

    def __init__(
        self, layers: int, width: int, heads: int, hidden: int, dropout: float, locality: float
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(width, heads, hidden, dropout) for _ in range(layers))
        self.locality = locality
        xavier(self)

    def forward(self, features_BTD: Tensor) -> Tensor:
        frames_T = torch.arange(features_BTD.shape[1], device=features_BTD.device, dtype=torch.float32)
        code_TD = sine_code(frames_T, features_BTD.shape[2])
        bias_TT = local_bias(frames_T, frames_T, self.locality)
        for layer in self.layers:
            features_BTD = layer(features_BTD, code_TD, bias_TT)
        return features_BTD


class Decoder(nn.Module):
    """`layers` decoder layers from queries at reference points; memory [B, T, D] to states [L, B, Q, D].

    References come as logits [Q] of normalised time, places [Q, D] as the queries' position embeddings.
    """

    def __init__(
        self, layers: int, width: int, heads: int, hidden: int, dropout: float, locality: float
    ) -> None:
        super().__init__()
        made = (DecoderLayer(width, heads, hidden, dropout, first=layer == 0) for layer in range(layers))
        self.layers = nn.ModuleList(made)
        self.scale = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
        self.norm = nn.LayerNorm(width)
        self.locality = locality
        xavier(self)

    def forward(self, memory_BTD: Tensor, references_Q: Tensor, places_QD: Tensor) -> Tensor:
        batch, window, width = memory_BTD.shape
        frames_T = torch.arange(window, device=memory_BTD.device, dtype=torch.float32)
        centres_Q = to_frames(references_Q.float().sigmoid(), window)
        code_TD, sine_QD = sine_code(frames_T, width), sine_code(centres_Q, width)
        bias_QT = local_bias(centres_Q, frames_T, self.locality)
        x_BQD = memory_BTD.new_zeros(batch, len(references_Q), width)
        states = []
        for number, layer in enumerate(self.layers):
            sine_BQD = sine_QD.expand_as(x_BQD) if number == 0 else sine_QD * self.scale(x_BQD)
            x_BQD = layer(x_BQD, places_QD, sine_BQD, memory_BTD, code_TD, bias_QT)
            states.append(self.norm(x_BQD))
        return torch.stack(states)


def local_bias(queries_Q: Tensor, keys_T: Tensor, width: float) -> Tensor | None:
    """Gaussian attention bias [Q, T] of `width` frames around each query's own time; None for width 0."""
    if width == 0:
        return None
    return -0.5 * ((queries_Q[:, None] - keys_T[None]) / width) ** 2


def xavier(module: nn.Module) -> None:
    """Xavier-uniform weights for every matrix in `module`, as in DETR."""
    for weight in module.parameters():
        if weight.dim() > 1:
            nn.init.xavier_uniform_(weight)
