"""A report as one page, in Markdown and in HTML that needs nothing but itself."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.static import read

BAR, HIGH = 22, 120


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header; cells are text."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bars:
    """A histogram over whole frames: how many labels moved how far (+ is later)."""

    title: str
    counts: Mapping[int, int]


Block = str | Table | Bars


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it: paragraphs, tables and histograms."""

    title: str
    blocks: Sequence[Block]


def markdown(title: str, parts: Sequence[Part]) -> str:
    """The report as Markdown; a histogram is a table of its counts."""
    lines = [f"# {title}", ""]
    for part in parts:
        lines += [f"## {part.title}", ""]
        for block in part.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines)


def _markdown(block: Block) -> list[str]:
    if isinstance(block, str):
        return [block]
    if isinstance(block, Bars):
        shifts = sorted(block.counts)
        rows = [[f"{shift:+d}" if shift else "0", f"{block.counts[shift]:,}"] for shift in shifts]
        return [f"{block.title}:", "", *_markdown(Table(("frames", "labels"), rows))]
    rows = [block.header, ["---"] * len(block.header), *block.rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def page(title: str, parts: Sequence[Part]) -> str:
    """The report as one HTML file: no script, no request; histograms are inline SVG."""
    body = "".join(f"<h2>{html.escape(part.title)}</h2>{''.join(map(_html, part.blocks))}" for part in parts)
    name = html.escape(title)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
        f"<style>{read('report.css')}</style><h1>{name}</h1>{body}</html>\n"
    )


def _html(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{html.escape(block)}</p>"
    if isinstance(block, Bars):
        return f"<h3>{html.escape(block.title)}</h3>{_svg(block)}"
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in block.header)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in block.rows
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _svg(bars: Bars) -> str:
    """One bar per frame from the least to the largest shift, its count above, the shift below."""
    first, last = min(bars.counts, default=0), max(bars.counts, default=0)
    most = max(bars.counts.values(), default=1)
    drawn = []
    for place, shift in enumerate(range(first, last + 1)):
        count = bars.counts.get(shift, 0)
        tall, middle = HIGH * count / most, place * BAR + BAR / 2
        drawn.append(
            f'<rect x="{place * BAR + 2}" y="{20 + HIGH - tall:.1f}" width="{BAR - 4}" height="{tall:.1f}" '
            f'/><text x="{middle}" y="{36 + HIGH}">{shift:+d}</text>'
        )
        if count:
            drawn.append(f'<text x="{middle}" y="{16 + HIGH - tall:.1f}">{count}</text>')
    wide = (last - first + 1) * BAR
    words = html.escape(f"{bars.title}: " + ", ".join(f"{s:+d}: {n}" for s, n in sorted(bars.counts.items())))
    return (
        f'<svg role="img" aria-label="{words}" width="{wide}" height="{HIGH + 42}" font-size="9" '
        f'text-anchor="middle">{"".join(drawn)}</svg>'
    )
