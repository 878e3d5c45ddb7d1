"""A first look into a file: what it is, where its table begins, and what its columns mean. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from kedang.intake import items, mapping_file, targets
from kedang.intake.headers import headers
from kedang.intake.layout import Layout, find, titled
from kedang.intake.mapping import Mapping, guess
from kedang.intake.models import Batch, RememberedMapping
from kedang.intake.readers import Grid, Line, Note, Sheet, Source, Unreadable, open_grid
from kedang.intake.targets import Targets
from kedang.kernel.i18n import N_
from kedang.packs import in_force

HEAD = 300
_OTHER_HEADER = N_("The file has no row %(row)s that could be the header.")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the first look found; everything a person needs to confirm the columns."""

    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    sheet: str
    layout: Layout
    cells: tuple[str, ...]
    mapping: Mapping
    remembered: bool
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]

    @property
    def columns(self) -> dict[str, Any]:
        """Shown title to field, as a batch keeps it."""
        return mapping_file.columns_of(self.mapping, self.layout)

    def samples(self, column: int, count: int = 3) -> list[str]:
        """The first values of a column, for the person who confirms."""
        below = [line.cells for line in self.lines if line.row > self.layout.header_row and not line.band]
        return [row[column] for row in below if column < len(row) and row[column].strip()][:count]


def inspect(source: Source, *, sheet: str | None = None, header_row: int | None = None) -> Inspected:
    """Look into a file; raises Unreadable. A mapping that was confirmed for these columns before is used again.

    `header_row` is the person's own choice, 0 for a table without a header.
    """
    with open_grid(source, sheet=sheet) as grid:
        lines = grid.head(HEAD)
        layout, cells = _layout(grid, lines, header_row)
        known = targets.of(in_force())
        remembered = _remembered(layout, known)
        mapping = remembered or guess(layout, lines, known)
        return Inspected(
            grid.kind,
            grid.encoding,
            grid.delimiter,
            grid.sheets,
            grid.sheet,
            layout,
            cells,
            mapping,
            remembered is not None,
            tuple(lines),
            (*grid.notes, *layout.notes),
        )


def _layout(grid: Grid, lines: Sequence[Line], header_row: int | None) -> tuple[Layout, tuple[str, ...]]:
    trim = grid.kind == "text"
    layout = find(lines, trim=trim)
    if header_row is not None and header_row != layout.header_row:
        if header_row and header_row not in {line.row for line in lines}:
            raise Unreadable("no_header", _OTHER_HEADER, row=header_row)
        layout = titled(lines, header_row, trim=trim)
    return layout, layout.cells


def _remembered(layout: Layout, known: Targets) -> Mapping | None:
    """The mapping last used for the same columns, if it still fits."""
    kept = RememberedMapping.objects.filter(layout_digest=layout.digest).first() if layout.header_row else None
    if kept is None:
        return None
    offered = items.offered(in_force())
    columns = {
        title: "" if isinstance(target, str) and items.is_item(target) and target not in offered else target
        for title, target in orjson.loads(kept.columns).items()
    }
    try:
        return mapping_file.from_columns(columns, layout, known)
    except mapping_file.WrongMapping:
        return None


def layout_of(batch: Batch) -> Layout:
    """The layout a batch was staged with."""
    cells = tuple(orjson.loads(batch.titles))
    return Layout(batch.header_row, headers(cells), certain=True, cells=cells)
