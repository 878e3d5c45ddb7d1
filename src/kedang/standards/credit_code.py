"""Unified social credit codes, GB 32100-2015, with the organisation code of GB 11714 inside.

Eighteen characters: registering department, kind of organisation, six digits of the registering
authority, nine of the organisation code, one check character. Registers still hold the numbers that
came before (15, 13 or 11 characters) and codes with a wrong check character: those are kept, with a
warning.
"""

from __future__ import annotations

import re

import polars as pl

from kedang.standards import regions
from kedang.standards.checkchar import ALPHABET as LETTERS_AND_DIGITS
from kedang.standards.checkchar import WeightedSum, weighted
from kedang.standards.finding import Finding, Read, error, refuse, warning
from kedang.standards.folding import code_form
from kedang.standards.standard import Standard

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
OLD_LENGTHS = (11, 13, 15)
_FIRST = "123456789ANY"
_CHECK_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# The check character completes the sum to 0 modulo 31, so a sum of 0 asks for 0 and never for "31".
_CHECK = WeightedSum(weighted({char: value for value, char in enumerate(ALPHABET)}, [*_CHECK_WEIGHTS, 1]), 31)
# As the check of GB 11714 the letter X means ten; among the eight characters before it, 33.
_INNER_CHECK = WeightedSum(
    [
        *weighted({char: value for value, char in enumerate(LETTERS_AND_DIGITS)}, _ORGANISATION_WEIGHTS),
        {char: value for value, char in enumerate("0123456789X")},
    ],
    11,
)

_FLOAT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}|[0-9]{16,}\.0+")
_WHOLE_FLOAT = re.compile(r"([0-9]{11,15})\.0+")
_CHARACTERS = re.compile(r"[0-9A-Z]{8,20}")
_NUMBERED = re.compile(r"[一-鿿（）()]{1,16}第?[0-9A-Z]{2,16}号?")
_PLAIN = r"^[1-9ANY][0-9A-HJ-NP-RTUWXY]{15}[0-9X][0-9A-HJ-NP-RTUWXY]$"


def define(text: str) -> Read:
    """Read one credit code; the value is upper case and without spaces."""
    code = code_form(text).replace("-", "")
    if _FLOAT.fullmatch(code):
        return refuse(error("credit_code.float", text))
    code = _WHOLE_FLOAT.sub(r"\1", code)
    if _NUMBERED.fullmatch(code):
        return Read(code, (warning("credit_code.old", text, length=len(code)),))
    if not _CHARACTERS.fullmatch(code):
        return refuse(error("credit_code.shape", text))
    if len(code) in OLD_LENGTHS:
        return Read(code, (warning("credit_code.old", text, length=len(code)),))
    if len(code) != LENGTH:
        return Read(code, (warning("credit_code.length", text, length=len(code)),))
    return Read(code, tuple(_oddities(text, code)))


def _oddities(text: str, code: str) -> list[Finding]:
    strange = "".join(sorted(set(code) - set(ALPHABET)))
    if strange:
        return [warning("credit_code.alphabet", text, characters=strange)]
    found = []
    if code[0] not in _FIRST:
        found.append(warning("credit_code.prefix", text, prefix=code[0]))
    if not _CHECK.holds(code):
        found.append(warning("credit_code.check", text, expected=check_character(code[:17])))
    if not _INNER_CHECK.holds(code[8:17]):
        found.append(warning("credit_code.inner_check", text, expected=organisation_check(code[8:16])))
    if not regions.is_authority(code[2:8]):
        found.append(warning("credit_code.region", text, region=code[2:8]))
    return found


def check_character(first_seventeen: str) -> str:
    """The check character of GB 32100 for the seventeen characters before it."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first_seventeen, _CHECK_WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(eight: str) -> str:
    """The check character of GB 11714 for the eight characters before it: a digit, or X for ten."""
    values = (LETTERS_AND_DIGITS.index(char) for char in eight)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _plain(texts: pl.Expr) -> pl.Expr:
    code = pl.when(texts.str.contains(_PLAIN)).then(texts)
    return pl.when(
        _CHECK.holds_column(code),
        _INNER_CHECK.holds_column(code.str.slice(8, 9)),
        regions.is_authority_column(code.str.slice(2, 6)),
    ).then(code)


STANDARD = Standard("credit_code", define, _plain)
