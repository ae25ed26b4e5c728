"""How classes that a flip of the picture swaps are told on the command line."""

from collections.abc import Sequence
from typing import Annotated

import typer

from spotting.errors import BadConfig

Mirror = Annotated[
    list[str] | None,
    typer.Option(help="Two classes that a flipped picture swaps, LEFT=RIGHT; may be given several times."),
]


def pairs(told: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """The pairs of class names in texts such as "left_turn=right_turn". Raises `BadConfig`."""
    split = [tuple(text.split("=")) for text in told or ()]
    for text, names in zip(told or (), split, strict=True):
        if len(names) != 2 or not all(names):
            raise BadConfig(f"--mirror {text}: must be two classes, LEFT=RIGHT")
    return tuple((left, right) for left, right in split)
