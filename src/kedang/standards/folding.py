"""Folding of the ways people write one and the same thing: widths, spaces, invisible characters.

Chinese input methods switch between half and full width, web pages leave no-break and zero-width
spaces behind, and spreadsheets say "nothing" in many words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import polars as pl

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _WIDTH_STEP = 0xFF01, 0xFF5E, 0xFEE0
_DASHES = "‐‑‒–—―−─－"
_SPACES = re.compile(r"\s+")
BLANK_WORDS = (
    *("", "-", "--", "---", "—", "——", "－", "/", "\\", "*", "**", "***", "＊", ".", "。"),
    *("N/A", "#N/A", "NA", "N.A.", "NULL", "(NULL)", "<NULL>", "NONE", "NIL", "无", "暂无", "空", "Ｎ／Ａ"),
)
_BLANK = frozenset(BLANK_WORDS)
_LONGEST_BLANK = max(map(len, BLANK_WORDS))
_BLANK_PATTERN = rf"(?i)^\s*(?:{'|'.join(map(re.escape, BLANK_WORDS))})\s*$"

ASCII_WIDTH = {code: chr(code - _WIDTH_STEP) for code in range(_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST + 1)}
ASCII_WIDTH[0x3000] = " "
LETTER_WIDTH = {code: plain for code, plain in ASCII_WIDTH.items() if plain.isalnum()}
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_TO_ASCII = {**ASCII_WIDTH, **{ord(dash): "-" for dash in _DASHES}}


@cache
def _invisible() -> re.Pattern[str]:
    """Control and format characters and non-characters; all of them lie in these blocks."""
    blocks = (range(0x10000), range(0x11000, 0x1E000), range(0xE0000, 0xE1000))
    chars = (chr(code) for block in blocks for code in block)
    listed = "".join(map(re.escape, filter(_is_format, chars)))
    planes = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    return re.compile(f"[{listed}{planes}\ufdd0-\ufdef]")


def _is_format(char: str) -> bool:
    return char not in "\t\n\r" and unicodedata.category(char) in ("Cc", "Cf")


def invisible_in(text: str) -> str:
    """The control, zero-width and non-characters of a text (tab and line breaks are none of them)."""
    return "".join(_invisible().findall(text))


def visible(text: str) -> str:
    """A text without its invisible characters and without space at either end."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _invisible().sub("", text).strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, or one of the words people write for "nothing"."""
    bare = visible(text)
    return len(bare) <= _LONGEST_BLANK and bare.upper() in _BLANK


def one_width(text: str) -> str:
    """Full-width letters and digits in the usual width; punctuation stays as it is written."""
    return text.translate(LETTER_WIDTH) if _WIDE.search(text) else text


def ascii_form(text: str) -> str:
    """A code or number as ASCII would have it: usual width, plain hyphens, nothing invisible."""
    bare = visible(text)
    return bare if bare.isascii() else bare.translate(_TO_ASCII).strip()


def code_form(text: str) -> str:
    """A code in its stored form: ASCII width, capitals, no space inside."""
    bare = ascii_form(text)
    return (bare if bare.isalnum() else _SPACES.sub("", bare)).upper()


def one_width_column(texts: pl.Expr) -> pl.Expr:
    """The column form of `one_width`."""
    return texts.str.replace_many([chr(code) for code in LETTER_WIDTH], list(LETTER_WIDTH.values()))


def blank_column(texts: pl.Expr) -> pl.Expr:
    """True for the words of "nothing" in their plain spellings; the others are left to `is_blank`."""
    return texts.str.contains(_BLANK_PATTERN)
