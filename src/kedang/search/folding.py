"""One spelling for what is stored and for what is typed: the folded form that search compares.

Full width, case, accents, traditional characters, brackets and spaces do not count. A folded text is a
row of *runs* with one space between them: ideographic runs (Han, kana, hangul) and word runs (letters
and digits of every other script). Punctuation is gone, and two ideographic runs that only spaces or
punctuation parted are one run, so that `华为（深圳）` and `华为 深圳` and `華為深圳` are the same text.
"""

from __future__ import annotations

import re
import unicodedata

import opencc

IDEOGRAPHIC = "\u2e80-\U0010ffff"
"""Everything from the CJK radicals upwards; what is no letter or number there is folded away before."""

_RUN = re.compile(f"[{IDEOGRAPHIC}]+|[^ {IDEOGRAPHIC}]+")
_PARTED = re.compile(f"(?<=[{IDEOGRAPHIC}]) +(?=[{IDEOGRAPHIC}])")
_SIMPLIFIED = opencc.OpenCC("t2s")


class _Table(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = "".join(map(_kept, unicodedata.normalize("NFKC", chr(code)).casefold()))
        self[code] = folded
        return folded


def _kept(char: str) -> str:
    """A letter or number in its plain form, nothing for a combining mark, a space for all else."""
    kind = unicodedata.category(char)[0]
    if kind == "M":
        return ""
    if kind not in "LN":
        return " "
    if is_ideographic(char):
        return str(_SIMPLIFIED.convert(char))
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


_TABLE = _Table()


def is_ideographic(char: str) -> bool:
    """Whether a folded character belongs to an ideographic run."""
    return char >= "\u2e80"


def fold(text: str) -> str:
    """The folded form of a text: its runs, one space between them; empty where nothing can be searched."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    spaced = text.translate(_TABLE)
    if " " in spaced:
        spaced = _PARTED.sub("", spaced)
    return " ".join(_RUN.findall(spaced))
