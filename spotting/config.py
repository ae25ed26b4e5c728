"""Settings of the model and of a training run, and the presets `small` and `paper`. No torch."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from spotting.errors import BadConfig

Objective = Literal["dla", "time_matching", "static", "convolved"]
OBJECTIVES: tuple[Objective, ...] = ("dla", "time_matching", "static", "convolved")
WIDTHS = {"regnety_002": 368, "regnety_008": 768}
BACKBONES = ("nano", *WIDTHS)


def reach_of(time_weight: float, window: int, classes: int) -> float:
    """Reach R in frames of the paper's lambda_time: R = T / (lambda * N_c) (Eqs. 3 to 5)."""
    return window / (time_weight * classes)


def lambda_of(reach: float, window: int, classes: int) -> float:
    """The paper's lambda_time of a reach in frames; the inverse of `reach_of`."""
    return window / (reach * classes)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig:
    """The shape of a spotter.

    `pretrained`: start a RegNet from ImageNet weights, downloaded, or taken from the file `weights`.
    `size`: side of the square picture that the backbone sees, pixels.
    `framing`: "whole" squeezes the whole picture into the square; "crop" scales it to `size` high and crops
    (at random in training, the centre otherwise).
    `window`: T, frames. `width`: D; a RegNet fixes it (368 or 768: no projection, suppl. B).
    `temporal`: what mixes frames, a "transformer" encoder (the paper's) or a bidirectional "gru" (the head of
    E2E-Spot; it has no decoder behind it). `encoder_layers` counts the layers of either.
    `queries`: N_q. `query_kind`: "learned" is the paper's; "grid" spreads the reference points evenly over
    the window and shares one content query.
    `locality`: width in frames of a Gaussian bias that keeps attention near its own time; 0 is global.
    `prior`: score that the class head starts from.
    """

    backbone: str = "nano"
    pretrained: bool = False
    weights: str = ""
    size: int = 96
    framing: str = "whole"
    window: int = 64
    width: int = 96
    heads: int = 4
    feedforward: int = 192
    temporal: str = "transformer"
    encoder_layers: int = 1
    decoder_layers: int = 2
    queries: int = 64
    query_kind: str = "grid"
    locality: float = 4.0
    dropout: float = 0.0
    prior: float = 0.02
    sigma_reparam: bool = False

    def __post_init__(self) -> None:
        _check(self, _MODEL_RULES)
        fixed = WIDTHS.get(self.backbone, self.width)
        if self.width != fixed:
            raise BadConfig(f"width is {self.width}: {self.backbone} puts out {fixed} features per frame")
        if self.width % (2 * self.heads):
            raise BadConfig(f"width is {self.width}: must be a multiple of twice heads ({self.heads})")
        if self.temporal == "gru" and (self.encoder_layers < 1 or self.sigma_reparam):
            raise BadConfig("temporal is 'gru': needs encoder_layers of 1 or more, and no sigma_reparam")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """A training run.

    `sigma`: expected label error, frames (sd). "convolved" explains the labels with noise of `widening` times
    `sigma`: too narrow it learns labels by heart, too wide it still finds the events (spotting/README.md).
    `reach`: R = T / (lambda * N_c), frames: how far matching may move a label for a full score gap (Eq. 5).
    `reach_warmup`: share of the training over which 1/R falls from 1/`reach_start` to 1/`reach`.
    `time_weight`: weight of the time loss (Eq. 8); None takes the matcher's lambda, as the paper does.
    `head`: what "convolved" scores with: the encoder's "frames", or the decoder's "queries" (those of "dla").
    `encoder_weight`: weight of an auxiliary frame head beside the queries.
    `frames_per_epoch`: None is one pass over the clips.
    `sampling`: "even" places an epoch's windows evenly with a random phase; "random" draws each (paper).
    `blank_frames`: how far a window may stick out of its clip. `dilation`: frames that widen a label.
    `mirrored`: class pairs that a horizontal flip swaps. `shift`: largest shift of a "whole" picture, pixels.
    `colour`: strength of the colour jitter, 1 is the field's. `mixup`: alpha of Beta(alpha, alpha); 0 is off.
    `amp`: bfloat16 where the device computes in it; costs and losses stay in float32.
    `compiled`: torch.compile the model; worth it only where `respot bench speed --compiled` says so.
    `start`: folder of a trained spotter whose weights to start from. `frozen`: the backbone keeps its weights
    (those of `start` or ImageNet's) and sees every frame once; of the augmentation MixUp of features is left.
    """

    model: ModelConfig = field(default_factory=ModelConfig)
    objective: Objective = "convolved"
    sigma: float = 2.0
    widening: float = 1.5
    reach: float = 8.0
    reach_start: float = 1.6
    reach_warmup: float = 0.6
    time_weight: float | None = None
    head: str = "frames"
    encoder_weight: float = 0.0
    epochs: int = 30
    frames_per_epoch: int | None = None
    sampling: str = "even"
    batch: int = 8
    backbone_rate: float = 2e-3
    transformer_rate: float = 1e-3
    weight_decay: float = 1e-4
    warmup_epochs: float = 1.5
    clip_norm: float = 1.0
    blank_frames: int = 4
    dilation: int = 0
    flip: bool = True
    mirrored: tuple[tuple[str, str], ...] = ()
    shift: int = 4
    colour: float = 1.0
    blur: bool = False
    mixup: float = 0.0
    amp: bool = True
    compiled: bool = False
    start: str = ""
    frozen: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        _check(self, _TRAIN_RULES)
        if any(len(pair) != 2 or pair[0] == pair[1] for pair in self.mirrored):
            raise BadConfig(f"mirrored is {self.mirrored!r}: must be pairs of two different classes")
        if self.frozen and not (self.start or self.model.pretrained):
            raise BadConfig("frozen is True: the backbone needs weights, from start or from pretrained")
        if self.model.temporal == "gru" and self.uses_queries:
            raise BadConfig("temporal is 'gru': it has no queries, objective must be static or convolved")

    @property
    def uses_queries(self) -> bool:
        """True if the decoder's queries are trained; else the encoder's frame head is."""
        return self.objective in ("dla", "time_matching") or (
            self.objective == "convolved" and self.head == "queries"
        )


