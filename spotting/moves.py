"""Where each label goes: least expected error, as long as few enough labels are made worse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, shifts

MOST_MADE_WORSE = 0.04
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


def cautious_moves(promised: Prospects, open_G: NDArray[np.bool_], hurdle: float) -> NDArray[np.int64]:
    """Moves [G] of least mean error plus a price on P(worse).

    The price, in frames, is the lowest of 26 that lets no more than 4 % of all labels be made worse, by the
    posterior's own account. Where not `open_G`, and where P(better) is not above `hurdle`, labels stay.
    """
    below, above = -1, len(_PRICES) - 1
    while above - below > 1:
        middle = (below + above) // 2
        moves_G = _moves(promised, open_G, hurdle, _PRICES[middle])
        harm = promised.at(moves_G)[2][moves_G != 0].sum()
        below, above = (below, middle) if harm <= MOST_MADE_WORSE * len(moves_G) else (middle, above)
    return _moves(promised, open_G, hurdle, _PRICES[above])


def _moves(promised: Prospects, open_G: NDArray[np.bool_], hurdle: float, price: float) -> NDArray[np.int64]:
    moves_G = np.argmin(promised.error_GS + price * promised.worse_GS, axis=1)
    moves_G -= promised.error_GS.shape[1] // 2
    return np.where(open_G & (promised.at(moves_G)[1] > hurdle), moves_G, 0)
