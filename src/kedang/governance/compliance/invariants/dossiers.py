"""Dossiers: sealed, seen only within scope, never by the officers, each with somebody who answers for it."""

from __future__ import annotations

import re

from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier
from kedang.customers.selectors import standing, visible_to
from kedang.governance.compliance.invariants.observation import SAMPLE, Observation, of
from kedang.governance.compliance.periods import Period
from kedang.kernel.errors import KedangError
from kedang.ledger.models import Look
from kedang.people.actors import staff_actor
from kedang.people.models import Staff
from kedang.vault import cipher

SOME_PEOPLE = 8
WIDTH = 20
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile or identity number in clear."""
_PLAIN = ("name", "short_name", "address", "note", "search_text")


def personal_values_sealed(period: Period) -> Observation:
    """Numbers and names of people are ciphertext in the newest dossiers, and stand nowhere in clear."""
    dossiers = _changed(period)
    contacts = Contact.objects.filter(dossier__in=[each.pk for each in dossiers])
    sealed = [bytes(each.identity_ct) for each in dossiers]
    sealed += [bytes(ct) for each in contacts for ct in (each.name_ct, each.phones_ct, each.email_ct)]
    held = [ct for ct in sealed if ct]
    open_ = sum(not _is_sealed(ct) for ct in held)
    plain = sum(any(_PERSONAL.search(getattr(each, name)) for name in _PLAIN) for each in dossiers)
    return of(len(held), open_ + plain, dossiers=len(dossiers))


def officers_read_no_dossier(period: Period) -> Observation:
    """Nobody whose roles read no dossier was shown one."""
    officers = [name for name, reads in _readers().items() if "dossier" not in reads]
    shown = Look.objects.filter(at_us__gte=period.since_us, at_us__lt=period.until_us, n_ids__gt=0)
    wrong = sum(shown.filter(actor_id=name).exists() for name in officers)
    reached = sum(visible_to(staff_actor(name, "compliance")).exists() for name in officers)
    return of(len(officers) if shown.exists() else 0, wrong + reached)


def search_within_rights(period: Period) -> Observation:
    """What a search finds for somebody lies inside what that person may see, for words of dossiers outside it."""
    words = [each.name[:2] for each in _changed(period)[:WIDTH] if len(each.name) >= 2]
    people = [name for name, reads in _readers().items() if "dossier" in reads][:SOME_PEOPLE]
    asked = wrong = 0
    for name in people:
        by = staff_actor(name, "compliance")
        for word in sorted(set(words))[:WIDTH]:
            found = [row.pk for row in find(by, word, limit=WIDTH).rows]
            allowed = set(visible_to(by).filter(pk__in=found).values_list("pk", flat=True))
            asked, wrong = asked + 1, wrong + len(set(found) - allowed)
    return of(asked, wrong)


def one_responsible(period: Period) -> Observation:
    """Each dossier has an account manager who works here; what lies in the recycle bin has to have none."""
    some = standing().filter(created_us__lt=period.until_us)
    seen = some.order_by("-updated_us", "-id")[:SAMPLE]
    return of(len(seen), sum(each.owner is None or not each.owner.is_active for each in seen.select_related("owner")))


def every_dossier_has_unit(period: Period) -> Observation:
    """Each dossier belongs to a unit that has its place in the tree of the company."""
    seen = Dossier.objects.filter(created_us__lt=period.until_us).order_by("-updated_us", "-id")[:SAMPLE]
    return of(len(seen), sum(not each.unit.path.endswith(f"/{each.unit_id}/") for each in seen.select_related("unit")))


def _changed(period: Period) -> list[Dossier]:
    some = Dossier.objects.filter(updated_us__gte=period.since_us, updated_us__lt=period.until_us)
    return list(some.order_by("-updated_us", "-id")[:SAMPLE])


def _readers() -> dict[str, frozenset[str]]:
    active = Staff.objects.filter(is_active=True).order_by("pk").values_list("username", flat=True)[:SAMPLE]
    return {name: staff_actor(name, "compliance").reads for name in active}


def _is_sealed(ct: bytes) -> bool:
    try:
        return cipher.key_id_of(ct) >= 0 and ct[0] in cipher.SUITES.values()
    except KedangError:
        return False
