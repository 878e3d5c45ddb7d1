"""The words above a column: compared without spaces, width, case and signs; a unit in brackets is kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_NOISE = re.compile(r"[\s_\-*#:：?？·\u200b\ufeff\x00-\x1f]+")
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]$")
_DECORATION = frozenset({"必填", "选填", "非必填", "必填项", "required", "optional", "文本", "格式"})
_MONEY = re.compile(r"^(?:单位)?(?:人民币)?(千|万|百万|亿)?(元|美元|欧元|港元|港币|日元|英镑|人民币|人民币元)?$")


OWN_TITLES = ("行号", "字段", "规则", "说明")
"""Columns our own errors workbook adds; a corrected one comes back with them."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column title: as shown, as compared, without its bracket, and the unit the bracket names."""

    shown: str
    key: str
    bare: str
    unit: str = ""


def header(text: str) -> Header:
    """Read one column title."""
    shown = _SPACE.sub("" if _is_spread(text) else " ", text).strip()
    key = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    bare, unit = key, ""
    while match := _BRACKET.search(bare):
        inside, bare = match[1], bare[: match.start()]
        if inside and _MONEY.match(inside):
            unit = inside.removeprefix("单位")
        if inside in _DECORATION or not inside:
            key = bare
    return Header(shown, key, bare or key, unit)


def _is_spread(text: str) -> bool:
    """Whether the spaces only stretch the word, as in 省    份."""
    return not any(char.isascii() and char.isalnum() for char in text)


def headers(cells: Sequence[str]) -> tuple[Header, ...]:
    """Column titles made unique: a second 电话 is shown as 电话 (2), a missing one as its column letter."""
    out: list[Header] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(cells):
        read = header(cell)
        shown = read.shown or f"[{column_letter(index)}]"
        seen[shown] = seen.get(shown, 0) + 1
        if seen[shown] > 1:
            shown = f"{shown} ({seen[shown]})"
        out.append(Header(shown, read.key, read.bare, read.unit))
    return tuple(out)


def column_letter(index: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def own_columns(titles: Sequence[Header]) -> frozenset[int]:
    """The columns an errors workbook added: from 行号 on, when all four are there; after them lie spare cells."""
    shown = [title.shown for title in titles]
    if not all(name in shown for name in OWN_TITLES):
        return frozenset()
    return frozenset(range(shown.index(OWN_TITLES[0]), len(shown)))


def layout_digest(titles: Sequence[Header]) -> str:
    """What a layout is remembered by: its column titles in order, however they were typed."""
    own = own_columns(titles)
    keys = [title.key for index, title in enumerate(titles) if index not in own]
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:32]
