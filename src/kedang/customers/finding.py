"""Finding dossiers: words, codes, pinyin, a telephone's tail, and filters, all inside `visible_to`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kedang import search
from kedang.customers import sealing, selectors
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.searchable import TARGET
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.standards import check
from kedang.vault import blind, subjects

FILTERS = ("kind", "state", "level", "region", "industry", "unit", "owner", "grade", "scale")
_DIGITS = re.compile(r"[\d\-+ ()]{4,20}")
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_TAIL_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Page:
    """One page of dossiers in order, the cursor of the next, and how many there are."""

    rows: list[Dossier]
    next: str | None
    total: int
    total_exact: bool
    plan: str
    ms: float


def find(
    by: Actor, text: str = "", where: Mapping[str, str] | None = None, *, limit: int = 50, after: str | None = None
) -> Page:
    """Dossiers this actor may see that match the words and every filter, newest change first.

    A text of digits is also tried as a telephone number or its last four digits, an 18-digit one as
    an identity number; both by blind index, then decrypted and compared. Raises Refused for an
    unknown filter.
    """
    narrowed = filtered(selectors.visible_to(by), where or {})
    found = search.find(TARGET, narrowed, text, limit=limit, after=after)
    ids = list(found.ids)
    extra = 0
    if after is None and (holders := _holders(text.strip())):
        seen = list(narrowed.filter(pk__in=holders).order_by("-updated_us", "-pk").values_list("pk", flat=True))
        new = [pk for pk in seen if pk not in set(ids)]
        ids, extra = [*new, *ids][: max(limit, len(new))], len(new)
    rows = {row.pk: row for row in narrowed.filter(pk__in=ids).select_related("unit", "owner")}
    return Page(
        [rows[pk] for pk in ids if pk in rows], found.next, found.total + extra, found.total_exact, found.plan, found.ms
    )


def filtered(rows: QuerySet[Dossier], where: Mapping[str, str]) -> QuerySet[Dossier]:
    """Narrow by `field=value`; a region includes everything below it."""
    for name, value in where.items():
        if name not in FILTERS:
            raise Refused("invalid", missing=(name,), detail=N_("There is no such filter."))
        if value:
            rows = rows.filter(_condition(name, value.strip()))
    return rows


def _condition(name: str, value: str) -> Q:
    if name == "unit":
        return Q(unit__code=value)
    if name == "owner":
        return Q(owner__username=value.lower())
    if name == "state" and value == "filed":
        return Q(filed_us__gt=0)
    if name == "level":
        return Q(level=int(Level.of(value))) if value in {level.key for level in Level} else Q(pk__in=())
    if name == "region":
        return _below(value)
    if name == "industry":
        return Q(industry__startswith=value.upper())
    return Q(**{name: value})


def _below(value: str) -> Q:
    """A region given by code or name, with every region below it, as a range an index can walk."""
    code = value if re.fullmatch(r"\d{2,6}", value) else str(check("region", value).value or "")
    stem = re.sub(r"(?:00){1,2}$", "", code)
    if not stem:
        return Q(pk__in=())
    return Q(region__gte=stem.ljust(6, "0"), region__lte=stem.ljust(6, "9"))


def _holders(text: str) -> list[int]:
    """Dossiers with this telephone number, this tail of one, or this identity number."""
    if _IDENTITY.fullmatch(text):
        holder = selectors.holder_of_identity(text.upper())
        return [holder.pk] if holder else []
    if not _DIGITS.fullmatch(text):
        return []
    digits = re.sub(r"\D", "", text)
    if len(digits) == 4:
        return _by_number(
            Tail.objects.filter(kind="phone", tail=blind.tail_index("phone", digits)), (digits,), tail=True
        )
    numbers = check("phones", text).value or []
    hits: list[int] = []
    for number in numbers:
        tail, residual = blind.tail_index("phone", number), blind.residual_index("phone", number)
        hits += _by_number(Tail.objects.filter(kind="phone", tail=tail, residual=residual), (number,), tail=False)
    return hits


def _by_number(candidates: QuerySet[Tail], wanted: Iterable[str], *, tail: bool) -> list[int]:
    contacts = list(Contact.objects.filter(pk__in=candidates.values("contact_id")[:_TAIL_LIMIT]))
    keys = subjects.get([sealing.contact_ref(contact.pk) for contact in contacts])
    hits = []
    for contact in contacts:
        key = keys.get(sealing.contact_ref(contact.pk))
        held = (
            sealing.open_value(key, sealing.CONTACT_TABLE, contact.pk, "phones_ct", contact.phones_ct, many=True) or []
        )
        if any(number.endswith(each) if tail else number == each for number in held for each in wanted):
            hits.append(contact.dossier_id)
    return hits
