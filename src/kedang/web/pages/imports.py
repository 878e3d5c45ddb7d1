"""The import wizard: file, mapping, check, run, result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
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
    """Choose a file."""

    limit_mb: int
    problems: Sequence[FindingShown] = ()


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
    note: str = ""
    """What to know of the choice: taken from last time, to be checked, or why the column is left out."""
    doubtful: bool = False

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
    notes: Sequence[str] = ()
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


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that needs a person, and what is wrong in it."""

    row: int
    name: str
    findings: Sequence[FindingShown]
    """Each labelled with its field."""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What would happen, before anything happens."""

    head: BatchHead
    counts: Sequence[Count]
    rules: Sequence[RuleCount]
    problems: Sequence[RowProblem]
    pager: Pager
    takes: int
    kinds: Sequence[Option] = ()
    """Which rows are listed: rejected or repeated ones."""
    asks: Asks = field(default_factory=Asks)
    refused: Sequence[FindingShown] = ()
    """Why taking in was refused just now."""


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
    stalled: bool = False
    """No worker is alive, so nothing goes on."""
    waiting: bool = False
    """Nothing runs until everybody has signed."""
    request: str = ""
    """Address of the request that is being signed."""
    signers: Sequence[str] = ()
    """Whose signature it waits for now."""
    may_stop: bool = False
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What happened; undo where it is possible."""

    head: BatchHead
    counts: Sequence[Count]
    rules: Sequence[RuleCount]
    problems: Sequence[RowProblem]
    pager: Pager
    kinds: Sequence[Option] = ()
    errors_file: str = ""
    may_undo: bool = False
    again: str = ""
    """Address of the mapping of an import that failed, to try once more."""
    kept: Sequence[str] = ()
    """Codes an undo left alone because somebody changed them since."""
    why: str = ""
    own: bool = True
    """False: brought by somebody else, so its rows are not shown."""
    asks: Asks = field(default_factory=Asks)
    """What taking it back asks for."""
    refused: Sequence[FindingShown] = ()
