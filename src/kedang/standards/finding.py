"""What a check says: the value it read, and each finding with its rule and its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from types import MappingProxyType
from typing import Any, Literal

import polars as pl

from kedang.standards.messages import MESSAGES

Severity = Literal["error", "warning"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
FOUND_LIMIT = 120
NOTHING: Mapping[str, Any] = MappingProxyType({})


def _as_written(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule a text breaks.

    An `error` means that no value could be read, or that this one must not be stored. A `warning`
    means that the value looks odd and is kept with the finding beside it. `found` is the text as it
    was given, cut to 120 characters; it may be personal, so it is stored and shown like the value.
    """

    field: str
    rule: str
    severity: Severity
    found: str
    params: Mapping[str, Any] = attribute(default_factory=lambda: NOTHING)

    def what(self, translate: Callable[[str], str] = _as_written) -> str:
        """What was found, as a sentence for the person who has to mend it."""
        return translate(MESSAGES[self.rule][0]) % self._words()

    def remedy(self, translate: Callable[[str], str] = _as_written) -> str:
        """How to mend it."""
        return translate(MESSAGES[self.rule][1]) % self._words()

    def _words(self) -> dict[str, Any]:
        return {**self.params, "found": self.found, "field": self.field}


def error(rule: str, found: str, **params: Any) -> Finding:
    """A finding that keeps the value out; the field is named by whoever asked."""
    return Finding("", rule, ERROR, found[:FOUND_LIMIT], params)


def warning(rule: str, found: str, **params: Any) -> Finding:
    """A finding that goes with the value; the field is named by whoever asked."""
    return Finding("", rule, WARNING, found[:FOUND_LIMIT], params)


@dataclass(frozen=True, slots=True)
class Read:
    """What one text was read as. Errors stand before warnings; with an error there is no value."""

    value: Any
    findings: tuple[Finding, ...] = ()

    @property
    def rule(self) -> str | None:
        """The rule of the first finding, as the column form gives it."""
        return self.findings[0].rule if self.findings else None

    @property
    def severity(self) -> Severity | None:
        """The severity of the first, hence worst, finding."""
        return self.findings[0].severity if self.findings else None

    @property
    def ok(self) -> bool:
        """Whether the value may be stored."""
        return self.severity != ERROR

    def for_field(self, name: str) -> Read:
        """The same reading with its findings put to a field."""
        if not self.findings or not name:
            return self
        return Read(self.value, tuple(replace(finding, field=name) for finding in self.findings))


def refuse(finding: Finding, empty: Any = None) -> Read:
    """No value, for this reason."""
    return Read(empty, (finding,))


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """What a column was read as: three series as long as the column.

    `rule` and `severity` are those of each row's first finding, null where there is none. `reads`
    holds the full reading of every distinct text that was not plainly in order, so that all findings
    of a row can be shown without checking again.
    """

    value: pl.Series
    rule: pl.Series
    severity: pl.Series
    field: str = ""
    reads: Mapping[str, Read] = attribute(default_factory=lambda: NOTHING)

    def findings(self, text: str | None) -> tuple[Finding, ...]:
        """All findings on one text of the column."""
        read = self.reads.get(text) if text is not None else None
        return read.for_field(self.field).findings if read else ()
