"""Amounts of capital as registers write them: 200(万元人民币), 5000(万美元), 壹佰万元整.

The value is a whole number of hundredths (分 for the yuan; for every currency one hundredth of its
unit) and the ISO 4217 code. An amount in no unit at all is read as yuan, with a warning.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from kedang.standards.finding import Finding, Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

LARGEST = 10**17
CURRENCIES = {
    "CNY": ("人民币", "RMB", "CNY", "¥"),
    "USD": ("美元", "美金", "美圆", "USD", "US$", "$"),
    "HKD": ("港币", "港元", "港幣", "香港元", "香港币", "HKD", "HK$"),
    "EUR": ("欧元", "EUR", "€"),
    "JPY": ("日元", "日圆", "日币", "JPY"),
    "GBP": ("英镑", "GBP", "£"),
    "TWD": ("新台币", "台币", "新台湾元", "台湾元", "TWD", "NT$"),
    "MOP": ("澳门元", "澳门币", "葡元", "MOP"),
    "KRW": ("韩元", "韩国元", "韩币", "KRW"),
    "SGD": ("新加坡元", "新加坡币", "新元", "SGD"),
    "AUD": ("澳大利亚元", "澳元", "澳币", "AUD"),
    "CAD": ("加拿大元", "加元", "加币", "CAD"),
    "CHF": ("瑞士法郎", "CHF"),
    "SEK": ("瑞典克朗", "SEK"),
    "DKK": ("丹麦克朗", "DKK"),
    "NOK": ("挪威克朗", "NOK"),
    "NZD": ("新西兰元", "NZD"),
    "MYR": ("马来西亚林吉特", "林吉特", "马币", "MYR"),
    "THB": ("泰铢", "泰国铢", "THB"),
    "RUB": ("俄罗斯卢布", "卢布", "RUB"),
    "INR": ("印度卢比", "INR"),
    "DEM": ("德国马克", "马克", "DEM"),
    "FRF": ("法国法郎", "FRF"),
    "ITL": ("意大利里拉", "ITL"),
}
_CODE_OF = {word: code for code, words in CURRENCIES.items() for word in words}
_WORDS = "|".join(re.escape(word) for word in sorted(_CODE_OF, key=len, reverse=True))
_SCALE = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_SCALES = "|".join(sorted(filter(None, _SCALE), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>{_WORDS})?(?P<number>[0-9]{{1,18}}(?:\.[0-9]{{0,9}})?(?:E\+?[0-9]{{1,2}})?|\.[0-9]{{1,9}})"
    rf"(?P<scale>{_SCALES})?(?P<unit>元)?(?P<after>{_WORDS})?(?P<last>元)?整?"
)
_HAN_DIGITS = (
    {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
    | {char: value for value, char in enumerate("〇一二三四五六七八九")}
    | {"两": 2}
)
_HAN_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_SECTIONS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN_AMOUNT = re.compile(
    rf"(?P<before>{_WORDS})?(?P<number>[{''.join((*_HAN_DIGITS, *_HAN_PLACES, *_HAN_SECTIONS))}]+)"
    rf"(?P<unit>[元圆])?(?P<after>{_WORDS})?(?P<last>[元圆])?[整正]?"
)
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_PLAIN = r"^([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,6}))?\(万(?:元|元?人民币元?|元?美元)?\)$"
_DTYPE = pl.Struct({"fen": pl.Int64(), "currency": pl.String()})


def define(text: str) -> Read:
    """Read one amount; the value is (hundredths, currency code)."""
    bare = re.sub(r"[\s()\[\]]", "", ascii_form(text)).upper().replace("\uffe5", "\xa5").removesuffix(".")
    plain = _THOUSANDS.sub("", bare.replace("圆", "元"))
    if match := _AMOUNT.fullmatch(plain):
        amount = Decimal(match["number"]) * _SCALE[match["scale"] or ""]
    elif match := _HAN_AMOUNT.fullmatch(plain):
        amount = Decimal(_han_number(match["number"]))
    else:
        return refuse(error("capital.shape", text))
    return _value(text, match, amount)


def _value(text: str, match: re.Match[str], amount: Decimal) -> Read:
    named = {_CODE_OF[word] for word in (match["before"], match["after"]) if word}
    if len(named) > 1:
        return refuse(error("capital.currencies", text))
    if amount * 100 >= LARGEST:
        return refuse(error("capital.range", text))
    fen = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    found: list[Finding] = []
    scale = match.groupdict().get("scale")
    if not (named or scale or match["unit"] or match["last"]):
        found.append(warning("capital.unit", text))
    if fen != amount * 100:
        found.append(warning("capital.rounded", text))
    return Read((fen, named.pop() if named else "CNY"), tuple(found))


def _han_number(text: str) -> int:
    """一千二百万 → 12 000 000. Sections of 万 and 亿, each counted in tens, hundreds and thousands."""
    total = section = digit = 0
    for char in text:
        if char in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[char] if digit and char not in "零〇" else _HAN_DIGITS[char]
        elif char in _HAN_PLACES:
            section += (digit or 1) * _HAN_PLACES[char]
            digit = 0
        else:
            unit = _HAN_SECTIONS[char]
            if unit == 10**8:
                total = (total + section + digit or 1) * unit
            else:
                total += (section + digit or 1) * unit
            section = digit = 0
    return total + section + digit


def _plain(texts: pl.Expr) -> pl.Expr:
    amount = pl.when(texts.str.contains(_PLAIN)).then(texts)
    whole = amount.str.extract(_PLAIN, 1).str.replace_all(",", "", literal=True).cast(pl.Int64)
    part = amount.str.extract(_PLAIN, 2).str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    currency = pl.when(amount.str.contains("美", literal=True)).then(pl.lit("USD")).otherwise(pl.lit("CNY"))
    fen = whole * 1_000_000 + part
    return pl.when(amount.is_not_null()).then(pl.struct(fen=fen, currency=currency))


STANDARD = Standard("capital", define, _plain, dtype=_DTYPE)
