"""One answer of each type: read from what a person typed, to be tested by the regulation, and shown again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from kedang.customers.selectors import dossier_by_code
from kedang.files.models import Blob
from kedang.governance.registers import selectors
from kedang.governance.registers.problems import Problem, problem
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import grammars
from kedang.packs.forms import Item
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Range
from kedang.people.selectors import colleague, unit_by_code
from kedang.standards import check
from kedang.standards.private import holds_personal_number

YES = frozenset({"yes", "true", "1", "on", "是", "y", "有", "同意"})
NO = frozenset({"no", "false", "0", "off", "否", "n", "无", "不同意"})
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_LARGEST = 10**15
Answer = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as it is asked: of whom, when, under which regulation."""

    pack: Pack
    name: str
    item: Item
    by: Actor
    at_us: int


class Wrong(Exception):
    """An answer that cannot stand, as the problem to tell."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.rule)
        self.found = found


def read(asked: Asked, raw: Any) -> Answer | None:
    """The stored form of an answer, None for an empty one; raises Wrong."""
    if asked.item.type == "choices":
        return _choices(asked, raw)
    if isinstance(raw, list | tuple | set | frozenset | Mapping):
        raise Wrong(problem(asked.name, "form.unreadable", title=asked.item.title))
    text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw if raw is not None else "").strip()
    if not text:
        return None
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\r\n" for char in text):
        raise Wrong(problem(asked.name, "form.unreadable", title=asked.item.title))
    return _READERS[asked.item.type](asked, text)


def fact(item: Item, answer: Any, at_us: int) -> str | int | frozenset[str]:
    """What the regulation tests: a code, a number, a set of codes, days from today."""
    if item.type == "date":
        return (date.fromisoformat(str(answer)) - clock.company_day(at_us)).days
    return frozenset(answer) if isinstance(answer, list) else answer


def _no(asked: Asked, rule: str, found: object, **params: Any) -> Wrong:
    return Wrong(problem(asked.name, rule, found, title=asked.item.title, **params))


def _text(asked: Asked, text: str) -> str:
    item = asked.item
    clean = text.replace("\r\n", "\n") if item.type == "long_text" else " ".join(text.split())
    if len(clean) < item.min_chars:
        raise _no(asked, "form.short", "", count=len(clean), least=item.min_chars)
    if len(clean) > item.max_chars:
        raise _no(asked, "form.long", "", count=len(clean), most=item.max_chars)
    if item.grammar:
        grammar = asked.pack.grammars[item.grammar]
        clean = grammars.written(grammar, clean)
        if not grammars.matches(grammar, clean):
            raise _no(asked, "form.grammar", clean, explained=grammars.explain(grammar, gettext))
    if not item.personal and holds_personal_number(clean):
        raise _no(asked, "form.personal", "")
    return clean


def _whole(asked: Asked, text: str, rule: str) -> int:
    bare = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _WHOLE.fullmatch(bare):
        raise _no(asked, rule, text)
    return _within(asked, int(bare))


def _within(asked: Asked, number: int, shown: object = None) -> int:
    allowed = asked.item.range
    if allowed is not None and not allowed.holds(number):
        rule = "form.range_date" if asked.item.type == "date" else "form.range"
        raise _no(asked, rule, number if shown is None else shown, allowed=_span(allowed, asked.item.type == "money"))
    return number


def _span(allowed: Range, money: bool) -> str:
    def side(number: int | None) -> str:
        return "" if number is None else f"{number / 100:g}" if money else str(number)

    return f"{side(allowed.min)} … {side(allowed.max)}".strip()


def _number(asked: Asked, text: str) -> int:
    return _whole(asked, text, "form.number")


def _percent(asked: Asked, text: str) -> int:
    return _whole(asked, unicodedata.normalize("NFKC", text).removesuffix("%"), "form.percent")


def _money(asked: Asked, text: str) -> int:
    """Yuan as people write them, kept in fen."""
    sign = -1 if text.startswith(("-", "－")) else 1
    found = check("capital", text.lstrip("-－"))
    if not found.ok or found.value is None or found.value[1] != "CNY" or found.value[0] > _LARGEST:
        raise _no(asked, "form.money", text)
    return _within(asked, sign * int(found.value[0]), text)


def _date(asked: Asked, text: str) -> str:
    found = check("date", text)
    if not found.ok or not isinstance(found.value, date):
        raise _no(asked, "form.date", text)
    _within(asked, (found.value - clock.company_day(asked.at_us)).days, found.value.isoformat())
    return found.value.isoformat()


def options_of(pack: Pack, item: Item) -> dict[str, str]:
    """The possible answers of an item by code; empty where they are not counted out."""
    if item.type == "channel":
        return {code: way.title for code, way in pack.channels.items()}
    if item.type == "purpose":
        return {code: purpose.title for code, purpose in pack.purposes.items()}
    return dict(item.options)


def _choice(asked: Asked, text: str) -> str:
    options = options_of(asked.pack, asked.item)
    found = text if text in options else next((code for code, title in options.items() if title == text), "")
    if not found:
        raise _no(asked, "form.choice", text, options="、".join(options.values()) or "-")
    return found


def _choices(asked: Asked, raw: Any) -> list[str] | None:
    parts = raw if isinstance(raw, list | tuple | set | frozenset) else re.split(r"[,，、;；\n]", str(raw or ""))
    words = [word for part in parts if (word := str(part).strip())]
    return sorted({_choice(asked, word) for word in words}) or None


def _yes_no(asked: Asked, text: str) -> str:
    folded = text.lower()
    if folded not in YES | NO:
        raise _no(asked, "form.yes_no", text)
    return "yes" if folded in YES else "no"


def _staff(asked: Asked, text: str) -> str:
    try:
        return colleague(text.removeprefix("staff:")).username
    except NotVisible:
        raise _no(asked, "form.staff", text) from None


def _unit(asked: Asked, text: str) -> str:
    try:
        return unit_by_code(text.removeprefix("unit:")).code
    except NotVisible:
        raise _no(asked, "form.unit", text) from None


def _dossier(asked: Asked, text: str) -> str:
    try:
        return dossier_by_code(asked.by, text.removeprefix("dossier:").strip()).code
    except NotVisible:
        raise _no(asked, "form.dossier", text) from None


def _row(asked: Asked, text: str) -> str:
    """The number of a row; with its register before it where the item names none."""
    register, slash, number = text.removeprefix("row:").partition("/")
    if asked.item.register_ and not (slash and register == asked.item.register_):
        register, number = asked.item.register_, text.removeprefix("row:")
    try:
        row = selectors.row_by_number(asked.pack, asked.by, register, number)
    except NotVisible:
        raise _no(asked, "form.row", text) from None
    return row.number if asked.item.register_ else f"{row.register}/{row.number}"


def _file(asked: Asked, text: str) -> str:
    if not Blob.objects.filter(token=text[:32], by_ref=asked.by.id).exists():
        raise _no(asked, "form.file", text)
    return text[:32]


_READERS: dict[str, Callable[[Asked, str], Answer]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "percent": _percent,
    "date": _date,
    "choice": _choice,
    "channel": _choice,
    "purpose": _choice,
    "yes_no": _yes_no,
    "staff": _staff,
    "unit": _unit,
    "dossier": _dossier,
    "row": _row,
    "file": _file,
}
