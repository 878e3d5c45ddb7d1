"""Finding dossiers: words, codes, pinyin, a telephone's tail, and filters, all inside `visible_to`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kedang import search
from kedang.customers import sealing, selectors, values
from kedang.customers.fields import FIELDS, KIND_CHOICES, LEVEL_CHOICES, STATE_CHOICES
from kedang.customers.holders import holders_of
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.searchable import TARGET
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.standards import check
from kedang.vault import blind, subjects

ORDER = "-updated_us"
FILTERS = ("kind", "state", "level", "region", "industry", "unit", "owner", "grade", "scale")
WORDS = {
    "kind": tuple(name for name, _ in KIND_CHOICES),
    "state": (*(name for name, _ in STATE_CHOICES), "filed"),
    "level": tuple(name for name, _ in LEVEL_CHOICES),
}
MOST_HOLDERS = 200
"""Dossiers shown for one telephone tail; who needs more types more of the number."""
MOST_CANDIDATES = 2000
"""Contacts decrypted for one search; a tail such as 8888 has thousands in a million."""
MOST_POINTED = 20_000
"""Entries of the blind index read for one search, before what may not be seen is cut out."""
_DIGITS = re.compile(r"[\d\-+ ()]{4,20}")
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z]{6,18}")
"""Fewer characters begin too many codes to mean one of them."""
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_LAST = "\U0010fffd"
"""Sorts after whatever stands in a code, on both databases."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of dossiers in order, the cursor of the next, and how many there are.

    The first page begins with the holders of a number that was searched for and may be longer than asked.
    """

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
    an identity number; both by blind index, then decrypted and compared. Raises Refused(invalid) for an
    unknown filter, a value it does not know, or a cursor that is not ours.
    """
    narrowed = filtered(selectors.visible_to(by), where or {})
    holders = _holders(text.strip(), narrowed)
    rest = narrowed.exclude(pk__in=holders) if holders else narrowed
    found = search.find(TARGET, rest, text, limit=limit, after=after, order=ORDER)
    ids = [*(holders if after is None else ()), *found.ids]
    rows = narrowed.select_related("unit", "owner").in_bulk(ids)
    present = [rows[pk] for pk in ids if pk in rows]
    return Page(present, found.next, found.total + len(holders), found.total_exact, found.plan, found.ms)


def filtered(rows: QuerySet[Dossier], where: Mapping[str, str]) -> QuerySet[Dossier]:
    """Narrow by `field=value`, empty values by nothing; a region or industry includes everything below it."""
    for name, text in where.items():
        value = text.strip()
        if name not in FILTERS:
            raise Refused("invalid", missing=(name,), detail=N_("There is no such filter."))
        if "\0" in value or (name in WORDS and value not in ("", *WORDS[name])):
            raise Refused("invalid", missing=(name,), detail=N_("The filter knows no such value."))
        if value:
            rows = rows.filter(_condition(name, value))
    return rows


def _condition(name: str, value: str) -> Q:
    if name == "unit":
        return Q(unit__code=value)
    if name == "owner":
        return Q(owner__username=value.lower())
    if name == "state":
        return Q(filed_us__gt=0) if value == "filed" else Q(state=value, filed_us=0)
    if name == "level":
        return Q(level=int(Level.of(value)))
    if name in ("region", "industry"):
        return _below(name, value)
    return Q(**{name: value})


def _below(name: str, text: str) -> Q:
    """A region or industry, by code or name, with everything below it, as a range an index can walk."""
    stem = text if name == "region" and re.fullmatch(r"\d{2}|\d{4}", text) else _code(name, text)
    stem = re.sub(r"(?:00){1,2}$", "", stem) if name == "region" else stem
    return Q(**{f"{name}__gte": stem, f"{name}__lt": stem + _LAST})


def _code(name: str, text: str) -> str:
    value, findings = values.read_one(FIELDS[name], text)
    if not value:
        raise Invalid(findings, detail=N_("The filter knows no such value."))
    return str(value)


def _holders(text: str, narrowed: QuerySet[Dossier]) -> list[int]:
    """Dossiers with this code or its beginning, telephone number or its tail, or identity number, newest first."""
    hits = _by_code(text.upper(), narrowed) if _CODE.fullmatch(text) else set()
    if _IDENTITY.fullmatch(text):
        hits |= set(holders_of([text.upper()]).values())
    elif _DIGITS.fullmatch(text):
        hits |= _by_phone(text, narrowed)
    if not hits:
        return []
    rows = narrowed.filter(pk__in=sorted(hits)).order_by(ORDER, "-pk")
    return list(rows.values_list("pk", flat=True)[:MOST_HOLDERS])


def _by_code(text: str, narrowed: QuerySet[Dossier]) -> set[int]:
    """Dossiers whose own code or credit code begins so: two short walks of an index in code order.

    Nothing else stands in these queries, so no planner leaves the index of the code; what may be seen is
    cut out of the few hits afterwards.
    """
    hits: set[int] = set()
    for name in ("code", "credit_code"):
        begins = Dossier.objects.filter(**{f"{name}__gte": text, f"{name}__lt": text + _LAST}).order_by(name)
        hits |= set(begins.values_list("pk", flat=True)[:MOST_CANDIDATES])
    return _visible(hits, narrowed)


def _visible(hits: set[int], narrowed: QuerySet[Dossier]) -> set[int]:
    return set(narrowed.filter(pk__in=sorted(hits)).order_by().values_list("pk", flat=True)) if hits else set()


def _by_phone(text: str, narrowed: QuerySet[Dossier]) -> set[int]:
    phones = Tail.objects.filter(kind="phone")
    digits = re.sub(r"\D", "", text)
    if len(digits) == 4:
        candidates = phones.filter(tail=blind.tail_index("phone", digits))
        return {dossier for dossier, held in _held(candidates, narrowed) if any(each.endswith(digits) for each in held)}
    hits: set[int] = set()
    for number in check("phones", text).value or []:
        tail, residual = blind.tail_index("phone", number), blind.residual_index("phone", number)
        candidates = phones.filter(tail=tail, residual=residual)
        hits |= {dossier for dossier, held in _held(candidates, narrowed) if number in held}
    return hits


def _held(candidates: QuerySet[Tail], narrowed: QuerySet[Dossier]) -> list[tuple[int, list[str]]]:
    """The telephone numbers of the visible contacts a blind index points at, decrypted to compare; by dossier."""
    pointed = dict(candidates.values_list("contact_id", "dossier_id")[:MOST_POINTED])
    seen = _visible(set(pointed.values()), narrowed)
    near = [contact for contact, dossier in pointed.items() if dossier in seen][:MOST_CANDIDATES]
    contacts = list(Contact.objects.filter(pk__in=near))
    keys = subjects.get([sealing.contact_ref(contact.pk) for contact in contacts])
    out = []
    for contact in contacts:
        table, ref = sealing.place_of("contact", contact.pk)
        held = sealing.open_value(keys[ref], table, contact.pk, "phones_ct", contact.phones_ct, many=True)
        out.append((contact.dossier_id, held or []))
    return out
