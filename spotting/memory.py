"""What to do when a training does not fit into the memory of its device. No torch."""

from spotting.config import TrainConfig

SMALLEST = 64


def advice(config: TrainConfig, device: str) -> str:
    """Why a training ended for want of memory, and the setting to try; `device` in words.

    The memory of a step is about that of its pictures: batch x window x size squared. Half the batch halves
    it; with a batch of one, pictures of about 0.7 of the side do.
    """
    model = config.model
    now = f"batch {config.batch} of {model.window} pictures at {model.size} px"
    return f"{device}: out of memory with {now}; {_smaller(config)}. Nothing that was learned is lost."


def _smaller(config: TrainConfig) -> str:
    if config.batch > 1:
        return f"start a run with batch {config.batch // 2}, which takes about half the memory"
    side = max(SMALLEST, int(config.model.size * 0.7) // 16 * 16)
    if side < config.model.size:
        return f"pictures of {side} px take about half the memory"
    return "use the preset small, or a device with more memory"
