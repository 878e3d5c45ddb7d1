"""Findings of the data standard as a page shows them: what was found, how to mend it, at which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from kedang.customers import values
from kedang.customers.dictionary import known
from kedang.customers.origin_rules import TITLES
from kedang.standards import MESSAGES, Finding
from kedang.web.pages.parts import FindingShown


def title_of(key: str) -> str:
    """The title of a field or of a part of an origin; the key itself for what is no field."""
    if key in TITLES:
        return gettext(TITLES[key])
    field = known(key)
    return gettext(field.title) if field else key


def shown(finding: Finding, *, labelled: bool = False) -> FindingShown:
    """One finding in words of the person's language."""
    return FindingShown(
        finding.severity, finding.what(gettext), finding.remedy(gettext), title_of(finding.field) if labelled else ""
    )


def by_field(findings: Iterable[Any]) -> Mapping[str, Sequence[FindingShown]]:
    """Findings put to the fields they belong to, for a form."""
    out: dict[str, list[FindingShown]] = {}
    for finding in findings:
        out.setdefault(finding.field, []).append(shown(finding))
    return out


def kept(key: str, rules: Iterable[str], text: str, *, masked: bool) -> Sequence[FindingShown]:
    """Warnings stored with a value. The value is read again to fill in the words; of a masked one only
    sentences without a part of the value are said."""
    field = None if masked else known(key)
    again = {f.rule: f for f in values.read_one(field, text)[1]} if field else {}
    return [shown(again[rule]) if rule in again else _without_value(rule) for rule in rules]


def _without_value(rule: str) -> FindingShown:
    what, remedy = MESSAGES.get(rule, ("", ""))
    says_value = not what or "%(" in what
    said = gettext("This value looks odd and is kept with a warning.") if says_value else gettext(what)
    return FindingShown("warning", said, gettext(remedy) if remedy and "%(" not in remedy else "")
