"""Where each label goes: least expected error, as long as few enough labels are made worse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, shifts

_RATIO = 0.2
_PRICES = (0.0, *np.geomspace(0.1, 50.0, 25).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """For every label and shift [G, S]: mean error left (frames), P(nearer than the label is), P(farther)."""

    error_GS: Array
    better_GS: Array
    worse_GS: Array

    def at(self, moves_G: NDArray[np.int64]) -> tuple[Array, Array, Array]:
        """Error left, P(better) and P(worse) [G] of one move per label."""
        rows, columns = np.arange(len(moves_G)), moves_G + self.error_GS.shape[1] // 2
        return self.error_GS[rows, columns], self.better_GS[rows, columns], self.worse_GS[rows, columns]


def prospects(posterior_GS: Array) -> Prospects:
    """What each shift promises, given P(event at this shift) [G, S]."""
    shifts_S = shifts(posterior_GS.shape[1])
    away_SS = np.abs(shifts_S[:, None] - shifts_S)
    stay_S1 = np.abs(shifts_S)[:, None]
    return Prospects(
        posterior_GS @ away_SS,
        posterior_GS @ (away_SS < stay_S1).astype(np.float64),
        posterior_GS @ (away_SS > stay_S1).astype(np.float64),
    )


@dataclass(frozen=True, slots=True)
class Caution:
    """A label moves only if P(better) is above `hurdle`; the share `worse` of all may be made worse."""

    hurdle: float
    worse: float


def cautious_moves(promised: Prospects, open_G: NDArray[np.bool_], caution: Caution) -> NDArray[np.int64]:
    """Moves [G] of least mean error plus a price on P(worse).

    The price, in frames, is the lowest of 26 that keeps to `caution.worse` and makes five labels better for
    one made worse, by the posterior's own account; what that leaves is spent on the moves that the next
    lower price would allow, those of most gain per harm first. Labels that are not open stay.
    """
    below, above = -1, len(_PRICES) - 1
    while above - below > 1:
        middle = (below + above) // 2
        kept = _left(promised, _moves(promised, open_G, caution.hurdle, _PRICES[middle]), caution) >= 0
        below, above = (below, middle) if kept else (middle, above)
    moves_G = _moves(promised, open_G, caution.hurdle, _PRICES[above])
    if below < 0:
        return moves_G
    return _filled(promised, moves_G, _moves(promised, open_G, caution.hurdle, _PRICES[below]), caution)


def _moves(promised: Prospects, open_G: NDArray[np.bool_], hurdle: float, price: float) -> NDArray[np.int64]:
    moves_G = np.argmin(promised.error_GS + price * promised.worse_GS, axis=1)
    moves_G -= promised.error_GS.shape[1] // 2
    return np.where(open_G & (promised.at(moves_G)[1] > hurdle), moves_G, 0)


def _left(promised: Prospects, moves_G: NDArray[np.int64], caution: Caution) -> float:
    """How many more labels may be made worse."""
    _, better_G, worse_G = promised.at(moves_G)
    moved_G = moves_G != 0
    return min(caution.worse * len(moves_G), _RATIO * better_G[moved_G].sum()) - worse_G[moved_G].sum()


def _filled(
    promised: Prospects, moves_G: NDArray[np.int64], bolder_G: NDArray[np.int64], caution: Caution
) -> NDArray[np.int64]:
    """`moves_G` with as many of `bolder_G` as there is harm left for."""
    rows = np.flatnonzero(bolder_G != moves_G)
    bolder, kept = ([part[rows] for part in promised.at(moves)] for moves in (bolder_G, moves_G))
    gain_K, harm_K = kept[0] - bolder[0], bolder[2] - np.where(moves_G[rows] != 0, kept[2], 0.0)
    order_K = np.argsort(-gain_K / np.maximum(harm_K, 1e-9), kind="stable")
    count = np.searchsorted(np.cumsum(harm_K[order_K]), _left(promised, moves_G, caution), side="right")
    filled_G = moves_G.copy()
    filled_G[rows[order_K[:count]]] = bolder_G[rows[order_K[:count]]]
    return filled_G
