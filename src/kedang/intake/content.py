"""How well the content of a column fits a field: the second witness beside its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from kedang import standards

SAMPLE = 400
_CREDIT = r"^[0-9A-Za-z]{18}$|^[0-9A-Z]{2}\d{6}[0-9A-Z]{10}$|^\d{13}$|^\d{15}$"
_IDENTITY = (
    r"^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$"
    r"|^[1-9]\d{7}(?:0[1-9]|1[0-2])\d{5}$"
)
_POSTCODE = r"^\d{6}$"
_PHONE = r"^[\d\s()（）+\-－—/、,，;；转ext.]*\d{3}[\d\s()（）+\-－—/、,，;；转ext.]*$"
_MAIL = r"@"
_URL = r"(?i)^(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#:].*)?$"
_ORGANISATION = (
    r"公司|集团|厂|店|社|所|院|中心|学校|大学|学院|医院|银行|合作社|委员会|协会|局|部|站|事务所|基金会|企业"
    r"|(?i:\b(?:ltd|inc|llc|co|corp|gmbh|plc)\b)"
)
_WORDS = r"[\p{Han}A-Za-z]"
_NUMBER = r"^[\d\s.,%+\-]+$"


def sample_of(values: pl.Series) -> pl.Series:
    """The filled values of a column, at most 400, without surrounding space."""
    filled = values.drop_nulls().str.strip_chars()
    return filled.filter(~filled.is_in(["", "-", "--", "/", "N/A", "n/a", "无"])).head(SAMPLE)


def fit(field: str, values: pl.Series) -> float | None:
    """Share of a sample that reads as this field; None when the sample is empty or the field is free text."""
    judge = _JUDGES.get(field)
    if judge is None or not len(values):
        return None
    return judge(values)


def speaks_for(field: str, values: pl.Series) -> float:
    """How strongly the content alone says that the column is this field; 0 for fields with no face of their own."""
    pattern = _FACES.get(field)
    if pattern is None or len(values) < 3:
        return 0.0
    if values.n_unique() * 3 < len(values):
        return 0.0
    return _share(values, pattern)


def organisations(values: pl.Series) -> float:
    """Share of a sample that reads like names of organisations."""
    return _share(values, _ORGANISATION) if len(values) else 0.0


def _share(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).sum()) / len(values)


def _matching(pattern: str) -> Callable[[pl.Series], float]:
    return lambda values: _share(values, pattern)


def _readable(standard: str) -> Callable[[pl.Series], float]:
    """Share of a sample without an error by the data standard."""

    def judge(values: pl.Series) -> float:
        severity = standards.check_column(standard, values).severity
        return 1 - float((severity == "error").sum()) / len(values)

    return judge


def _name(values: pl.Series) -> float:
    """Names are words, not numbers, and hardly repeat."""
    words = values.str.contains(_WORDS) & ~values.str.contains(_NUMBER) & (values.str.len_chars() >= 2)
    return float(words.sum()) / len(values)


def _address(values: pl.Series) -> float:
    return float((values.str.contains(_WORDS) & (values.str.len_chars() >= 4)).sum()) / len(values)


_JUDGES: Mapping[str, Callable[[pl.Series], float]] = {
    "name": _name,
    "short_name": _name,
    "english_name": _matching(r"[A-Za-z]"),
    "credit_code": _matching(_CREDIT),
    "identity_number": _matching(_IDENTITY),
    "region": _readable("region"),
    "region.province": _readable("region"),
    "region.city": _matching(_WORDS),
    "region.county": _matching(_WORDS),
    "address": _address,
    "postcode": _matching(_POSTCODE),
    "industry": _readable("industry"),
    "registered_on": _readable("date"),
    "learned_on": _readable("date"),
    "capital": _readable("capital"),
    "website": _matching(_URL),
    "business_scope": _matching(_WORDS),
    "contact.name": _name,
    "contact.phones": _matching(_PHONE),
    "contact.email": _matching(_MAIL),
    "level": _matching(r"公开|内部|秘密|机密|绝密|(?i:public|internal|confidential|secret)"),
    "kind": _matching(r"组织|单位|企业|机构|公司|个人|自然人|(?i:organisation|organization|person)"),
}
_FACES: Mapping[str, str] = {
    "credit_code": r"^(?:[1-9ANY][1239][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10})$",
    "identity_number": _IDENTITY,
    "contact.email": r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$",
    "contact.phones": r"^(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$|^0\d{2,3}[- ]\d{7,8}$",
    "name": r"(?:有限公司|有限责任公司|股份公司|合作社|事务所|集团|医院|大学|学院|学校)$",
}
