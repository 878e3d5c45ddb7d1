"""The search text of a record and the tokens made from it: one tokeniser for both databases.

A search text is what search compares, and nothing else is: `| 华为技术有限公司| hwjsyxgs| huaweijishu| c00001234x|`.
Each part stands between bars, each run in it after a space. Tokens are a pure function of the search
text, because a contentless index needs the old tokens to forget a row: every character and every pair
of neighbours of an ideographic run, every three neighbours of a word run and its first one and two.
Whether a row is found is always decided on the search text; tokens only narrow what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import add

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


def tokens_of(search_text: str) -> list[str]:
    """The distinct tokens of a search text, in the order they first occur."""
    found: list[str] = []
    for run in search_text.replace("|", " ").split():
        if is_ideographic(run[0]):
            found += run
            found += map(add, run, run[1:])
        else:
            found += (run[:1], run[:2])
            found += map(add, map(add, run, run[1:]), run[2:])
    return list(dict.fromkeys(found))


def words(search_text: str) -> str:
    """The tokens as SQLite's index takes them: parted by spaces."""
    return " ".join(tokens_of(search_text))


def array(search_text: str) -> str:
    """The tokens as a PostgreSQL array literal; no token needs quoting."""
    return "{" + ",".join(tokens_of(search_text)) + "}"
