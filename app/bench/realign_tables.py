"""Tables and figures of the realign benchmark: every read-out of every kind of label noise, and the aims."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.bench.chart import Line, line_chart
from app.bench.readouts import REFERENCE_REVIEWS, REVIEWS
from app.bench.realign_cell import ROUNDS
from app.bench.table import Spread, Table, Value

_ROUNDS = tuple(f"round {number}" for number in ROUNDS)
READOUTS = (
    "none",
    "in-sample match",
    "argmax",
    *(f"ours, {n} reviews" for n in REVIEWS),
    *_ROUNDS,
    "clean-trained",
)
"""`clean-trained`: the same posterior and 50 reviews on evidence of spotters trained on precise labels.
`round N`: with 50 reviews, of spotters trained on what the round before made of them."""
AIMS = {"gaussian-1": (0.30, 97, 80), "gaussian-1.5": (0.38, 96, 70), "gaussian-2": (0.45, 94, 60)}
"""By noise: mean residual in frames, per cent within 1 frame, per cent accepted at a realised 95 %."""
LIMITS = (("worse", 1, 100.0, 3.0), ("calibration_error", 3, 1.0, 0.03), ("violated", 1, 100.0, 10.0))
"""Of every noise: a value's name, digits, scale, and the most that it may be at that scale."""
MOST_MORE = 0.05
_AIMED = f"ours, {REFERENCE_REVIEWS} reviews"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fares:
    """How every read-out fared: by (events, kind of noise), then read-out, one per seed; mAPs by labels."""

    found: dict[Key, dict[str, list[dict[str, Any]]]]
    maps: dict[Key, dict[str, list[dict[str, float]]]]

    def over_seeds(
        self, key: Key, readout: str, name: str, digits: int = 2, scale: float = 1.0
    ) -> Spread | None:
        """The value `name` of a read-out; None where it has none."""
        values = [fare[name] for fare in self.found[key].get(readout, []) if fare.get(name) is not None]
        return Spread(tuple(values), digits, scale) if values else None


def tables(fares: Fares) -> dict[str, Table]:
    """All tables by the name of their file."""
    found = {
        "aims": _aims(fares),
        "everywhere": _everywhere(fares),
        "residuals": _each(fares, "Mean |corrected - precise|, frames", "mean", 2, 1.0),
        "within_1": _each(fares, "Share within 1 frame, %", "within_1", 0, 100.0),
        "worse": _each(fares, "Share made worse, %", "worse", 1, 100.0),
        "better": _each(fares, "Share made better, %", "better", 1, 100.0),
        "confidence": _confidence(fares),
        "rounds": _rounds(fares),
        "retrained": _retrained(fares),
    }
    return {name: table for name, table in found.items() if table.rows}


def _each(fares: Fares, title: str, name: str, digits: int, scale: float) -> Table:
    """One value of every read-out that was made of any noise."""
    made = [readout for readout in READOUTS if any(readout in of_key for of_key in fares.found.values())]
    rows: list[list[Value]] = [
        [*key, *(fares.over_seeds(key, readout, name, digits, scale) for readout in made)]
        for key in fares.found
    ]
    return Table(title, ["events", "noise", *made], rows)


def _aims(fares: Fares) -> Table:
    """The aims with what was reached, and what the same posterior reaches on evidence free of label noise."""
    rows: list[list[Value]] = []
    for kind, (mean, within, accepted) in AIMS.items():
        key = ("distinct", kind)
        if key in fares.found:
            for readout in (_AIMED, "clean-trained"):
                rows.append(
                    [
                        kind,
                        readout,
                        fares.over_seeds(key, "none", "mean"),
                        f"<= {mean:.2f}",
                        fares.over_seeds(key, readout, "mean"),
                        f">= {within}",
                        fares.over_seeds(key, readout, "within_1", 0, 100),
                        "<= 3",
                        fares.over_seeds(key, readout, "worse", 1, 100),
                        f">= {accepted}",
                        fares.over_seeds(key, readout, "acceptable", 0, 100),
                    ]
                )
    columns = ["noise", "read-out", "labels", "aim", "mean", "aim", "within 1, %", "aim", "worse, %"]
    return Table("Aims, distinct events", [*columns, "aim", "accepted at realised 95 %, %"], rows)


def _everywhere(fares: Fares) -> Table:
    """What must hold of any noise and any number of reviews, and where it does not."""
    rows: list[list[Value]] = []
    for key in fares.found:
        before = fares.over_seeds(key, "none", "mean")
        for readout in (f"ours, {n} reviews" for n in REVIEWS):
            after = fares.over_seeds(key, readout, "mean")
            if before is None or after is None:
                continue
            held = [fares.over_seeds(key, readout, name, digits, scale) for name, digits, scale, _ in LIMITS]
            pairs = zip(held, LIMITS, strict=True)
            broken = [
                name for spread, (name, _, _, most) in pairs if spread is not None and spread.mean > most
            ]
            broken += ["mean"] if after.mean > before.mean + MOST_MORE else []
            signed = fares.over_seeds(key, readout, "signed")
            rows.append([*key, readout, before, after, signed, *held, ", ".join(broken) or "all kept"])
    limits = [f"{name}, at most {most:g}{' %' if scale > 1 else ''}" for name, _, scale, most in LIMITS]
    return Table(
        f"Limits of harm: mean residual up by {MOST_MORE} frames at most",
        ["events", "noise", "read-out", "labels", "mean", "signed mean", *limits, "broken"],
        rows,
    )


