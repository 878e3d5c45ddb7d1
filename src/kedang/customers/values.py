"""Between what people write and what is stored: one reading of raw values for every path in.

`read` is the only place where a raw text becomes a value of the dossier; form, API and CLI call it
for one dossier, import calls the same standards column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from kedang import standards
from kedang.customers.dictionary import Fields, fields, known
from kedang.customers.fields import FIELDS, Field
from kedang.kernel.levels import Level
from kedang.packs import grammars
from kedang.packs.forms import Grammar
from kedang.standards import Finding, Read, Standard
from kedang.standards.folding import ascii_form
from kedang.standards.names import name_key

FINDINGS_WIDTH = 1000
NAME_KEY_WIDTH = 200
CHOICE_WORDS: dict[str, str] = {
    word: key
    for key, words in {
        "organisation": "组织 单位 企业 机构 公司", "person": "个人 自然人",
        "public": "公开", "internal": "内部", "confidential": "秘密", "secret": "机密", "top_secret": "绝密",
        "visit": "拜访 走访 上门", "call": "电话 通话", "meeting": "会议 会谈", "letter": "信函 邮件",
        "campaign": "活动 营销活动", "enquiry": "咨询", "sale": "销售", "service": "服务", "refund": "退款",
        "guarantee": "担保", "rating": "信用评级 评级", "payment": "付款 付款记录", "default": "违约", "bank": "银行",
        "agency": "中介 中介机构 代理商", "dealer": "经销商", "other": "其他",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Words people use for the codes of the product's own lists."""
