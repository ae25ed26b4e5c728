"""What to do when a training does not fit into the memory of its device. No torch."""

from dataclasses import replace

from spotting.config import TrainConfig

SMALLEST = 64
_ENDED = "out of memory with "


def advice(config: TrainConfig, device: str) -> str:
    """Why a training ended for want of memory, and the setting to try; `device` in words."""
    model, less = config.model, smaller(config)
    now = f"batch {config.batch} of {model.window} pictures at {model.size} px"
    way = "use the preset small, or a device with more memory" if less is None else f"try {difference(less)}"
    return f"{device}: {_ENDED}{now}; {way}. Nothing that was learned is lost."


def ran_out(error: str | None) -> bool:
    """Whether a run that ended with `error` ended for want of memory."""
    return _ENDED in (error or "")


def smaller(config: TrainConfig) -> TrainConfig | None:
    """The same training with about half the memory; None where nothing is left to make smaller.

    The memory of a step is about that of its pictures: batch x window x size squared. Half the batch halves
    it; with a batch of one, pictures of about 0.7 of the side do.
    """
    if config.batch > 1:
        return replace(config, batch=config.batch // 2)
    side = max(SMALLEST, int(config.model.size * 0.7) // 16 * 16)
    return replace(config, model=replace(config.model, size=side)) if side < config.model.size else None


def difference(config: TrainConfig) -> str:
    """What a smaller training takes, in words."""
    pictures = f" at {config.model.size} px" if config.batch == 1 else ""
    return f"batch {config.batch}{pictures}, which takes about half the memory"
