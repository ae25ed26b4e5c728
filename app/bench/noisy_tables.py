"""The paper's tables and figures from the cells of the noisy-labels benchmark, with the spread over seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.bench.chart import Line, line_chart
from app.bench.footage import EVENT_SETS, EventSet
from app.bench.noisy_cell import METHODS, Cell, Method
from app.bench.noisy_labels import PAPER_WEIGHTS
from app.bench.table import Spread, Table, Value
from spotting.noise import expected_offset

NAMES: dict[Method, str] = {
    "c1": "c1 static",
    "c2": "c2 time only",
    "c3": "c3 DLA",
    "convolved": "convolved",
    "gru": "GRU static",
}
_SHOWN = (1, 2)
Read = Callable[[dict[str, Any]], float | None]
"""Takes one value out of a cell's."""


def mean_ap_at(tolerance: int, suppression: str = "soft") -> Read:
    """Reads mAP at `tolerance` frames, in [0, 1]."""
    return lambda values: values["map"][suppression][str(tolerance)]


@dataclass(frozen=True, slots=True)
class Results:
    """The measured cells with their values."""

    rows: Sequence[tuple[Cell, dict[str, Any]]]

    def by_seed(
        self,
        read: Read,
        *,
        events: EventSet,
        method: Method,
        sigma: float,
        weight: float | None = None,
    ) -> dict[int, float]:
        """What `read` finds in the cells, by their seed. `weight` None: the paper's."""
        wanted = (events, method, sigma, PAPER_WEIGHTS[events][sigma] if weight is None else weight)
        return {
            cell.seed: value
            for cell, values in self.rows
            if (cell.events, cell.method, cell.sigma, cell.time_weight) == wanted
            and (value := read(values)) is not None
        }

    def over_seeds(
        self,
        read: Read,
        *,
        events: EventSet,
        method: Method,
        sigma: float,
        weight: float | None = None,
        digits: int = 2,
        scale: float = 1.0,
    ) -> Spread | None:
        """What `read` finds in the cells of all seeds; None if there is none. `weight` None: the paper's."""
        found = self.by_seed(read, events=events, method=method, sigma=sigma, weight=weight)
        return Spread(tuple(found.values()), digits, scale) if found else None

    def mean_ap(
        self,
        tolerance: int,
        *,
        events: EventSet,
        method: Method,
        sigma: float,
        weight: float | None = None,
        suppression: str = "soft",
    ) -> Spread | None:
        """mAP at `tolerance` in per cent."""
        return self.over_seeds(
            mean_ap_at(tolerance, suppression),
            events=events,
            method=method,
            sigma=sigma,
            weight=weight,
            digits=1,
            scale=100,
        )

    def sigmas(self, events: EventSet) -> list[float]:
        """The noise levels measured, rising."""
        return sorted({cell.sigma for cell, _ in self.rows if cell.events == events})

    def weights(self, events: EventSet, sigma: float) -> list[float]:
        """The values of lambda_time that c3 was trained with at `sigma`, falling."""
        at = {
            cell.time_weight
            for cell, _ in self.rows
            if (cell.events, cell.method, cell.sigma) == (events, "c3", sigma)
        }
        return sorted(at, reverse=True)


def tables(results: Results) -> dict[str, Table]:
    """All tables by the name of their file; those of which nothing is measured yet have no rows."""
    found: dict[str, Table] = {}
    for events in EVENT_SETS:
        found[f"noise_{events}"] = _by_noise(results, events)
        found[f"weights_{events}"] = _by_weight(results, events)
    found["offsets"] = _offsets(results)
    found["configurations"] = _configurations(results, "soft")
    found["without_nms"] = _configurations(results, "none")
    found["cost"] = _cost(results)
    return {name: table for name, table in found.items() if table.rows}


def _by_noise(results: Results, events: EventSet) -> Table:
    columns = ["sigma", *(f"{NAMES[method]} @{at}" for method in METHODS for at in _SHOWN)]
    rows: list[list[Value]] = [
        [
            f"{sigma:g}",
            *(
                results.mean_ap(at, events=events, method=method, sigma=sigma)
                for method in METHODS
                for at in _SHOWN
            ),
        ]
        for sigma in results.sigmas(events)
    ]
    return Table(f"mAP by label noise, {events} events (Fig. 4)", columns, rows)


def _by_weight(results: Results, events: EventSet) -> Table:
    noisiest = max(results.sigmas(events), default=0.0)
    rows: list[list[Value]] = []
    for weight in results.weights(events, noisiest):

        def read(name: str, weight: float = weight) -> Spread | None:
            return results.over_seeds(
                lambda values: values[name],
                events=events,
                method="c3",
                sigma=noisiest,
                weight=weight,
                digits=3,
            )

        scores = [
            results.mean_ap(at, events=events, method="c3", sigma=noisiest, weight=weight)
            for at in (0, 1, 2, 4)
        ]
        rows.append([f"{weight:g}", *scores, read("gap"), read("shift")])
    return Table(
        f"c3 by lambda_time at sigma {noisiest:g}, {events} events (Fig. 6, Table 3)",
        ["lambda", "mAP@0", "@1", "@2", "@4", "score gap", "mean matched - precise"],
        rows,
    )


