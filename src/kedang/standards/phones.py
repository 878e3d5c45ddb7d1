"""Telephone numbers: one cell may hold several, run together or shortened; values are E.164.

Mobile numbers are 1[3-9] and nine digits; landlines are an area code (010, 02x, 0xxx) and seven or
eight digits; 400 and 800 numbers have ten. An extension is kept as RFC 3966 writes it
(`+8657187061501;ext=8120`). A number without its area code is kept as it is, with a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

EXTENSION = ";ext="
_LONGEST_CELL = 400
_AREA = r"10|2[0-57-9]|[3-9][0-9]{2}"
_LOCAL = r"[2-9][0-9]{6,7}"
_COUNTRY = r"(?:\+?86[- ]?|0086[- ]?)?"
_EXTENSION_MARK = re.compile(r"\s*(?:转|分机号?|EXT\.?|#|X)[:\s-]*(?=[0-9])", re.IGNORECASE)
_BRACKETED_AREA = re.compile(r"\(\s*(\+?[0-9]{2,5})\s*\)\s*-?(?=[0-9])")
_EXTENSION_IN_BRACKETS = re.compile(r"\((x[0-9]{1,6})\)")
_SEPARATOR = re.compile(r"[^0-9x+\- ]+")
_MOBILE = re.compile(rf"{_COUNTRY}0?(1[3-9][0-9]{{9}})")
_LANDLINE = re.compile(rf"{_COUNTRY}\(?0?({_AREA})\)?-?({_LOCAL})(?:[x-]([0-9]{{1,6}}))?")
_SERVICE = re.compile(r"(?:[48]00[0-9]{7}|9[56][0-9]{3,6}|1[0-2][0-9]{3,4}|1[12][0-9])(?:x([0-9]{1,6}))?")
_FOREIGN = re.compile(r"(?:\+|00)(?!86)([1-9][0-9]{6,14})(?:x([0-9]{1,6}))?")
_BARE = re.compile(rf"({_LOCAL})(?:[x-]([0-9]{{1,6}}))?")
_LAST_DIGITS = re.compile(r"[0-9]{1,4}")

_PLAIN_MOBILE = r"^1[3-9][0-9]{9}$"
_PLAIN_LANDLINE = r"^0(?:(?:10|2[0-57-9])-[2-8][0-9]{7}|[3-9][0-9]{2}-[2-8][0-9]{6,7})$"


@dataclass(slots=True)
class _Cell:
    """The numbers found so far in one cell; a later one inherits the area of the one before."""

    numbers: list[str]
    unread: list[str]
    area: str = ""
    local: bool = False

    def add(self, digits: str, extension: str | None = None) -> None:
        number = digits + (EXTENSION + extension if extension else "")
        if number not in self.numbers:
            self.numbers.append(number)


def define(text: str) -> Read:
    """Read all the numbers of one cell; the value is a list in the order of the cell."""
    if len(text) > _LONGEST_CELL:
        return refuse(error("phones.shape", text), [])
    cell = _Cell([], [])
    for piece, after_slash in _pieces(text):
        if not (_read_number(piece, cell) or _read_spaced(piece, cell) or _read_run(piece, cell)):
            _read_last_digits(piece, after_slash, cell)
    if not cell.numbers:
        return refuse(error("phones.shape", text), [])
    findings = []
    if cell.unread:
        findings.append(warning("phones.part_unread", text, part=", ".join(cell.unread)))
    if cell.local:
        findings.append(warning("phones.no_area", text))
    return Read(cell.numbers, tuple(findings))


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The cell cut at everything that is not part of a number; whether a slash stood before each."""
    plain = ascii_form(text).replace(EXTENSION, "x").replace("\n", ";").replace("(0)", "")
    plain = _BRACKETED_AREA.sub(r" \1-", plain)
    plain = re.sub(r"\.0+$", "", plain)
    plain = _EXTENSION_IN_BRACKETS.sub(r"\1", _EXTENSION_MARK.sub("x", plain))
    pieces, start, slash = [], 0, False
    for cut in [*_SEPARATOR.finditer(plain), None]:
        piece = plain[start : cut.start() if cut else None].strip(" -")
        if any(char.isdigit() for char in piece):
            pieces.append((re.sub(r"\s*-[\s-]*", "-", piece), slash))
        if cut:
            start, slash = cut.end(), cut[0] == "/"
    return pieces


