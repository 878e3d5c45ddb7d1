"""What a person typed, as the substrings that must occur and the tokens that make them likely."""

from __future__ import annotations

from dataclasses import dataclass

from kedang.search.folding import fold, is_ideographic
from kedang.search.pinyin import LEGAL_FORMS, SPELT_FORMS

MOST_WORDS = 8
MOST_CHARACTERS = 200
MOST_TOKENS = 8
"""Tokens asked of the index for one query: more cost more than they narrow."""

COMMONPLACE = frozenset(
    form[start : start + length] for form in LEGAL_FORMS for length in (1, 2) for start in range(len(form) - length + 1)
)
"""Tokens of legal forms: nearly every name has them, so they are asked only when there is nothing else."""


@dataclass(frozen=True, slots=True)
class Query:
    """Substrings of the search text that must all occur, and tokens that every such text has."""

    patterns: tuple[str, ...]
    tokens: tuple[str, ...]
    exact: bool
    """Having the tokens is as good as matching: no other text has them."""
    blank: bool
    """Nothing was typed, which asks for everything; not the same as typing what cannot be found."""

    def matches(self, search_text: str) -> bool:
        """The definition of a hit, which every engine and plan must agree with."""
        return (bool(self.patterns) or self.blank) and all(pattern in search_text for pattern in self.patterns)


def parse(text: str) -> Query:
    """The query of a typed text: words parted by spaces must all occur, in any order.

    An ideographic word of any length and a word of three or more letters or digits occurs anywhere;
    one or two letters or digits begin a run (`hw` finds initials that start so).
    """
    typed = text[:MOST_CHARACTERS].split()[:MOST_WORDS]
    runs = [fold(word).split() for word in typed]
    patterns = tuple(dict.fromkeys(_pattern(word) for word in runs if word))
    wanted = dict.fromkeys(token for pattern in patterns for token in _implied(pattern))
    tokens = tuple(wanted)
    exact = len(patterns) == 1 and len(tokens) == 1 and len(patterns[0].strip()) == len(tokens[0])
    return Query(patterns, _narrowing(tokens), exact, blank=not typed)


def _pattern(runs: list[str]) -> str:
    if len(runs) > 1 or is_ideographic(runs[0][0]):
        return " ".join(runs)
    word = _without_spelt_form(runs[0])
    return word if len(word) > 2 else f" {word}"


def _without_spelt_form(word: str) -> str:
    """Full spellings are stored without the legal form, so a typed one is taken off as well."""
    for form in SPELT_FORMS:
        rest = word.replace(form, "")
        if rest != word and len(rest) > 2:
            return rest
    return word


def _implied(pattern: str) -> list[str]:
    """Tokens of every text that contains the pattern; the first run may be the end of a longer one."""
    tokens: list[str] = []
    for place, run in enumerate(pattern.split(" ")):
        if not run:
            continue
        if is_ideographic(run[0]):
            tokens += [run] if len(run) == 1 else map("".join, zip(run, run[1:], strict=False))
        elif len(run) > 2:
            tokens += map("".join, zip(run, run[1:], run[2:], strict=False))
        elif place:
            tokens.append(run)
    return tokens


def _narrowing(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """At most `MOST_TOKENS`, spread over the query, commonplace ones only if there is nothing else."""
    telling = tuple(token for token in tokens if token not in COMMONPLACE) or tokens
    if len(telling) <= MOST_TOKENS:
        return telling
    step = (len(telling) - 1) / (MOST_TOKENS - 1)
    return tuple(telling[round(place * step)] for place in range(MOST_TOKENS))
