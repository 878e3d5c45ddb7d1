"""The search text of a record and the tokens made from it: one tokeniser for both databases.

A search text is what search compares, and nothing else is: `| 华为技术有限公司| hwjsyxgs| huaweijishu| c00001234x|`.
Each part stands between bars, each run in it after a space. Tokens are a pure function of the search
text, because a contentless index needs the old tokens to forget a row: every character and every pair
of neighbours of an ideographic run, every three neighbours of a word run and its first one and two.
Whether a row is found is always decided on the search text; tokens only narrow what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

import polars as pl

from kedang.search import pinyin
from kedang.search.folding import fold, is_ideographic


def compose(names: Sequence[str | None], plain: Sequence[str | None] = ()) -> str:
    """The search text of one record.

    `names` are also found by pinyin initials and by full pinyin; `plain` parts (codes, addresses,
    a website) only as they are written. Empty parts are left out; the result is empty when all are.
    """
    parts = _parts(names, plain)
    return "".join(("| ", "| ".join(parts), "|")) if parts else ""


def _parts(names: Iterable[str | None], plain: Iterable[str | None]) -> list[str]:
    folded = [fold(name) for name in names if name]
    spelt = chain.from_iterable(chain(pinyin.initials(name), pinyin.full(name)) for name in folded)
    rest = (fold(part) for part in plain if part)
    return list(filter(None, dict.fromkeys(chain(folded, spelt, rest))))


def compose_column(names: Sequence[pl.Series], plain: Sequence[pl.Series] = ()) -> pl.Series:
    """`compose` for columns of equal length; nulls are empty parts."""
    if not names and not plain:
        raise ValueError("a search text needs at least one column")
    height = len((*names, *plain)[0])
    name_rows: Iterable[tuple[str | None, ...]] = zip(*names, strict=True) if names else repeat((), height)
    plain_rows: Iterable[tuple[str | None, ...]] = zip(*plain, strict=True) if plain else repeat((), height)
    texts = [compose(*row) for row in zip(name_rows, plain_rows, strict=True)]
    return pl.Series("search_text", texts, dtype=pl.String)


def tokens_of(search_text: str) -> list[str]:
    """The distinct tokens of a search text, in the order they first occur."""
    found: dict[str, None] = {}
    for run in search_text.replace("|", " ").split():
        if is_ideographic(run[0]):
            found.update(dict.fromkeys(run))
            found.update(dict.fromkeys(map("".join, zip(run, run[1:], strict=False))))
        else:
            found[run[:1]] = found[run[:2]] = None
            found.update(dict.fromkeys(map("".join, zip(run, run[1:], run[2:], strict=False))))
    return list(found)


def tokens_column(search_text: pl.Series) -> pl.Series:
    """`tokens_of` for a column; null and empty texts have no tokens."""
    lists = [tokens_of(text or "") for text in search_text]
    return pl.Series("tokens", lists, dtype=pl.List(pl.String))


def words(search_text: str) -> str:
    """The tokens as SQLite's index takes them: parted by spaces."""
    return " ".join(tokens_of(search_text))


def array(search_text: str) -> str:
    """The tokens as a PostgreSQL array literal; no token needs quoting."""
    return "{" + ",".join(tokens_of(search_text)) + "}"


def array_column(search_text: pl.Series) -> pl.Series:
    """`array` for a column: what COPY writes into `tokens`, three times cheaper than lists."""
    return pl.Series("tokens", [array(text or "") for text in search_text], dtype=pl.String)
