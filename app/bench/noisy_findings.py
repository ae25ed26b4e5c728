"""The paper's findings one by one, beside what was measured here."""

from collections.abc import Iterator

from app.bench.footage import EventSet
from app.bench.noisy_cell import Method
from app.bench.noisy_tables import Read, Results, mean_ap_at
from app.bench.table import Spread, Table, Value

_NOISIEST = 2.0


def findings(results: Results) -> Table:
    """What the paper found, its own figure, the figure here, and whether it has the same sign."""
    rows = [row for row in _rows(results) if row[2] != "-"]
    return Table("The paper's findings and ours", ["finding", "paper", "here", "same sign"], rows)


def _rows(results: Results) -> Iterator[list[Value]]:
    for sigma, told in ((1.5, ("up", "up")), (_NOISIEST, ("+19.8", "+9.0"))):
        for at, paper in zip((1, 2), told, strict=True):
            gain = _gain(results, "c3", "c1", "distinct", sigma, at)
            yield _row(f"Fig. 4: c3 over c1, distinct, sigma {sigma:g}, mAP@{at}", paper, gain, 1)
    for at in (1, 2):
        gain = _gain(results, "c3", "gru", "distinct", _NOISIEST, at)
        yield _row(f"Fig. 4: c3 over a static GRU, distinct, sigma 2, mAP@{at}", "up", gain, 1)
    yield _row("Fig. 5: matched - precise, last epoch less labels, sigma 2", "down", _fall(results), -1)
    gain = _gain(results, "c2", "c1", "distinct", 0.0, 1)
    yield _row("Table 2: c2 over c1, distinct, mAP@1", "+0.4 (Tennis)", gain, 1)
    gain = _gain(results, "c3", "c2", "distinct", 0.0, 1)
    yield _row("Table 2: c3 over c2, distinct, mAP@1", "+0.4 (Tennis)", gain, 1)
    gain = _gain(results, "c3", "c2", "ambiguous", 0.0, 1)
    yield _row("Table 2: c3 over c2, ambiguous, mAP@1", "-0.7 (FG-Full)", gain, -1)
    for at, paper, sign in ((1, "down", -1), (4, "up", 1)):
        yield _row(
            f"Fig. 6: lambda 1 over lambda 8, ambiguous, sigma 2, mAP@{at}",
            paper,
            _looser(results, mean_ap_at(at), 1, 100),
            sign,
        )
    gap = _looser(results, lambda values: values["gap"], 3)
    yield _row("Table 3: score gap, lambda 1 over 8, ambiguous", "+0.19 (FS)", gap, 1)
    gain = _gain(results, "c3", "c1", "distinct", 0.0, 1, "none")
    yield _row("Table i: c3 over c1 without NMS, distinct, mAP@1", "+0.5 (Tennis, Spot)", gain, 1)


def _row(claim: str, paper: str, found: Spread | None, sign: int) -> list[Value]:
    if found is None:
        return [claim, paper, "-", "-"]
    digits = found.digits
    here = f"{found.mean:+.{digits}f}" + (f" ± {found.sd:.{digits}f}" if len(found.values) > 1 else "")
    return [claim, paper, here, "yes" if found.mean * sign > 0 else "no"]


def _gain(
    results: Results,
    better: Method,
    worse: Method,
    events: EventSet,
    sigma: float,
    at: int,
    suppression: str = "soft",
) -> Spread | None:
    read = mean_ap_at(at, suppression)
    a, b = (results.by_seed(read, events=events, method=method, sigma=sigma) for method in (better, worse))
    return _difference(a, b, 1, 100)


def _looser(results: Results, read: Read, digits: int, scale: float = 1.0) -> Spread | None:
    """What lambda 1 changes over lambda 8."""
    a, b = (
        results.by_seed(read, events="ambiguous", method="c3", sigma=_NOISIEST, weight=weight)
        for weight in (1.0, 8.0)
    )
    return _difference(a, b, digits, scale)


def _fall(results: Results) -> Spread | None:
    last, labels = (
        results.by_seed(
            lambda values, at=at: values["offsets"][at], events="distinct", method="c3", sigma=_NOISIEST
        )
        for at in (-1, 0)
    )
    return _difference(last, labels, 2)


def _difference(a: dict[int, float], b: dict[int, float], digits: int, scale: float = 1.0) -> Spread | None:
    """Of the seeds that both have, seed by seed."""
    both = sorted(a.keys() & b.keys())
    return Spread(tuple(a[seed] - b[seed] for seed in both), digits, scale) if both else None
