"""Data standards in plain Python: one rule for one value and for a whole Polars column."""

from __future__ import annotations

import polars as pl

from kedang.standards import (
    answers,
    capital,
    credit_code,
    dates,
    email,
    figures,
    identity_number,
    industry,
    phones,
    postcode,
    region,
    url,
    wording,
)
from kedang.standards.answers import at_least, built, without_numbers
from kedang.standards.codelist import code
from kedang.standards.finding import ColumnRead, Finding, Read, error, refuse
from kedang.standards.messages import MESSAGES
from kedang.standards.standard import Standard

__all__ = [
    "CATALOGUE", "MESSAGES", "ColumnRead", "Finding", "Read", "Standard", "at_least", "built", "check", "check_column",
    "code", "error", "refuse", "without_numbers",
]  # fmt: skip

CATALOGUE: dict[str, Standard] = {
    standard.name: standard
    for standard in (
        credit_code.STANDARD,
        identity_number.STANDARD,
        phones.STANDARD,
        email.STANDARD,
        postcode.STANDARD,
        dates.STANDARD,
        capital.STANDARD,
        region.STANDARD,
        industry.STANDARD,
        url.STANDARD,
        wording.TEXT,
        wording.NAME,
        wording.ADDRESS,
        figures.NUMBER,
        figures.MONEY,
        figures.PERCENT,
        answers.YES_NO,
        answers.CODE,
    )
}


def check(standard: str | Standard, text: str | None, field: str = "") -> Read:
    """Read one text by a standard, given by its name in `CATALOGUE` or as itself."""
    return _standard(standard).one(text).for_field(field)


def check_column(standard: str | Standard, texts: pl.Series, field: str = "") -> ColumnRead:
    """Read a column of texts; row by row what `check` says: value, first rule and its severity."""
    return _standard(standard).column(texts, field)


def _standard(standard: str | Standard) -> Standard:
    return CATALOGUE[standard] if isinstance(standard, str) else standard
