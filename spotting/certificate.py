"""How far a blind audit vouches for accepting suggestions in bulk: Learn-then-Test on exact binomial tests.

Angelopoulos et al., "Learn then Test" (2021): thresholds are tested in an order that the audit's verdicts
have no part in, each at level `delta`, up to the first that fails. The chance of passing any threshold above
which more than a share `alpha` is wrong is then at most `delta`. It holds for labels drawn at random and
judged without seeing the suggestion, and for no others.

Two premises are met only nearly. The noise model learns from the audit too: simulated (400 labels, error 1.5
frames, 120 of them audited, 70 draws), 3 certificates of 70 draws were broken, and 2 where it learned from as
many other labels. And the size of an audit should not hang on its verdicts: who looks after each of up to 120
audits and stops at the first yes, accepts suggestions of which 5.01 % are wrong in 18 of 100 cases (6 %: in
10); who looks once, after 120, in 6 (2).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betaincinv

from spotting.errors import BadConfig

_STEPS = 25
_LEVEL = 0.95
_NEAR_BEST = 0.05
_MOST_AUDITS = 100_000


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the audit says about accepting every suggestion of confidence `threshold` or more.

    `threshold` is None when no confidence was audited. `audited` labels lie at or above it, `right` of them
    rightly suggested; `lower` and `upper` are the exact 95 % limits (Clopper and Pearson) of that share
    among all labels above it, in [0, 1]. `certified`: at most a share `alpha` of them is wrong, with
    probability 1 - `delta`. `needed` is the least number of further audits above the threshold that could
    certify it: if all of them are right; 0 once certified.
    """

    threshold: float | None
    audited: int
    right: int
    lower: float
    upper: float
    certified: bool
    needed: int
    alpha: float
    delta: float


def certify(
    confidence_A: ArrayLike,
    wrong_A: ArrayLike,
    *,
    claimed_A: ArrayLike | None = None,
    alpha: float = 0.05,
    delta: float = 0.10,
) -> Certificate:
    """The lowest confidence from which suggestions may be accepted unseen, by a blind audit of A labels.

    `confidence_A` in [0, 1] is P(the suggestion is right), `wrong_A` whether it was not. `claimed_A` is the
    same P before any audit recalibrated it (None: none did); only these say where to begin, since the others
    know the verdicts. The first threshold tested is the one whose audited claims make success most likely,
    were they true; lower ones follow. If even the first fails, that is the certificate's threshold, and it
    is not certified. Raises `BadConfig` for inputs that do not fit together, and for `alpha` or `delta`
    outside (0, 1).
    """
    confidence_A, wrong_A = _checked(confidence_A, wrong_A, alpha, delta)
    claimed_A = confidence_A if claimed_A is None else _checked(claimed_A, wrong_A, alpha, delta)[0]
    if not len(confidence_A):
        return certificate_at(confidence_A, wrong_A, None, alpha=alpha, delta=delta)
    order_A = np.argsort(-confidence_A, kind="stable")
    falling_A = confidence_A[order_A]
    last_J = _candidates(falling_A)
    audited_J = last_J + 1
    first = _likeliest(np.cumsum(1 - claimed_A[order_A])[last_J], audited_J, alpha, delta)
    passed_J = bdtr(np.cumsum(wrong_A[order_A])[last_J], audited_J, alpha) <= delta
    passing = int(np.argmin(np.append(passed_J[first:], False)))
    chosen = first + max(passing - 1, 0)
    return certificate_at(confidence_A, wrong_A, float(falling_A[last_J[chosen]]), alpha=alpha, delta=delta)


