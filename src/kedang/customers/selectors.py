"""Restricted reads: whatever a person asks for starts at `visible_to`."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import Q, QuerySet

from kedang.customers.holders import holders_of
from kedang.customers.models import Contact, Dossier
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible

_CODE = re.compile(r"[A-Za-z0-9]{1,16}")


def visible_to(by: Actor) -> QuerySet[Dossier]:
    """Dossiers inside this actor's row scope or granted for a time, up to the clearance; none for offices that
    read no dossier, and none that lie in the recycle bin."""
    if "dossier" not in by.reads:
        return Dossier.objects.none()
    found = standing().filter(level__lte=by.clearance)
    if (scope := _scope(by)) is None:
        return found
    return found.filter(scope | Q(pk__in=sorted(by.granted)) if by.granted else scope)


def standing() -> QuerySet[Dossier]:
    """All dossiers but those in the recycle bin: what is listed, counted, measured and handed over."""
    return Dossier.objects.filter(removed_us=0)


def in_bin(by: Actor) -> QuerySet[Dossier]:
    """What lies in the recycle bin inside this actor's row scope and clearance, removed last first."""
    if "dossier" not in by.reads:
        return Dossier.objects.none()
    found = Dossier.objects.filter(removed_us__gt=0, level__lte=by.clearance).order_by("-removed_us", "-pk")
    scope = _scope(by)
    return found if scope is None else found.filter(scope)


def _scope(by: Actor) -> Q | None:
    """The row scope as a condition; None for all."""
    if by.own_only:
        return Q(owner_id=by.pk)
    return None if by.units is None else Q(unit_id__in=sorted(by.units))


def would_see(by: Actor, dossier: Dossier) -> bool:
    """Whether a dossier as it is in memory, perhaps not saved yet, lies inside clearance and row scope; what is
    granted for a time does not count: it may be read and no more."""
    if "dossier" not in by.reads or dossier.level > by.clearance:
        return False
    if by.own_only:
        return dossier.owner_id == by.pk
    return by.units is None or dossier.unit_id in by.units


def dossier_by_code(by: Actor, code: str, *, lock: bool = False) -> Dossier:
    """One visible dossier by its code; raises NotVisible, the same for hidden and absent ones."""
    found = visible_to(by).filter(code=code.upper()) if _CODE.fullmatch(code) else Dossier.objects.none()
    dossier = (locked(found) if lock else found.select_related("unit", "owner")).first()
    if dossier is None:
        raise NotVisible(f"dossier:{code}")
    return dossier


def by_subject(by: Actor, subject: str) -> Dossier:
    """The visible dossier a deed names as its subject, held until the end of the transaction; else NotVisible."""
    kind, _, code = subject.partition(":")
    if kind != "dossier":
        raise NotVisible(subject)
    return dossier_by_code(by, code, lock=True)


def locked(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """The rows with unit and owner, held until the end of the transaction; on SQLite its one writer holds all.

    Outside a transaction nothing is held: a page that shows what a request would do only reads.
    """
    found = rows.select_related("unit", "owner")
    holding = connection.vendor == "postgresql" and connection.in_atomic_block
    return found.select_for_update(of=("self",)) if holding else found


def main_contact(dossier_id: int) -> Contact | None:
    """The main contact of a dossier, when it has one."""
    return Contact.objects.filter(dossier_id=dossier_id, is_main=True).first()


def same_customer(credit_code: str, identity_number: str) -> Dossier | None:
    """The dossier with the same identity key, across all units and in the bin: one customer has one dossier."""
    if credit_code:
        return Dossier.objects.filter(credit_code=credit_code).first()
    if identity_number:
        return Dossier.objects.filter(pk=holders_of([identity_number]).get(identity_number, 0)).first()
    return None


def same_name(name_key: str, region: str) -> QuerySet[Dossier]:
    """Dossiers whose folded name is the same, in the same region where both have one; those in the bin, too."""
    found = Dossier.objects.filter(name_key=name_key)
    return found.filter(region__in=("", region)) if region else found