SCANNED = frozenset({"note", "remark.text"})
"""Free remarks, kept in plain: a person's number written there is pointed out, because it has a field of its own."""
NUMBERS = frozenset({"number", "money", "percent"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Clean values by field key, and what was found on the way."""

    values: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop the deed."""
        return tuple(f for f in self.findings if f.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that stay with the value."""
        return tuple(f for f in self.findings if f.severity == "warning")


def read(raw: Mapping[str, str], given: Fields | None = None) -> Reading:
    """Check every raw value by its field's standard; `given` are the fields, by default all of the pack in force.

    An unknown field is an error, never dropped, and so is a value for a field that is not collected.
    """
    listed = fields() if given is None else given
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for key, text in raw.items():
        field = listed.get(key) or known(key)
        if field is None:
            findings.append(Finding(key, "field.unknown", "error", text[:40], {"field": key}))
            continue
        value, found = read_one(field, text)
        values[key] = value
        findings.extend(found)
    return Reading(values, tuple(findings))


def read_one(field: Field, text: str) -> tuple[Any, tuple[Finding, ...]]:
    """The value of one field and its findings; an empty text is the empty value without finding."""
    read = standards.check(standard_of(field), text, field=field.key)
    if not field.collect and not is_empty(read.value, *read.findings):
        return read.value, (_uncollected(field),)
    shown = read.value if isinstance(read.value, str) else as_text(field, read.value)
    if isinstance(read.value, str | list) and len(shown) > field.width:
        too_long = Finding(field.key, "text.long", "error", shown[:40], {"limit": field.width, "length": len(shown)})
        return read.value, (*read.findings, too_long)
    return read.value, read.findings


def is_empty(value: Any, *findings: Finding) -> bool:
    """Whether a text said nothing: neither a value nor anything wrong came of it."""
    return value in (None, "", []) and not findings


@lru_cache(maxsize=1024)
def standard_of(field: Field) -> Standard:
    """The data standard of a field with what the regulation narrows it to: words, a built code, a least length."""
    if field.choices and field.standard != "yes_no":
        return _choice(tuple(key for key, _ in field.choices))
    if field.grammar is not None:
        return _built(field.grammar)
    base = standards.CATALOGUE["text" if field.standard == "choice" else field.standard]
    base = standards.at_least(base, field.min_chars) if field.min_chars else base
    return standards.without_numbers(base) if field.key in SCANNED else base


def _choice(allowed: tuple[str, ...]) -> Standard:
    """One of a few codes, meant by code, by one of the words for it, or without regard to width and case."""
    meant = {_label(key): key for key in reversed(allowed)}
    meant |= {word: key for word, key in CHOICE_WORDS.items() if key in allowed and word not in meant}
    choices = ", ".join(allowed)

    def define(text: str) -> Read:
        key = meant.get(_label(text))
        if key is not None:
            return Read(key)
        return standards.refuse(standards.error("code.unknown", text[:40], choices=choices), "")

    def plain(texts: pl.Expr) -> pl.Expr:
        return pl.when(texts.is_in(sorted(allowed))).then(texts)

    return Standard("choice", define, plain, empty="")


def _label(text: str) -> str:
    return ascii_form(text).casefold().replace(" ", "_")


def _built(grammar: Grammar) -> Standard:
    return standards.built(
        lambda text: grammars.matches(grammar, text), lambda text: grammars.written(grammar, text),
        grammars.explain(grammar),
    )  # fmt: skip


def _uncollected(field: Field) -> Finding:
    return Finding(field.key, "field.uncollected", "error", "", {"title": field.title})


def as_text(field: Field, value: Any) -> str:
    """A value as one writes it into a form or a spreadsheet cell; reading it again gives the value."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if field.standard == "capital":
        fen, currency = value
        return f"{fen // 100}.{fen % 100:02d} {currency}"
    if field.standard == "money":
        sign, fen = "-" if value < 0 else "", abs(value)
        return f"{sign}{fen // 100}.{fen % 100:02d}"
    if isinstance(value, list | tuple):
        return "、".join(value)
    return str(value)


def of_text(field: Field, text: str) -> Any:
    """The clean value behind its `as_text`; nothing is checked."""
    if text == "":
        return ""
    if field.standard == "date":
        return date.fromisoformat(text)
    if field.standard in NUMBERS or field.standard == "capital":
        return standards.check(field.standard, text).value
    return text.split("、") if field.standard == "phones" else text


def as_json(value: Any) -> Any:
    """A value as it goes into a version: dates as ISO text, pairs as lists, empty as None."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return None if value in ("", []) else value


def from_json(field: Field, stored: Any) -> Any:
    """The value behind its `as_json` form."""
    if stored is None:
        return None
    if field.standard == "date":
        return date.fromisoformat(stored)
    return tuple(stored) if field.standard == "capital" else stored


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column assignments of the plain dossier fields among `values`; all others are kept elsewhere."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        field = FIELDS.get(key)
        if field is None or field.personal or field.part != "dossier":
            continue
        if field.standard == "capital":
            out["capital_fen"], out["capital_currency"] = value if value else (None, "")
        elif field.key == "level":
            out["level"] = int(Level.of(value)) if value else int(Level.INTERNAL)
        elif field.standard == "date" or field.key == "credit_code":
            out[field.column] = value or None
        else:
            out[field.column] = value or ""
    return out


def plain_value(row: Any, field: Field) -> Any:
    """The value of a plain field as stored on a dossier row, in the form `read` gives."""
    if field.standard == "capital":
        return (row.capital_fen, row.capital_currency) if row.capital_fen is not None else None
    if field.key == "level":
        return Level(row.level).key
    if field.key == "credit_code":
        return row.credit_code or ""
    return getattr(row, field.column)


def kept_warnings(before: str, touched: Iterable[str], warnings: Iterable[Finding]) -> str:
    """The `findings` column after a change: warnings of touched fields replaced, others kept."""
    gone = set(touched)
    kept = {entry for entry in before.split() if entry.partition(":")[0] not in gone}
    kept |= {f"{f.field}:{f.rule}" for f in warnings}
    text = " ".join(sorted(kept))
    return text if len(text) <= FINDINGS_WIDTH else text[:FINDINGS_WIDTH].rpartition(" ")[0]


def name_key_of(name: str) -> str:
    """The folded key of a customer's name; a ligature may unfold to many letters, so it is cut to its column."""
    return name_key(name)[:NAME_KEY_WIDTH]