def certificate_at(
    confidence_A: ArrayLike,
    wrong_A: ArrayLike,
    threshold: float | None,
    *,
    alpha: float = 0.05,
    delta: float = 0.10,
) -> Certificate:
    """What the audit says about one `threshold`; None is above every confidence.

    The guarantee holds for a threshold that was chosen without looking at `wrong_A`. Raises as `certify`.
    """
    confidence_A, wrong_A = _checked(confidence_A, wrong_A, alpha, delta)
    above_A = confidence_A >= (np.inf if threshold is None else threshold)
    audited, wrong = int(above_A.sum()), int(wrong_A[above_A].sum())
    lower, upper = exact_interval(audited - wrong, audited)
    needed = _needed(audited, wrong, alpha, delta)
    return Certificate(threshold, audited, audited - wrong, lower, upper, needed == 0, needed, alpha, delta)


def exact_interval(right: int, audited: int, level: float = _LEVEL) -> tuple[float, float]:
    """Clopper and Pearson's limits of a share of which `right` of `audited` were seen; (0, 1) for none."""
    tail = (1 - level) / 2
    lower = betaincinv(right, audited - right + 1, tail) if right else 0.0
    upper = betaincinv(right + 1, audited - right, 1 - tail) if right < audited else 1.0
    return float(lower), float(upper)


def _checked(
    confidence_A: ArrayLike, wrong_A: ArrayLike, alpha: float, delta: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    for name, share in (("alpha", alpha), ("delta", delta)):
        if not 0 < share < 1:
            raise BadConfig(f"{name} is {share}: must lie between 0 and 1")
    confidence_A = np.asarray(confidence_A, dtype=np.float64)
    wrong_A = np.asarray(wrong_A, dtype=np.bool_)
    if confidence_A.shape != wrong_A.shape or confidence_A.ndim != 1:
        raise BadConfig(
            f"confidences have shape {confidence_A.shape}, verdicts {wrong_A.shape}: must be alike"
        )
    if not np.all((confidence_A >= 0) & (confidence_A <= 1)):
        raise BadConfig("a confidence lies outside [0, 1]")
    return confidence_A, wrong_A


def _candidates(falling_A: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places [J] of the last audit at or above each threshold tried: about 25, even by count, ties whole."""
    ends = np.flatnonzero(np.diff(falling_A, append=-1.0) < 0)
    wanted = np.linspace(0, len(falling_A) - 1, min(_STEPS, len(falling_A)) + 1)[1:]
    return np.unique(ends[np.searchsorted(ends, np.floor(wanted))])


def _likeliest(
    expected_J: NDArray[np.float64], audited_J: NDArray[np.int64], alpha: float, delta: float
) -> int:
    """The candidate to test first: the highest threshold about as likely as any to pass.

    `expected_J` wrong ones among `audited_J` are claimed; one more is allowed for, as claims run high.
    """
    allowed_J = _allowed(audited_J, alpha, delta)
    claimed_J = np.minimum((expected_J + 1) / audited_J, 1.0)
    chance_J = np.where(allowed_J < 0, 0.0, bdtr(np.maximum(allowed_J, 0), audited_J, claimed_J))
    if not chance_J.max() > 0:
        return len(audited_J) - 1
    return int(np.argmax(chance_J >= chance_J.max() - _NEAR_BEST))


def _allowed(audited_J: NDArray[np.int64], alpha: float, delta: float) -> NDArray[np.int64]:
    """How many of `audited_J` may be wrong for the test to pass; -1 where none may."""
    wrong_W = np.arange(int(audited_J.max()) + 1)
    passes_JW = bdtr(wrong_W, audited_J[:, None], alpha) <= delta
    return (passes_JW & (wrong_W <= audited_J[:, None])).sum(axis=1) - 1


def _needed(audited: int, wrong: int, alpha: float, delta: float) -> int:
    """Further audits, all of them right, until the test passes: bisection on a falling tail."""

    def passes(more: int) -> bool:
        return audited + more > 0 and bool(bdtr(wrong, audited + more, alpha) <= delta)

    low, high = -1, 1
    if passes(0):
        return 0
    while not passes(high) and high < _MOST_AUDITS:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(middle) else (middle, high)
    return high
