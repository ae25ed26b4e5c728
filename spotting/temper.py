"""How far posteriors are to be flattened, by what reviews found: temperature scaling (Guo et al., 2017)."""

import numpy as np

from spotting.noise_model import NoiseModel, mixed
from spotting.sample import Sample

_TEMPERS = np.geomspace(0.1, 1.0, 24)
_SPREAD = 0.5


def checked_temper(sample: Sample, model: NoiseModel) -> float:
    """The power, in (0, 1], under which the frames that blind reviews found are likeliest.

    Close to 1 (log-normal prior of sd 0.5) unless reviews contradict that. Events outside the window say
    nothing.
    """
    losses_T = 0.5 * (np.log(_TEMPERS) / _SPREAD) ** 2
    for number, rows in sample.by_class():
        part = sample.take(rows)
        known, at_R = part.reviewed_inside()
        if len(known):
            posterior_RS = mixed(part.take(known), model, model.classes[sample.names[number]])
            log_RS = np.log(np.maximum(posterior_RS, 1e-12))
            powers_TRS = _TEMPERS[:, None, None] * log_RS
            true_TR = powers_TRS[:, np.arange(len(at_R)), at_R]
            losses_T -= (true_TR - np.logaddexp.reduce(powers_TRS, axis=2)).sum(axis=1)
    return float(_TEMPERS[np.argmin(losses_T)])
