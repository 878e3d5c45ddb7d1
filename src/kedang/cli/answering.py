"""How commands answer: one JSON object, or lines for people; progress goes to the other stream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

import click
import orjson


def answer(result: dict[str, Any], *, json: bool, lines: Iterable[str] = ()) -> None:
    """Print the result: as the one JSON object, or as the given lines."""
    if json:
        click.echo(orjson.dumps(result).decode())
        return
    for line in lines:
        click.echo(line)


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of an aligned table; Chinese characters count as two columns."""
    cells = [list(titles), *([str(cell) for cell in row] for row in rows)]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(titles))]
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def note(text: str) -> None:
    """A line for the person at the terminal, apart from the result."""
    click.echo(text, err=True)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
