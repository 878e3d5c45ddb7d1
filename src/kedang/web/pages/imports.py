"""The import wizard: file, mapping, check, run, result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Fact, FieldBox, FindingShown, Option, Pager

STEPS = ("file", "columns", "check", "run", "result")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import in the list."""

    number: int
    address: str
    file: str
    state: str
    state_title: str
    rows: int
    created: int
    rejected: int
    who: str
    at_us: int


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """All imports this person may see."""

    rows: Sequence[BatchRow]
    pager: Pager
    may_import: bool = False


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Choose a file and what happens to customers that are there already."""

    boxes: Sequence[FieldBox]
    problems: Sequence[FindingShown] = ()
    formats: str = ""
    limit_mb: int = 0


@dataclass(frozen=True, slots=True)
class BatchHead:
    """What is said of an import on every page about it; `step` is one of STEPS."""

    number: int
    file: str
    size: int
    step: str
    state: str
    state_title: str
    who: str
    at_us: int
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class ColumnMapped:
    """A column of the file, the first values in it, and the field it goes to."""

    position: int
    title: str
    samples: Sequence[str]
    options: Sequence[Option]
    sure: str = ""
    """Why this field was proposed: `title`, `content`, `remembered`; empty when nothing fits."""

    @property
    def mapped(self) -> bool:
        """Whether the column goes anywhere."""
        return any(option.chosen and option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class MappingPage:
    """Sheet, header row, and where each column goes."""

    head: BatchHead
    sheet: Sequence[Option]
    header_row: int
    preview: Sequence[Sequence[str]]
    preview_from: int
    columns: Sequence[ColumnMapped]
    defaults: Sequence[FieldBox]
    remembered: bool = False
    problems: Sequence[FindingShown] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows and what becomes of them."""

    name: str
    label: str
    value: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule was hit."""

    rule: str
    label: str
    what: str
    severity: str
    rows: int
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A finding in a row of the file."""

    row: int
    name: str
    field: str
    found: str
    finding: FindingShown


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What would happen, before anything happens."""

    head: BatchHead
    counts: Sequence[Count]
    rules: Sequence[RuleCount]
    problems: Sequence[RowProblem]
    pager: Pager
    takes: int
    refused: Sequence[FindingShown] = ()


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The running import."""

    head: BatchHead
    phase: str
    done: int
    rows: int
    per_second: int
    left_seconds: int | None
    counts: Sequence[Count]
    running: bool = True


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What happened; undo where it is possible."""

    head: BatchHead
    counts: Sequence[Count]
    rules: Sequence[RuleCount]
    problems: Sequence[RowProblem]
    pager: Pager
    errors_file: str = ""
    may_undo: bool = False
    undone: Sequence[Count] = ()
    why: str = ""
