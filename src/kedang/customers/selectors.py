"""Restricted reads: whatever a person asks for starts at `visible_to`."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from kedang.customers import sealing
from kedang.customers.models import Contact, Dossier, Tail
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.vault import blind, subjects


def visible_to(by: Actor) -> QuerySet[Dossier]:
    """Dossiers inside this actor's row scope and clearance; none for offices that read no dossier."""
    if "dossier" not in by.reads:
        return Dossier.objects.none()
    found = Dossier.objects.filter(level__lte=by.clearance)
    if by.own_only:
        return found.filter(owner_id=by.pk)
    if by.units is not None:
        return found.filter(unit_id__in=sorted(by.units))
    return found


def dossier_by_code(by: Actor, code: str, *, lock: bool = False) -> Dossier:
    """One visible dossier by its code; raises NotVisible, the same for hidden and absent ones."""
    found = visible_to(by).select_related("unit", "owner").filter(code=code.upper())
    if lock and connection.vendor == "postgresql":
        found = found.select_for_update(of=("self",))
    dossier = found.first()
    if dossier is None:
        raise NotVisible(f"dossier:{code}")
    return dossier


def main_contact(dossier_id: int) -> Contact | None:
    """The main contact of a dossier, when it has one."""
    return Contact.objects.filter(dossier_id=dossier_id, is_main=True).first()


def by_tail(by: Actor, digits: str) -> QuerySet[Dossier]:
    """Visible dossiers with a number whose last four characters are these (candidates, about 60 in a million)."""
    ids = Tail.objects.filter(tail=blind.tail_index("phone", digits), kind="phone").values("dossier_id")
    return visible_to(by).filter(pk__in=ids)


def holder_of_identity(number: str) -> Dossier | None:
    """The dossier that holds this identity number, found by index and confirmed by decrypting."""
    candidates = Dossier.objects.filter(
        pk__in=Tail.objects.filter(
            kind="identity",
            tail=blind.tail_index("identity", number),
            residual=blind.residual_index("identity", number),
        ).values("dossier_id")
    )
    for dossier in candidates:
        ref = sealing.person_ref(dossier.pk)
        key = subjects.get([ref]).get(ref)
        if sealing.open_value(key, sealing.DOSSIER_TABLE, dossier.pk, "identity_ct", dossier.identity_ct) == number:
            return dossier
    return None


def same_customer(credit_code: str, identity_number: str) -> Dossier | None:
    """The dossier with the same identity key, across all units: one customer has one dossier."""
    if credit_code:
        return Dossier.objects.filter(credit_code=credit_code).first()
    if identity_number:
        return holder_of_identity(identity_number)
    return None


def same_name(name_key: str, region: str) -> QuerySet[Dossier]:
    """Dossiers whose folded name is the same, in the same region where both have one."""
    found = Dossier.objects.filter(name_key=name_key)
    return found.filter(region__in=("", region)) if region else found
