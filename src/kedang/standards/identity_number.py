"""Resident identity numbers, GB 11643-1999: region, date of birth, order, MOD 11-2 check character."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from kedang.kernel import clock
from kedang.standards import regions
from kedang.standards.checkchar import WeightedSum, weighted
from kedang.standards.finding import Finding, Read, error, refuse, warning
from kedang.standards.folding import code_form
from kedang.standards.standard import Standard

LENGTH = 18
OLDEST = 130
_WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]
_DIGIT = {char: value for value, char in enumerate("0123456789")}
_CHECK = WeightedSum([*weighted(_DIGIT, _WEIGHTS), {**_DIGIT, "X": 10}], 11, remainder=1)

_FLOAT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}|[0-9]{16,18}\.0+")
_NEW = re.compile(r"[0-9]{17}[0-9X]")
_OLD = re.compile(r"[0-9]{15}")
_PLAIN = r"^[1-9][0-9]{16}[0-9X]$"


def define(text: str) -> Read:
    """Read one identity number; the value is without spaces, its X a capital."""
    number = code_form(text).replace("-", "")
    if _FLOAT.fullmatch(number):
        return refuse(error("identity_number.float", text))
    number = re.sub(r"\.0+$", "", number)
    if _OLD.fullmatch(number):
        born = born_on(number)
        if born is None:
            return refuse(error("identity_number.date", text))
        return Read(number, (warning("identity_number.old", text), *_region_findings(text, number)))
    if not _NEW.fullmatch(number):
        return refuse(error("identity_number.shape", text))
    born = born_on(number)
    if born is None or born > today():
        return refuse(error("identity_number.date", text))
    return Read(number, tuple(_oddities(text, number, born)))


def _oddities(text: str, number: str, born: date) -> list[Finding]:
    found = []
    if not _CHECK.holds(number):
        found.append(warning("identity_number.check", text))
    found += _region_findings(text, number)
    if today().year - born.year > OLDEST:
        found.append(warning("identity_number.age", text, born=born.isoformat()))
    return found


def _region_findings(text: str, number: str) -> list[Finding]:
    if regions.is_known(number[:6]):
        return []
    return [warning("identity_number.region", text, region=number[:6])]


def check_character(first_seventeen: str) -> str:
    """The MOD 11-2 check character for the seventeen digits before it."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return "0123456789X"[(1 - total) % 11]


def born_on(number: str) -> date | None:
    """The date of birth in a number of 18 or 15 characters; None when there is no such day."""
    digits = number[6:14] if len(number) == LENGTH else "19" + number[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def is_male(number: str) -> bool:
    """Whether the order number is odd, as given to men."""
    return int(number[16] if len(number) == LENGTH else number[14]) % 2 == 1


def today() -> date:
    """The company's own day."""
    return clock.company_day(clock.now_us())


def _plain(texts: pl.Expr) -> pl.Expr:
    number = pl.when(texts.str.contains(_PLAIN)).then(texts)
    born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    day = today()
    living = (born <= pl.lit(day.isoformat()).str.to_date()) & (born.dt.year() >= day.year - OLDEST)
    passes = _CHECK.holds_column(number)
    return pl.when(living, passes, regions.is_known_column(number.str.slice(0, 6))).then(number)


STANDARD = Standard("identity_number", define, _plain)
