"""The spotter: pictures of a window in, class scores and times out (Sec. 3.1)."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from spotting.backbone import build_backbone
from spotting.config import ModelConfig, TrainConfig
from spotting.position import sine_code, to_frames
from spotting.recurrent import RecurrentEncoder
from spotting.sigma_reparam import reparametrise
from spotting.transformer import Decoder, Encoder, xavier


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the heads say about B windows; None where the spotter has no such head. Float32.

    `frame_logits_BTC`: per frame, from the encoder. `query_logits_LBQC` and `times_LBQ` (normalised, in (0,
    1)): per query, from every decoder layer. Scores are sigmoids of logits: also for the convolved
    objective, whose intensity softplus(z) means P(event at the frame) = 1 - exp(-softplus(z)) = sigmoid(z).
    """

    frame_logits_BTC: Tensor | None
    query_logits_LBQC: Tensor | None
    times_LBQ: Tensor | None


class QueryHead(nn.Module):
    """Decoder queries and their heads: class scores and times = sigmoid(offset + reference) (Eq. 2)."""

    def __init__(self, config: ModelConfig, classes: int) -> None:
        super().__init__()
        width, grid = config.width, config.query_kind == "grid"
        self.window = config.window
        self.decoder = Decoder(
            config.decoder_layers, width, config.heads, config.feedforward, config.dropout, config.locality
        )
        self.content = nn.Parameter(torch.randn(1 if grid else config.queries, width))
        self.place = mlp(width, width, width) if grid else None
        self.reference = None if grid else mlp(width, width, 1)
        even = (torch.arange(config.queries) + 0.5) / config.queries
        self.register_buffer("grid", torch.logit(even), persistent=False)
        self.score = class_head(width, classes, config.prior)
        self.time = mlp(width, width, width, 1)
        nn.init.zeros_(self.time[-1].weight)  # pyright: ignore[reportArgumentType]
        nn.init.zeros_(self.time[-1].bias)  # pyright: ignore[reportArgumentType]

    def forward(self, memory_BTD: Tensor) -> tuple[Tensor, Tensor]:
        references_Q, places_QD = self.queries()
        states_LBQD = self.decoder(memory_BTD, references_Q, places_QD)
        times_LBQ = (self.time(states_LBQD).squeeze(-1).float() + references_Q.float()).sigmoid()
        return self.score(states_LBQD).float(), times_LBQ

    def queries(self) -> tuple[Tensor, Tensor]:
        """Reference points [Q], logits of normalised time, and position embeddings [Q, D]."""
        if self.reference is not None:
            return self.reference(self.content).squeeze(-1), self.content
        grid: Tensor = self.grid  # pyright: ignore[reportAssignmentType]
        assert self.place is not None
        centres = sine_code(to_frames(grid.sigmoid(), self.window), self.content.shape[1])
        return grid, self.content + self.place(centres)


class Spotter(nn.Module):
    """A spotter for `classes`; `config.objective` decides which heads it has.

    `forward` takes normalised pictures [B, T, 3, H, W] (blank frames zero); `features` and `read` are its
    halves, so that the backbone can run once per frame however many windows overlap it.
    """

    def __init__(self, config: TrainConfig, classes: tuple[str, ...]) -> None:
        super().__init__()
        self.config, self.classes = config, classes
        model, queries = config.model, config.uses_queries
        self.backbone = build_backbone(model)
        self.encoder, width = build_encoder(model)
        self.query_head = QueryHead(model, len(classes)) if queries else None
        self.frame_head = None
        if config.encoder_weight > 0 or not queries:
            self.frame_head = class_head(width, len(classes), model.prior)
        if model.sigma_reparam:
            reparametrise(self.encoder)
            if self.query_head is not None:
                reparametrise(self.query_head.decoder)

    def forward(self, pictures_BT3HW: Tensor) -> Outputs:
        return self.read(self.features(pictures_BT3HW))

    def features(self, pictures_BT3HW: Tensor) -> Tensor:
        """Backbone features [B, T, D] of normalised pictures."""
        return self.backbone(pictures_BT3HW)

    def read(self, features_BTD: Tensor) -> Outputs:
        """Encoder, decoder and heads on backbone features."""
        memory_BTD = self.encoder(features_BTD)
        frame_logits = None if self.frame_head is None else self.frame_head(memory_BTD).float()
        logits, times = (None, None) if self.query_head is None else self.query_head(memory_BTD)
        return Outputs(frame_logits, logits, times)


def build_encoder(model: ModelConfig) -> tuple[Encoder | RecurrentEncoder, int]:
    """What mixes the features of a window's frames, and the width that comes out of it."""
    if model.temporal == "gru":
        return RecurrentEncoder(model.encoder_layers, model.width, model.dropout), 2 * model.width
    encoder = Encoder(
        model.encoder_layers, model.width, model.heads, model.feedforward, model.dropout, model.locality
    )
    return encoder, model.width


def mlp(*widths: int) -> nn.Sequential:
    """Linear layers from each width to the next with ReLU between them, Xavier weights."""
    layers: list[nn.Module] = []
    for into, out in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(into, out), nn.ReLU()]
    made = nn.Sequential(*layers[:-1])
    xavier(made)
    return made


def class_head(width: int, classes: int, prior: float) -> nn.Linear:
    """One linear layer whose scores start at `prior`."""
    head = nn.Linear(width, classes)
    nn.init.constant_(head.bias, -math.log((1 - prior) / prior))
    return head
