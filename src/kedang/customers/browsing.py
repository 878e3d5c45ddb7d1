"""Lists of customers: what narrows them, a text searched for, and pages of them; the same for every door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kedang import search
from kedang.customers import selectors, values
from kedang.customers.fields import FIELDS, KIND_CHOICES, LEVEL_CHOICES, STATE_CHOICES
from kedang.customers.models import Dossier
from kedang.customers.searchable import TARGET
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.search import Found

ORDER = "-updated_us"
MOST = 200
_PHONE_TAIL = re.compile(r"\d{4}")
_LAST = "\U0010fffd"
"""Sorts after whatever stands in a code, on both databases."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; an empty text narrows nothing. A region or industry covers all below it."""

    region: str = ""
    industry: str = ""
    kind: str = ""
    state: str = ""
    level: str = ""
    unit: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of dossiers in order, and how many there are; `next` asks for the page after it."""

    rows: Sequence[Dossier]
    total: int
    total_exact: bool
    next: str | None
    ms: float


def browse(
    by: Actor, text: str = "", filters: Filters | None = None, *, limit: int = 50, after: str | None = None
) -> Listing:
    """A page of the dossiers this person may see, latest change first; show it through `present.listed`.

    Four digits also find the dossiers with a telephone number that ends so. Raises Refused(invalid) for
    a filter that means nothing or a cursor that is not ours.
    """
    narrowed = narrow(selectors.visible_to(by), filters or Filters())
    limit = max(1, min(limit, MOST))
    tails = _by_phone_tail(by, narrowed, text, limit) if after is None else []
    rest = narrowed.exclude(pk__in=tails) if tails else narrowed
    found = search.find(TARGET, rest, text, limit=limit, after=after, order=ORDER)
    return _listing(by, tails, found)


def narrow(rows: QuerySet[Dossier], filters: Filters) -> QuerySet[Dossier]:
    """The rows that pass all filters; raises Refused(invalid)."""
    for name, text in (("region", filters.region), ("industry", filters.industry)):
        if text.strip():
            rows = _below(rows, name, _read(name, text))
    if filters.kind:
        rows = rows.filter(kind=_word(filters.kind, KIND_CHOICES))
    if filters.state:
        rows = _in_state(rows, filters.state)
    if filters.level:
        rows = rows.filter(level=int(Level.of(_word(filters.level, LEVEL_CHOICES))))
    if filters.unit:
        rows = rows.filter(unit__code=filters.unit)
    return rows.filter(owner__username=filters.owner.lower()) if filters.owner else rows


def _in_state(rows: QuerySet[Dossier], state: str) -> QuerySet[Dossier]:
    if state == "filed":
        return rows.filter(filed_us__gt=0)
    return rows.filter(filed_us=0, state=_word(state, STATE_CHOICES))


def _word(text: str, choices: Sequence[tuple[str, str]]) -> str:
    if text not in (allowed := [name for name, _ in choices]):
        raise Refused("invalid", detail=N_("The filter knows no such value."), missing=allowed)
    return text


def _read(name: str, text: str) -> str:
    value, findings = values.read_one(FIELDS[name], text)
    if not value:
        raise Invalid(findings, detail=N_("The filter knows no such value."))
    return str(value)


def _below(rows: QuerySet[Dossier], column: str, code: str) -> QuerySet[Dossier]:
    stem = re.sub(r"(00){1,2}$", "", code) if column == "region" else code
    return rows.filter(**{f"{column}__gte": stem, f"{column}__lt": stem + _LAST})


def _by_phone_tail(by: Actor, narrowed: QuerySet[Dossier], text: str, limit: int) -> list[int]:
    digits = text.strip()
    if not _PHONE_TAIL.fullmatch(digits):
        return []
    held = selectors.by_tail(by, digits).values("pk")
    return list(narrowed.filter(pk__in=held).order_by(ORDER, "-pk").values_list("pk", flat=True)[:limit])


def _listing(by: Actor, tails: list[int], found: Found) -> Listing:
    ids = [*tails, *found.ids]
    rows: dict[int, Any] = selectors.visible_to(by).select_related("unit", "owner").in_bulk(ids)
    present = [rows[pk] for pk in ids if pk in rows]
    return Listing(present, found.total + len(tails), found.total_exact, found.next, found.ms)
