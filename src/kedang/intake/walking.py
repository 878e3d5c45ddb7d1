"""The walk over a file that checking and committing share: read, put aside, check, find repeats, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from kedang.files.storage import BlobSource
from kedang.intake import body, checking, mapping_file, originating, planning, reading, targets
from kedang.intake.judging import Judge
from kedang.intake.mapping import Mapping as ColumnMapping
from kedang.intake.models import Batch
from kedang.intake.planning import Plan, Rules, Slice, Taken
from kedang.intake.readers import Chunk, open_grid
from kedang.intake.seen import Seen
from kedang.kernel.deeds import Deed
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from kedang.people import units

BLOCK_ROWS = 50_000
STEP_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Step:
    """A slice of the file and what becomes of it."""

    plan: Plan
    cells: Callable[[Iterable[int]], Mapping[int, tuple[str, ...]]]
    """The original cells of some rows."""
    total: int
    """How many rows the file has, as far as can be told by now."""
    again: Callable[[int], Plan]
    """Judge the rows above a number anew, after somebody else wrote meanwhile."""
    judge: Judge


@dataclass
class Walk:
    """One walk over the file of a batch."""

    deed: Deed
    batch: Batch
    taken: Taken = field(default_factory=Taken)
    asides: int = 0
    tried: bool = False
    """Only looked at: rows that need a signature are not turned away for want of it."""

    @property
    def signed(self) -> tuple[Any, ...] | None:
        """The steps signed for the batch; None where it is only tried."""
        return None if self.tried else self.deed.signed

    def steps(self, *, after: int) -> Iterator[Step]:
        """Every slice of the rows numbered above `after`; earlier rows are read again only to find repeats."""
        layout = reading.layout_of(self.batch)
        pack, defaults, seen, read = units.pack_for(self.batch.unit_id), self.batch.default_values, Seen(), 0
        mapping = mapping_file.from_columns(self.batch.column_table, layout, targets.stored(pack))
        rules = self._rules(mapping, pack)
        with open_grid(BlobSource(self.batch.blob), sheet=self.batch.sheet or None) as grid:
            for chunk in grid.frames(after=layout.header_row, width=layout.width, rows=BLOCK_ROWS):
                records, asides = body.split(chunk, layout, mapping.columns)
                self.asides += len(asides)
                block = checking.check(records, mapping, pack, defaults)
                repeats = seen.repeats(block.frame.filter(~block.frame["bad"]))
                read += len(block.frame) + len(records.ragged)
                total = round(read / max(grid.progress(), 0.001))
                for part in planning.slices(block, records.ragged, after, STEP_ROWS):
                    yield _step(_Judged(block, part, repeats, rules), records, total)

    def _rules(self, mapping: ColumnMapping, pack: Pack) -> Rules:
        batch, actor = self.batch, self.deed.actor
        judge = Judge(
            pack,
            actor,
            Given(self.deed.reason, self.deed.evidence),
            batch.unit_id,
            mine=batch.owner_ref in ("", actor.id),
            signed=self.signed,
            enrich=self.deed.enrich,
            answers=self.deed.answers,
        )
        asked = frozenset(use.field for use in mapping.uses) | frozenset(batch.default_values)
        coming = originating.coming(pack, batch, self.deed.evidence)
        return Rules(judge, batch.on_duplicate, asked, self.taken, coming)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is needed to judge a slice, once or again."""

    block: checking.Block
    part: Slice
    repeats: Mapping[int, int]
    rules: Rules

    def judge(self) -> Plan:
        return planning.plan(self.block, self.part, self.repeats, self.rules)


def _step(judged: _Judged, chunk: Chunk, total: int) -> Step:
    made = judged.judge()

    def again(after: int) -> Plan:
        judged.rules.taken.ids.difference_update(c.dossier_id for c in made.changes if c.row > after)
        return replace(judged, part=judged.part.above(after)).judge()

    return Step(made, partial(_cells, chunk, judged.part), total, again, judged.rules.judge)


def _cells(chunk: Chunk, part: Slice, rows: Iterable[int]) -> dict[int, tuple[str, ...]]:
    wanted = set(rows)
    if not wanted:
        return {}
    found = {entry.row: tuple(entry.cells) for entry in part.ragged if entry.row in wanted}
    frame = chunk.frame.filter(chunk.frame["row"].is_in(sorted(wanted)))
    for row, *cells in frame.iter_rows():
        found[row] = tuple(cell or "" for cell in cells)
    return found