def _offsets(results: Results) -> Table:
    rows: list[list[Value]] = []
    for events in EVENT_SETS:
        for sigma in results.sigmas(events):
            begun, last = (
                results.over_seeds(
                    lambda values, at=at: values["offsets"][at],
                    events=events,
                    method="c3",
                    sigma=sigma,
                    digits=3,
                )
                for at in (0, -1)
            )
            rows.append([events, f"{sigma:g}", f"{expected_offset(sigma):.3f}", begun, last])
    columns = ["events", "sigma", "E|round N(0, sigma)|", "labels", "c3, last epoch"]
    return Table("Mean |matched - precise| in frames (Fig. 5)", columns, rows)


def _configurations(results: Results, suppression: str) -> Table:
    rows: list[list[Value]] = [
        [
            NAMES[method],
            *(
                results.mean_ap(at, events=events, method=method, sigma=0.0, suppression=suppression)
                for events in EVENT_SETS
                for at in _SHOWN
            ),
        ]
        for method in METHODS
    ]
    title = "mAP with precise labels " + ("(Table 2)" if suppression == "soft" else "without NMS (Table i)")
    return Table(title, ["method", *(f"{events} @{at}" for events in EVENT_SETS for at in _SHOWN)], rows)


def _cost(results: Results) -> Table:
    """Processor seconds per training, over all cells of a method."""
    rows: list[list[Value]] = []
    for method in METHODS:
        spent = [values["cpu_seconds"] for cell, values in results.rows if cell.method == method]
        if spent:
            rows.append([NAMES[method], Spread(tuple(spent), 0), len(spent)])
    return Table("Processor seconds per training", ["method", "seconds", "trainings"], rows)


def figures(results: Results) -> list[go.Figure]:
    """Figs. 4, 5 and 6 of the paper, as measured here, for each set of events."""
    drawn: list[go.Figure] = []
    for events in EVENT_SETS:
        drawn += [
            line_chart(
                f"mAP by label noise, {events} events",
                "sigma, frames",
                "mAP, %",
                _noise_lines(results, events),
            ),
            line_chart(
                f"Mean |matched - precise| of c3, {events} events",
                "epoch",
                "frames",
                _offset_lines(results, events),
            ),
            line_chart(
                f"mAP of c3 by lambda_time, {events} events",
                "tolerance, frames",
                "mAP, %",
                _weight_lines(results, events),
            ),
        ]
    return [figure for figure in drawn if figure.data]


def _noise_lines(results: Results, events: EventSet) -> list[Line]:
    lines: list[Line] = []
    for number, method in enumerate(METHODS):
        for at in _SHOWN:
            found = [
                (sigma, spread)
                for sigma in results.sigmas(events)
                if (spread := results.mean_ap(at, events=events, method=method, sigma=sigma)) is not None
            ]
            lines.append(_line(f"{NAMES[method]} @{at}", found, number, dotted=at == 2))
    return [line for line in lines if line.across_N]


def _weight_lines(results: Results, events: EventSet) -> list[Line]:
    noisiest = max(results.sigmas(events), default=0.0)
    lines: list[Line] = []
    for number, weight in enumerate(results.weights(events, noisiest)):
        found = [
            (at, spread)
            for at in (0, 1, 2, 4)
            if (spread := results.mean_ap(at, events=events, method="c3", sigma=noisiest, weight=weight))
            is not None
        ]
        lines.append(_line(f"lambda {weight:g}", found, number))
    return lines


def _line(name: str, found: Sequence[tuple[float, Spread]], colour: int, dotted: bool = False) -> Line:
    return Line(
        name=name,
        across_N=[at for at, _ in found],
        value_N=[spread.mean for _, spread in found],
        spread_N=[spread.sd for _, spread in found],
        colour=colour,
        dotted=dotted,
    )


def _offset_lines(results: Results, events: EventSet) -> list[Line]:
    lines: list[Line] = []
    for number, sigma in enumerate(results.sigmas(events)):
        last = max(
            (
                len(values["offsets"])
                for cell, values in results.rows
                if (cell.events, cell.method) == (events, "c3")
            ),
            default=0,
        )
        found = [
            (epoch, spread)
            for epoch in range(last)
            if (
                spread := results.over_seeds(
                    lambda values, epoch=epoch: values["offsets"][epoch],
                    events=events,
                    method="c3",
                    sigma=sigma,
                )
            )
            is not None
        ]
        lines.append(_line(f"sigma {sigma:g}", found, number))
    return [line for line in lines if line.across_N]
