"""Parts that several pages share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingShown:
    """What the data standard says of a value: `severity` is error or warning, `remedy` how to mend it."""

    severity: str
    what: str
    remedy: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select; `count` is shown where it is known."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FieldBox:
    """One field of a form with what it holds and what is wrong with it.

    `kind`: text, textarea, select, date, number, tel, email, url, password, file.
    `key`: changing it needs a reason.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    options: Sequence[Option] = ()
    help: str = ""
    required: bool = False
    key: bool = False
    maxlength: int = 0
    placeholder: str = ""
    autocomplete: str = "off"
    findings: Sequence[FindingShown] = ()
    wide: bool = False
    full: bool = False
    mono: bool = False
    suggestions: Sequence[str] = ()

    @property
    def worst(self) -> str:
        """`error`, `warning` or empty."""
        severities = {finding.severity for finding in self.findings}
        return "error" if "error" in severities else "warning" if severities else ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A titled group of fields."""

    title: str
    boxes: Sequence[FieldBox]
    icon: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: query strings of the page before and after, empty where there is none."""

    before: str = ""
    after: str = ""
    shown: int = 0
    total: int | None = None
    total_exact: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows a list."""

    name: str
    label: str
    options: Sequence[Option]

    @property
    def chosen(self) -> Option | None:
        """The option in force, None for all."""
        return next((option for option in self.options if option.chosen and option.value), None)


@dataclass(frozen=True, slots=True)
class DeedShown:
    """A deed this person may do here; `note` says beforehand what it asks for."""

    title: str
    address: str
    icon: str
    note: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a text, for short summaries."""

    label: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a dossier; `count` is the number of records on it, 0 where none is told."""

    title: str
    address: str
    icon: str = ""
    count: int = 0
    here: bool = False
