"""Postcodes of China: six digits. A spreadsheet drops the leading zero of the north (010000)."""

from __future__ import annotations

import re

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import code_form
from kedang.standards.standard import Standard

_SIX = re.compile(r"(?!00)[0-9]{6}")
_FIVE = re.compile(r"[1-9][0-9]{4}")


def define(text: str) -> Read:
    """Read one postcode; a number of five digits gets its leading zero back, with a warning."""
    code = re.sub(r"\.0+$", "", code_form(text))
    if _SIX.fullmatch(code):
        return Read(code)
    if _FIVE.fullmatch(code):
        return Read("0" + code, (warning("postcode.leading_zero", text, read="0" + code),))
    return refuse(error("postcode.shape", text))


def _plain(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(r"^(?:0[1-9]|[1-9][0-9])[0-9]{4}$")).then(texts)


STANDARD = Standard("postcode", define, _plain)
