"""Between what people write and what is stored: one reading of raw values for every path in.

`read` is the only place where a raw text becomes a value of the dossier; form, API and CLI call it
for one dossier, import calls the same standards column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kedang import standards
from kedang.customers.fields import FIELDS, Field
from kedang.kernel.levels import Level
from kedang.standards import Finding
from kedang.standards.names import name_key

FINDINGS_WIDTH = 1000
NAME_KEY_WIDTH = 200
CHOICE_WORDS: dict[str, str] = {
    "组织": "organisation", "单位": "organisation", "企业": "organisation", "机构": "organisation",
    "公司": "organisation",
    "个人": "person", "自然人": "person",
    "公开": "public", "内部": "internal", "秘密": "confidential", "机密": "secret", "绝密": "top_secret",
}  # fmt: skip


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


def read(raw: Mapping[str, str]) -> Reading:
    """Check every raw value by its field's standard; an unknown field is an error, never dropped."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for key, text in raw.items():
        field = FIELDS.get(key)
        if field is None:
            findings.append(Finding(key, "field.unknown", "error", text[:40], {"field": key}))
            continue
        value, found = read_one(field, text)
        values[key] = value
        findings.extend(found)
    return Reading(values, tuple(findings))


def read_one(field: Field, text: str) -> tuple[Any, tuple[Finding, ...]]:
    """The value of one field and its findings; an empty text is the empty value without finding."""
    if field.choices:
        return _choice(field, text)
    read = standards.check(field.standard, text, field=field.key)
    findings = tuple(read.findings)
    shown = "" if read.value is None else as_text(field, read.value)
    if len(shown) > field.width:
        too_long = Finding(field.key, "text.long", "error", shown[:40], {"limit": field.width, "length": len(shown)})
        return read.value, (*findings, too_long)
    return read.value, findings


def _choice(field: Field, text: str) -> tuple[Any, tuple[Finding, ...]]:
    word = text.strip()
    key = CHOICE_WORDS.get(word, word.lower().replace(" ", "_"))
    allowed = [name for name, _ in field.choices]
    if key in allowed or not key:
        return key, ()
    return "", (Finding(field.key, "code.unknown", "error", word[:40], {"choices": ", ".join(allowed)}),)


def as_text(field: Field, value: Any) -> str:
    """A value as one writes it into a form or a spreadsheet cell; reading it again gives the value."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if field.standard == "capital":
        fen, currency = value
        return f"{fen // 100}.{fen % 100:02d} {currency}"
    if isinstance(value, list | tuple):
        return "、".join(value)
    return str(value)


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
    """Column assignments of the plain dossier fields among `values`; personal ones are sealed elsewhere."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        field = FIELDS[key]
        if field.personal or field.part != "dossier":
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