Rule = tuple[Callable[[Any], bool], str]


def _one_of(*values: str) -> Rule:
    return (lambda value: value in values, "must be one of " + ", ".join(values))


def _at_least(low: float) -> Rule:
    return (lambda value: value >= low, f"must be at least {low}")


def _between(low: float, high: float) -> Rule:
    return (lambda value: low <= value <= high, f"must lie between {low} and {high}")


_POSITIVE: Rule = (lambda value: value > 0, "must be above 0")
_OPTIONAL_POSITIVE: Rule = (lambda value: value is None or value > 0, "must be above 0, or null")

_MODEL_RULES: dict[str, Rule] = {
    "backbone": _one_of(*BACKBONES),
    "size": (lambda value: value >= 32 and value % 16 == 0, "must be a multiple of 16 and at least 32"),
    "framing": _one_of("whole", "crop"),
    "window": _between(4, 1000),
    "width": _POSITIVE,
    "heads": _at_least(1),
    "feedforward": _at_least(1),
    "temporal": _one_of("transformer", "gru"),
    "encoder_layers": _at_least(0),
    "decoder_layers": _at_least(1),
    "queries": _at_least(1),
    "query_kind": _one_of("grid", "learned"),
    "locality": _at_least(0),
    "dropout": _between(0, 0.9),
    "prior": _between(1e-4, 0.5),
}

_TRAIN_RULES: dict[str, Rule] = {
    "objective": _one_of(*OBJECTIVES),
    "sigma": _between(0, 10),
    "widening": _between(0.5, 4),
    "reach": _POSITIVE,
    "reach_start": _POSITIVE,
    "reach_warmup": _between(0, 1),
    "time_weight": (lambda value: value is None or value >= 0, "must be at least 0, or null"),
    "head": _one_of("frames", "queries"),
    "encoder_weight": _at_least(0),
    "epochs": _between(1, 100_000),
    "frames_per_epoch": _OPTIONAL_POSITIVE,
    "sampling": _one_of("even", "random"),
    "batch": _between(1, 4096),
    "backbone_rate": _POSITIVE,
    "transformer_rate": _POSITIVE,
    "weight_decay": _at_least(0),
    "warmup_epochs": _at_least(0),
    "clip_norm": _POSITIVE,
    "blank_frames": _at_least(0),
    "dilation": _between(0, 10),
    "shift": _at_least(0),
    "colour": _between(0, 2),
    "mixup": _between(0, 10),
    "seed": _at_least(0),
}


def _check(config: object, rules: Mapping[str, Rule]) -> None:
    for name, (holds, rule) in rules.items():
        value = getattr(config, name)
        try:
            kept = holds(value)
        except TypeError:
            kept = False
        if not kept:
            raise BadConfig(f"{name} is {value!r}: {rule}")


def to_dict(config: TrainConfig) -> dict[str, Any]:
    """`config` as plain JSON values; `from_dict` takes it back."""
    return asdict(config)


def from_dict(values: Mapping[str, Any]) -> TrainConfig:
    """The config that `to_dict` wrote; missing keys take the defaults.

    Raises `BadConfig` for an unknown key and for a value out of its range, naming field, value and rule.
    """
    model = values.get("model", {})
    _refuse_unknown(TrainConfig, values)
    _refuse_unknown(ModelConfig, model)
    pairs = tuple(tuple(pair) for pair in values.get("mirrored", ()))
    return TrainConfig(**{**values, "model": ModelConfig(**model), "mirrored": pairs})


def _refuse_unknown(kind: type[ModelConfig] | type[TrainConfig], values: Mapping[str, Any]) -> None:
    names = {known.name for known in fields(kind)}
    for key in values:
        if key not in names:
            raise BadConfig(f"{key}: no such setting of {kind.__name__}")
