"""Classification of industries, GB/T 4754-2017: section letter, then two, three or four digits.

Sections and divisions are listed by name; a group (three digits) or class (four) is accepted below
its division. The value is the letter with all the digits that were given: C, C13, C1311.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

_CODE = re.compile(r"([A-T])?([0-9]{1,4})?(?![0-9])\s*[-.:、]?\s*(\D*)", re.IGNORECASE)
_NOISE = re.compile(r"[\s、，,和与及()·]")
_ENDING = re.compile(r"行?业$")


@cache
def sections() -> dict[str, str]:
    """The 20 sections: letter → title."""
    return {code: title for code, title in _entries() if len(code) == 1}


@cache
def divisions() -> dict[str, str]:
    """The 97 divisions: letter and two digits → title."""
    return {code: title for code, title in _entries() if len(code) == 3}


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    text = (files("kedang.standards") / "data" / "gbt4754_2017.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((code, title) for code, title in rows)


@cache
def _section_of() -> dict[str, str]:
    return {code[1:]: code[0] for code in divisions()}


@cache
def _code_of() -> dict[str, str]:
    """Codes by folded title; where a section and its one division share it, the section."""
    found: dict[str, str] = {}
    for code, title in [*sections().items(), *divisions().items()]:
        found.setdefault(_folded(title), code)
    return found


def _folded(title: str) -> str:
    return _ENDING.sub("", _NOISE.sub("", title))


def title_of(code: str) -> str:
    """The title of a section or division; of a group or class, that of its division; empty if unknown."""
    return sections().get(code) or divisions().get(code[:3]) or ""


def define(text: str) -> Read:
    """Read a code, a title, or a code followed by its title."""
    plain = re.sub(r"\.0+$", "", ascii_form(text).replace("(", " (")).strip()
    match = _CODE.fullmatch(plain)
    if match and (match[1] or match[2]):
        read = _read_code(text, (match[1] or "").upper(), match[2] or "")
        if read.ok or not match[3]:
            return read
    if code := _code_of().get(_folded(plain)):
        return Read(code)
    return refuse(error("industry.unknown", text))


def _read_code(text: str, letter: str, digits: str) -> Read:
    if not digits:
        return Read(letter)
    if len(digits) == 1:
        digits = "0" + digits
    section = _section_of().get(digits[:2])
    if section is None:
        return refuse(error("industry.unknown", text))
    if letter and letter != section:
        return Read(section + digits, (warning("industry.section", text, read=section + digits),))
    return Read(section + digits)


def _plain(texts: pl.Expr) -> pl.Expr:
    known = texts.str.slice(0, 3).is_in([*sections(), *divisions()])
    return pl.when(texts.str.contains(r"^[A-T](?:[0-9]{2,4})?$") & known).then(texts)


STANDARD = Standard("industry", define, _plain)
