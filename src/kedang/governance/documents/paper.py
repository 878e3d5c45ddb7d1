"""What stands on a paper, whoever writes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first or the second rank."""

    text: str
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: titles, rows of texts, and how wide each column is beside the others."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    @property
    def shares(self) -> tuple[int, ...]:
        """The widths, all alike where none were given."""
        return self.widths or (1,) * len(self.titles)


Part = Heading | Words | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its title, what it says of itself, its parts, and the lines on which people sign."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    signatures: tuple[str, ...] = ()
    footer: str = ""
    page: str = "%(page)s / %(pages)s"
    """How the page is counted, in the reader's language."""
    wide: bool = False
    """Across the sheet, for registers with many columns."""
