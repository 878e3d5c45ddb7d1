"""Numbers and codes that a company builds by its own rule: whether one fits, how it is built, the next one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from stdnum.iso7064 import mod_11_2, mod_37_2, mod_97_10

from kedang.kernel.i18n import N_
from kedang.packs.forms import Grammar, GrammarPart, Numbering, NumberPart
from kedang.packs.vocabulary import Range

DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DATES = {"yyyy": "%Y", "yy": "%y", "yyyymm": "%Y%m", "yyyymmdd": "%Y%m%d"}
_DATE_SHAPE = {
    "yyyy": r"(?:19|20|21)\d\d",
    "yy": r"\d\d",
    "yyyymm": r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])",
    "yyyymmdd": r"(?:19|20|21)\d{6}",
}
_SAMPLE_DAY = date(2026, 3, 2)
_LONGEST = 64


def matches(grammar: Grammar, text: str) -> bool:
    """Whether a text is built by the grammar, check characters included."""
    whole, reached = (text.upper() if grammar.upper else text), {0}
    if len(whole) > _LONGEST:
        return False
    for part in grammar.parts:
        stops = {stop for start in reached for stop in _stops(part, whole, start, grammar.upper)}
        reached = stops | reached if part.optional else stops
    return len(whole) in reached


def written(grammar: Grammar, text: str) -> str:
    """A text as the grammar writes it: without spaces around, letters in capitals where it says so."""
    return text.strip().upper() if grammar.upper else text.strip()


def explain(grammar: Grammar, translate: Callable[[str], str] = str) -> str:
    """How a code of the grammar is built, piece by piece, with an example."""
    pieces = [_said(part, translate) for part in grammar.parts]
    shape = translate(N_("%(title)s is built so: %(pieces)s.")) % {"title": grammar.title, "pieces": " + ".join(pieces)}
    return shape + " " + translate(N_("Such as %(example)s.")) % {"example": example(grammar)}


def example(grammar: Grammar) -> str:
    """A code that fits: the one the pack gives, else one made from the parts."""
    if grammar.example:
        return grammar.example
    out = ""
    for part in grammar.parts:
        out += check_over(part.check, out) if part.check else _sample(part)
    return out


def number(
    numbering: Numbering, *, day: date, unit_code: str, serial: int, items: Mapping[str, Any]
) -> str:  # fmt: skip
    """The number of the `serial`-th row; `items` are answers of the form as codes."""
    out = ""
    for part in numbering.parts:
        out += check_over(part.check, out) if part.check else _written(part, day, unit_code, serial, items)
    return out


def period(numbering: Numbering, day: date) -> str:
    """The period within which serials count on: `""`, `2026`, `202603` or `20260302`."""
    return day.strftime({"never": "", "yearly": "%Y", "monthly": "%Y%m", "daily": "%Y%m%d"}[numbering.restart])


def check_over(system: str, text: str) -> str:
    """The check character or digits of ISO 7064 over a text; signs the system does not know are passed over."""
    upper = text.upper()
    digits = "".join(char for char in upper if char in DIGITS)
    both = "".join(char for char in upper if char in DIGITS + LETTERS)
    if system == "mod11_2":
        return str(mod_11_2.calc_check_digit(digits or "0"))
    if system == "mod37_2":
        return str(mod_37_2.calc_check_digit(both or "0"))
    return str(mod_97_10.calc_check_digits(both or "0"))


def _stops(part: GrammarPart, text: str, start: int, upper: bool) -> Iterator[int]:
    """Where one part can end that begins at `start`."""
    if part.check:
        wanted = check_over(part.check, text[:start])
        if text.startswith(wanted, start):
            yield start + len(wanted)
    elif part.text or part.one_of:
        words = [word.upper() if upper else word for word in (part.text, *part.one_of) if word]
        yield from (start + len(word) for word in words if text.startswith(word, start))
    elif part.date:
        if (found := re.compile(_DATE_SHAPE[part.date], re.ASCII).match(text, start)) and _is_day(part.date, found[0]):
            yield found.end()
    else:
        yield from _runs(part, text, start)


def _runs(part: GrammarPart, text: str, start: int) -> Iterator[int]:
    counted, signs = _counted(part)
    least, most = counted.min or 0, _LONGEST if counted.max is None else counted.max
    for length in range(min(most, len(text) - start) + 1):
        if length and text[start + length - 1].upper() not in signs:
            return
        if length >= least:
            yield start + length


def _counted(part: GrammarPart) -> tuple[Range, str]:
    if part.letters:
        return part.letters, LETTERS
    if part.digits:
        return part.digits, DIGITS
    return part.either or Range(min=0, max=0), DIGITS + LETTERS


def _is_day(shape: str, text: str) -> bool:
    if shape != "yyyymmdd":
        return True
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _sample(part: GrammarPart) -> str:
    if part.text or part.one_of:
        return part.text or part.one_of[0]
    if part.date:
        return _SAMPLE_DAY.strftime(DATES[part.date])
    counted, _ = _counted(part)
    least = counted.min or 1
    return LETTERS[:least].ljust(least, "A") if part.letters else "1".rjust(least, "0")


def _said(part: GrammarPart, translate: Callable[[str], str]) -> str:
    """One part in words."""
    said = _core(part, translate)
    return translate(N_("%(part)s (may be missing)")) % {"part": said} if part.optional else said


def _core(part: GrammarPart, translate: Callable[[str], str]) -> str:
    if part.text:
        return translate(N_("“%(text)s”")) % {"text": part.text}
    if part.one_of:
        return translate(N_("one of %(words)s")) % {"words": "、".join(part.one_of)}
    if part.date:
        return translate(N_("the date as %(shape)s")) % {"shape": part.date}
    if part.check:
        return translate(N_("a check character"))
    counted, signs = _counted(part)
    kind = {LETTERS: N_("%(count)s letters"), DIGITS: N_("%(count)s digits")}.get(
        signs, N_("%(count)s letters or digits")
    )
    return translate(kind) % {"count": _how_many(counted)}


def _how_many(counted: Range) -> str:
    least = counted.min or 0
    if counted.max is None:
        return f"≥{least}"
    return str(least) if least == counted.max else f"{least}-{counted.max}"


def _written(part: NumberPart, day: date, unit_code: str, serial: int, items: Mapping[str, Any]) -> str:
    if part.text:
        return part.text
    if part.date:
        return day.strftime(DATES[part.date])
    if part.unit:
        return unit_code
    if part.serial:
        return str(serial).zfill(part.serial)
    return str(items.get(part.item or "", ""))