def _confidence(fares: Fares) -> Table:
    rows: list[list[Value]] = []
    for key in fares.found:
        for readout in (f"ours, {n} reviews" for n in REVIEWS):
            rows.append(
                [
                    *key,
                    readout,
                    fares.over_seeds(key, readout, "calibration_error", 3),
                    fares.over_seeds(key, readout, "accepted", 0, 100),
                    fares.over_seeds(key, readout, "precision", 1, 100),
                    fares.over_seeds(key, readout, "acceptable", 0, 100),
                    fares.over_seeds(key, readout, "area", 3),
                    fares.over_seeds(key, readout, "certified", 0, 100),
                    fares.over_seeds(key, readout, "violated", 1, 100),
                ]
            )
    columns = ["events", "noise", "read-out", "calibration error", "claimed 95 %: accepted, %"]
    columns += ["of them within 1, %", "acceptable at realised 95 %, %", "area under risk-coverage"]
    return Table(
        "Confidence: calibration, acceptance, and 200 certificates from 100 audits each",
        [*columns, "certified, %", "certificates broken, %"],
        rows,
    )


def _rounds(fares: Fares) -> Table:
    """Round 0 learned from the labels as they came; a round counts only if it makes them likelier."""
    rows: list[list[Value]] = []
    for key, found in fares.found.items():
        if _ROUNDS[0] in found:
            for readout in (_AIMED, *_ROUNDS):
                rows.append(
                    [
                        *key,
                        readout,
                        fares.over_seeds(key, readout, "mean"),
                        fares.over_seeds(key, readout, "within_1", 0, 100),
                        fares.over_seeds(key, readout, "worse", 1, 100),
                        fares.over_seeds(key, readout, "calibration_error", 3),
                        fares.over_seeds(key, readout, "likelihood", 3),
                    ]
                )
    columns = ["events", "noise", "learned from", "mean residual", "within 1, %", "worse, %"]
    return Table(
        "Rounds that learn from realigned labels, 50 of them reviewed",
        [*columns, "calibration error", "log likelihood of the labels"],
        rows,
    )


def _retrained(fares: Fares) -> Table:
    rows: list[list[Value]] = []
    for key, taught in fares.maps.items():
        for labels, maps in taught.items():
            spreads = [Spread(tuple(found[at] for found in maps), 1, 100) for at in ("0", "1", "2", "4")]
            rows.append([*key, labels, *spreads])
    return Table(
        "mAP on precise test labels after training on noisy, cleaned (50 reviews) and precise labels",
        ["events", "noise", "trained on", "mAP@0", "@1", "@2", "@4"],
        rows,
    )


def figures(fares: Fares) -> list[go.Figure]:
    """Residuals by Gaussian noise for every read-out, and risk by coverage for every kind of noise."""
    gaussian = sorted(
        (float(kind.partition("-")[2]), kind) for events, kind in fares.found if _is_gaussian(events, kind)
    )
    lines = [_residual_line(fares, gaussian, *numbered) for numbered in enumerate(READOUTS)]
    drawn = [
        line_chart("Residual by label noise, distinct events", "sigma, frames", "mean |error|, frames", lines)
    ]
    for events in ("distinct", "ambiguous"):
        shown = [key for key in fares.found if key[0] == events and fares.found[key][_AIMED]]
        curves = [_risk_line(fares, key, number) for number, key in enumerate(shown)]
        title = f"Risk by coverage, {_AIMED}, {events} events"
        drawn.append(line_chart(title, "share accepted", "share off by more than 1 frame", curves))
    return [figure for figure in drawn if figure.data]


def _is_gaussian(events: str, kind: str) -> bool:
    return events == "distinct" and kind.startswith("gaussian")


def _residual_line(fares: Fares, gaussian: Sequence[tuple[float, str]], number: int, readout: str) -> Line:
    found = [
        (sigma, spread)
        for sigma, kind in gaussian
        if (spread := fares.over_seeds(("distinct", kind), readout, "mean")) is not None
    ]
    return Line(
        name=readout,
        across_N=[sigma for sigma, _ in found],
        value_N=[spread.mean for _, spread in found],
        spread_N=[spread.sd for _, spread in found],
        colour=number,
        dotted=readout == "clean-trained",
    )


def _risk_line(fares: Fares, key: Key, number: int) -> Line:
    """Of the first seed."""
    curve = fares.found[key][_AIMED][0]["curve"]
    return Line(
        name=key[1],
        across_N=[coverage for coverage, _ in curve],
        value_N=[risk for _, risk in curve],
        colour=number,
    )
