"""One customer has one dossier: whether a new or changed one meets another that is there already."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection

from kedang.customers import selectors, values
from kedang.customers.drafts import Draft
from kedang.customers.models import Dossier
from kedang.customers.values import Reading
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Invalid
from kedang.kernel.i18n import N_
from kedang.standards import Finding

_DETAIL = {
    False: N_("This customer already has a dossier."),
    True: N_("A dossier of this customer lies in the recycle bin."),
}
_TURN = int.from_bytes(b"kd-twins", "big")


def take_turn() -> None:
    """Let whoever gives a customer its identity go one after another until the end of the transaction.

    No unique index can hold an identity number or a name, so on PostgreSQL two deeds could each look
    for a twin before the other has written it. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def refuse_second(by: Actor, reading: Reading) -> None:
    """Refuse to open a dossier of a customer who has one, by code, by number, or by name where either has none.

    Two persons may share a name: with a number of their own they are told apart by it alone.
    """
    take_turn()
    code, number = str(reading.values.get("credit_code") or ""), str(reading.values.get("identity_number") or "")
    field = "credit_code" if code else "identity_number"
    twin = selectors.same_customer(code, number)
    if twin is None and not number:
        field, twin = "name", _by_name(reading, code)
    if twin is not None:
        raise Invalid([_finding(by, field, twin)], detail=_DETAIL[twin.removed_us > 0])


def in_bin(by: Actor, reading: Reading) -> tuple[Finding, ...]:
    """The warning that a dossier of the same name lies in the recycle bin, where either has no code of its own."""
    if reading.values.get("identity_number"):
        return ()
    twin = _by_name(reading, str(reading.values.get("credit_code") or ""), removed=True)
    return (replace(_finding(by, "name", twin), severity="warning"),) if twin is not None else ()


def refuse_taken(by: Actor, draft: Draft) -> None:
    """Refuse a change that gives a dossier the credit code or identity number of another."""
    field = next((key for key in ("credit_code", "identity_number") if draft.sets(key)), None)
    if field is None:
        return
    take_turn()
    number = str(draft.plain.get("identity_number") or "") if draft.sets("identity_number") else ""
    code = draft.dossier.credit_code if draft.sets("credit_code") else ""
    for key, twin in (
        ("credit_code", selectors.same_customer(code, "")),
        ("identity_number", selectors.same_customer("", number)),
    ):
        if twin is not None and twin.pk != draft.dossier.pk:
            raise Invalid([_finding(by, key, twin)], detail=_DETAIL[twin.removed_us > 0])


def _by_name(reading: Reading, code: str, *, removed: bool = False) -> Dossier | None:
    key = values.name_key_of(str(reading.values["name"]))
    kind = str(reading.values.get("kind") or "organisation")
    found = selectors.same_name(key, str(reading.values.get("region") or "")).filter(kind=kind)
    found = found.filter(removed_us__gt=0) if removed else found.filter(removed_us=0)
    return (found.filter(credit_code=None) if code else found).order_by("pk").first()


def _finding(by: Actor, field: str, twin: Dossier) -> Finding:
    """Names the twin only to a person who may see it, in the recycle bin or where it stands."""
    among, rule = (
        (selectors.in_bin(by), "customer.in_bin")
        if twin.removed_us
        else (selectors.visible_to(by), "customer.duplicate")
    )
    code = twin.code if among.filter(pk=twin.pk).exists() else ""
    return Finding(field, rule, "error", code, {"code": code or "—"})
