"""Ready settings: `small` for a CPU and few clips, `paper` for Sec. 4 and supplement B. No torch."""

from spotting.config import WIDTHS, ModelConfig, Objective, TrainConfig, reach_of
from spotting.errors import BadConfig

_PAPER_CLASSES = {"tennis": 6, "finediving": 4, "fs": 4, "finegym": 32}
_NOISY_LAMBDA = {0.0: 10.0, 0.5: 8.0, 1.0: 4.0, 1.5: 2.0, 2.0: 1.0}


def small(objective: Objective = "convolved") -> TrainConfig:
    """A model of 0.25 M parameters (0.6 M with queries) that learns from scratch on CPU cores in minutes."""
    return TrainConfig(objective=objective)


def paper(
    dataset: str = "tennis",
    *,
    backbone: str = "regnety_002",
    sigma: float = 0.0,
) -> TrainConfig:
    """The paper's run on one of its datasets (Sec. 4.3, 4.5, suppl. B).

    `sigma`, frames, picks lambda_time as the paper did for noisy labels; between its levels 0, 0.5, 1, 1.5, 2
    the next smaller one counts. Raises `BadConfig` for an unknown dataset or backbone.
    """
    if dataset not in _PAPER_CLASSES:
        raise BadConfig(f"dataset is {dataset!r}: must be one of {', '.join(_PAPER_CLASSES)}")
    if backbone not in WIDTHS:
        raise BadConfig(f"backbone is {backbone!r}: must be one of {', '.join(WIDTHS)}")
    figure_skating, gym = dataset == "fs", dataset == "finegym"
    return TrainConfig(
        model=_paper_model(backbone, sigma_reparam=backbone == "regnety_008" and (figure_skating or gym)),
        objective="dla",
        sigma=sigma,
        reach=reach_of(_paper_lambda(dataset, sigma), 100, _PAPER_CLASSES[dataset]),
        reach_warmup=0.0,
        epochs=200 if gym else 100,
        frames_per_epoch=500_000,
        sampling="random",
        backbone_rate=1e-3,
        transformer_rate=1e-4,
        warmup_epochs=3.0,
        blank_frames=5,
        dilation=1 if figure_skating else 0,
        blur=True,
        mixup=0.2,
    )


def _paper_model(backbone: str, *, sigma_reparam: bool) -> ModelConfig:
    return ModelConfig(
        backbone=backbone,
        pretrained=True,
        size=224,
        framing="crop",
        window=100,
        width=WIDTHS[backbone],
        heads=8,
        feedforward=2048,
        encoder_layers=6,
        decoder_layers=6,
        queries=100,
        query_kind="learned",
        locality=0.0,
        dropout=0.1,
        prior=0.01,
        sigma_reparam=sigma_reparam,
    )


def _paper_lambda(dataset: str, sigma: float) -> float:
    level = max(known for known in _NOISY_LAMBDA if known <= sigma)
    if dataset in ("fs", "finegym") and level > 0:
        return 8.0
    return _NOISY_LAMBDA[level]
