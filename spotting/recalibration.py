"""Confidences made honest by a blind audit: a strictly rising map from what was claimed to what was right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit

from spotting.errors import BadConfig

FEWEST = 100
"""Audited labels from which confidences are recalibrated."""
_LEAST = 1e-4
_SPREAD = np.array([0.5, 0.5, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibration:
    """logit P = rise * log c - fall * log(1 - c) + shift, from `audits` labels (Kull et al., 2017)."""

    rise: float
    fall: float
    shift: float
    audits: int

    def __call__(self, confidence: ArrayLike) -> NDArray[np.float64]:
        """P(right) of claimed confidences, in [0, 1]; it rises with them, so no order changes."""
        return expit(_features(confidence) @ np.array([self.rise, self.fall, self.shift]))


def recalibrate(confidence_A: ArrayLike, right_A: ArrayLike) -> Recalibration | None:
    """Beta calibration on A audited labels; None for fewer than 100.

    Penalised towards leaving confidences as they are (log-normal priors on rise and fall), so that it moves
    them only as far as the audit shows. Raises `BadConfig` where the two do not pair.
    """
    claimed_A, right_A = np.asarray(confidence_A, np.float64), np.asarray(right_A, np.bool_)
    if claimed_A.shape != right_A.shape or claimed_A.ndim != 1:
        raise BadConfig(f"confidences have shape {claimed_A.shape}, verdicts {right_A.shape}: must be alike")
    if len(claimed_A) < FEWEST:
        return None
    features_A3 = _features(claimed_A)

    def loss(theta: NDArray[np.float64]) -> float:
        likely_A = expit(features_A3 @ np.array([np.exp(theta[0]), np.exp(theta[1]), theta[2]]))
        told_A = np.log(np.where(right_A, likely_A, 1 - likely_A) + 1e-12)
        return 0.5 * float(((theta / _SPREAD) ** 2).sum()) - float(told_A.sum())

    rise, fall, shift = minimize(loss, np.zeros(3), method="BFGS").x.tolist()
    return Recalibration(
        rise=float(np.exp(rise)), fall=float(np.exp(fall)), shift=shift, audits=len(claimed_A)
    )


def _features(confidence: ArrayLike) -> NDArray[np.float64]:
    claimed = np.clip(np.asarray(confidence, np.float64), _LEAST, 1 - _LEAST)
    return np.stack([np.log(claimed), -np.log1p(-claimed), np.ones_like(claimed)], axis=-1)
