"""Keys under which the same name written differently is found again.

A key folds what never tells two customers apart: width, spaces, brackets, dots and dashes, case,
accents, traditional and variant characters, and the longer and shorter legal form
(有限责任公司 and 有限公司). It keeps every real character, so companies whose names differ by one
stay apart, and so do a branch (分公司) and its parent.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import polars as pl

from kedang.standards import characters

_DROPPED = ("Z", "Cc", "Cf", "P", "Sk")
_KEPT_SIGNS = frozenset("&#@%")
_LONG_FORM, _SHORT_FORM = "有限责任公司", "有限公司"
_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"
_FIRST_HANGUL, _LAST_HANGUL = "\uac00", "\ud7a3"
_NAMED = "[0-9A-Za-z\\x{4e00}-\\x{9fa5}]"


def name_key(text: str) -> str:
    """The key of one name; a name of nothing but signs is its own key, so that no two of them meet."""
    key = text.translate(_FOLDS).replace(_LONG_FORM, _SHORT_FORM)
    return key or text.strip()


def name_key_column(names: pl.Series) -> pl.Series:
    """The keys of a column of names; null stays null."""
    frame = names.cast(pl.String).alias("name").to_frame()
    chars, folds = _common_folds()
    key = pl.col("name").str.replace_many(chars, folds).str.replace_all(_LONG_FORM, _SHORT_FORM, literal=True)
    common = pl.col("name").str.contains(_common_pattern()) & pl.col("name").str.contains(_NAMED)
    frame = frame.with_columns(key=pl.when(common).then(key))
    odd = frame.filter(pl.col("key").is_null() & pl.col("name").is_not_null())["name"].unique().to_list()
    if odd:
        table = pl.DataFrame({"name": odd, "odd": [name_key(name) for name in odd]})
        frame = frame.join(table, on="name", how="left", maintain_order="left")
        frame = frame.with_columns(pl.coalesce("key", "odd").alias("key"))
    return frame["key"].alias(names.name)


class _Folds(dict[int, str]):
    """What each character leaves in a key, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        fold = self[code] = _fold(chr(code))
        return fold


_FOLDS = _Folds()


def _fold(char: str) -> str:
    if _FIRST_HANGUL <= char <= _LAST_HANGUL:
        return char
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = (part for part in folded if part in _KEPT_SIGNS or not _is_dropped(part))
    return "".join(characters.simplified().get(part, part) for part in kept)


def _is_dropped(char: str) -> bool:
    return _FIRST_MARK <= char <= _LAST_MARK or unicodedata.category(char).startswith(_DROPPED)


@cache
def _common_folds() -> tuple[list[str], list[str]]:
    """The characters of ASCII and GBK that a key changes, and what they become."""
    changed = [(char, fold) for char in characters.gbk_characters() if (fold := _FOLDS[ord(char)]) != char]
    return [char for char, _ in changed], [fold for _, fold in changed]


@cache
def _common_pattern() -> str:
    return f"^{characters.pattern_class(characters.gbk_characters())}*$"