def _read_number(piece: str, cell: _Cell) -> bool:
    """Read a piece that is one number, its digits perhaps grouped by spaces or hyphens."""
    joined = piece.replace(" ", "")
    digits = joined.replace("-", "")
    if match := _MOBILE.fullmatch(digits):
        cell.add("+86" + match[1])
    elif match := _FOREIGN.fullmatch(digits):
        cell.add("+" + match[1], match[2])
    elif match := _SERVICE.fullmatch(digits):
        cell.add(digits.partition("x")[0], match[1])
    elif (match := _landline(joined, piece)) is not None:
        cell.area = match[1]
        cell.add(f"+86{match[1]}{match[2]}", match[3])
    elif match := _BARE.fullmatch(joined) or _BARE.fullmatch(digits):
        cell.local = cell.local or not cell.area
        cell.add(f"+86{cell.area}{match[1]}" if cell.area else match[1], match[2])
    else:
        return False
    return True


def _landline(joined: str, piece: str) -> re.Match[str] | None:
    """An area code with its number: the code needs its 0, a country code, or a mark after it."""
    for form in (joined, joined.replace("-", ""), piece.replace(" ", "-", 1).replace(" ", "")):
        match = _LANDLINE.fullmatch(form)
        if match is None or (len(match[1]) == 2 and len(match[2]) != 8):
            continue
        if form.startswith(("0", "+", "86")) or form[len(match[1])] == "-":
            return match
    return None


def _read_spaced(piece: str, cell: _Cell) -> bool:
    """Read a piece whose spaces separate numbers; all of them or none."""
    words = piece.split()
    if len(words) < 2:
        return False
    trial = _Cell(list(cell.numbers), [], cell.area, cell.local)
    if not all(_read_number(word, trial) or _read_run(word, trial) for word in words):
        return False
    cell.numbers, cell.area, cell.local = trial.numbers, trial.area, trial.local
    return True


def _read_run(piece: str, cell: _Cell) -> bool:
    """Read numbers written one after the other without a separator, where that gives one reading."""
    readings = _runs(piece.replace(" ", ""), cell.area)
    if len(readings) != 1:
        return False
    for area, number in readings[0]:
        cell.area = area or cell.area
        cell.add(f"+86{area}{number}")
    return True


def _runs(digits: str, area: str) -> list[list[tuple[str, str]]]:
    """All the ways to cut a run of digits into whole numbers (at most two kept: one, or not sure)."""
    if not digits:
        return [[]]
    found: list[list[tuple[str, str]]] = []
    for head_area, number, length in _heads(digits, area):
        for tail in _runs(digits[length:].lstrip("-"), head_area or area):
            found.append([(head_area, number), *tail])
            if len(found) > 1:
                return found
    return found


def _heads(digits: str, area: str) -> list[tuple[str, str, int]]:
    """The numbers that a run may begin with: area code, number, length."""
    heads = []
    if match := re.match(r"1[3-9][0-9]{9}", digits):
        heads.append(("", match[0], match.end()))
    for length in (8, 7):
        if match := re.match(rf"0({_AREA})-?([2-8][0-9]{{{length - 1}}})", digits):
            if length == 8 or len(match[1]) == 3:
                heads.append((match[1], match[2], match.end()))
        elif area and (match := re.match(rf"[2-8][0-9]{{{length - 1}}}", digits)):
            heads.append((area, match[0], match.end()))
    return heads


def _read_last_digits(piece: str, after_slash: bool, cell: _Cell) -> None:
    """0571-87061501/02: the digits after the slash replace as many at the end of the number before."""
    if after_slash and cell.numbers and _LAST_DIGITS.fullmatch(piece) and EXTENSION not in cell.numbers[-1]:
        cell.add(cell.numbers[-1][: -len(piece)] + piece)
    else:
        cell.unread.append(piece)


def subscriber(number: str) -> str:
    """A stored number without its extension."""
    return number.partition(EXTENSION)[0]


def tail(number: str, length: int = 4) -> str:
    """The last digits of a stored number, by which people name it; its extension does not count."""
    return subscriber(number)[-length:]


def _plain(texts: pl.Expr) -> pl.Expr:
    mobile = pl.when(texts.str.contains(_PLAIN_MOBILE)).then(texts)
    landline = pl.when(texts.str.contains(_PLAIN_LANDLINE)).then(texts.str.slice(1).str.replace("-", "", literal=True))
    number = pl.lit("+86") + pl.coalesce(mobile, landline)
    return pl.when(number.is_not_null()).then(pl.concat_list(number))


STANDARD = Standard("phones", define, _plain, dtype=pl.List(pl.String()), empty=[])
