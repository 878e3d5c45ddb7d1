"""Numbers as people write them: whole numbers, sums of money in yuan, percentages.

Thousands may be grouped by commas; 万 and 亿 multiply; a count may carry its unit behind it (15人). A sum is kept in
hundredths of a yuan; an amount of another currency is no sum of money but a `capital`.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

LARGEST = 10**15
WHOLE = 100
_SCALE = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_DIGITS = r"[+-]?[0-9]{1,18}(?:\.[0-9]{0,9})?"
_NUMBER = re.compile(rf"({_DIGITS})(千万|百万|千|万|亿)?([个人名位家户件台套次辆座条份只部项笔月年天日]?)")
_MONEY = re.compile(rf"(?:¥|RMB|CNY|人民币)?({_DIGITS})(千万|百万|千|万|亿)?(?:元|圆|块)?(?:人民币|RMB|CNY)?(?:元)?整?")
_PERCENT = re.compile(rf"(?:百分之)?({_DIGITS})%?")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_PLAIN_WHOLE = r"^(?:0|[1-9][0-9]{0,14})$"
_PLAIN_MONEY = r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?$"
_PLAIN_PERCENT = r"^(?:[0-9]|[1-9][0-9]|100)%?$"


def define_number(text: str) -> Read:
    """Read a whole number; what stands behind the point must be nothing."""
    match = _NUMBER.fullmatch(_bare(text))
    if match is None:
        return refuse(error("number.shape", text))
    return _whole(text, Decimal(match[1]) * _SCALE[match[2] or ""])


def define_money(text: str) -> Read:
    """Read a sum in yuan; the value is in fen."""
    match = _MONEY.fullmatch(_bare(text))
    if match is None:
        return refuse(error("money.shape", text))
    amount = Decimal(match[1]) * _SCALE[match[2] or ""] * 100
    if abs(amount) >= LARGEST:
        return refuse(error("number.range", text))
    fen = int(amount.quantize(Decimal(1), ROUND_HALF_UP))
    return Read(fen) if fen == amount else Read(fen, (warning("money.rounded", text),))


def define_percent(text: str) -> Read:
    """Read a whole percentage from 0 to 100."""
    match = _PERCENT.fullmatch(_bare(text))
    if match is None:
        return refuse(error("percent.shape", text))
    read = _whole(text, Decimal(match[1]))
    if read.ok and not 0 <= read.value <= WHOLE:
        return refuse(error("percent.range", text))
    return read


def _whole(text: str, number: Decimal) -> Read:
    if number != number.to_integral_value():
        return refuse(error("number.whole", text))
    return Read(int(number)) if abs(number) < LARGEST else refuse(error("number.range", text))


def _bare(text: str) -> str:
    """Digits in ASCII, without blanks and without the commas between thousands."""
    plain = re.sub(r"\s", "", ascii_form(text)).upper().replace("\uffe5", "\xa5")
    return _THOUSANDS.sub("", plain)


def _plain_number(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(_PLAIN_WHOLE)).then(texts).cast(pl.Int64)


def _plain_money(texts: pl.Expr) -> pl.Expr:
    good = pl.when(texts.str.contains(_PLAIN_MONEY)).then(texts)
    fen = good.str.extract(r"\.([0-9]+)$", 1).str.pad_end(2, "0").cast(pl.Int64).fill_null(0)
    return good.str.extract(r"^([0-9]+)", 1).cast(pl.Int64) * 100 + fen


def _plain_percent(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(_PLAIN_PERCENT)).then(texts.str.strip_suffix("%")).cast(pl.Int64)


NUMBER = Standard("number", define_number, _plain_number, dtype=pl.Int64())
MONEY = Standard("money", define_money, _plain_money, dtype=pl.Int64())
PERCENT = Standard("percent", define_percent, _plain_percent, dtype=pl.Int64())
