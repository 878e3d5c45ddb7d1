"""What ends when a person leaves or moves on, and the record of the handover; `governance.leaving` conducts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.kernel.deeds import Deed
from kedang.people import grants, posting, selectors, services
from kedang.people.models import Appointment, Handover, Staff, StaffRole, Token
from kedang.people.payloads import Leave


def begin(deed: Deed, staff: Staff, payload: Leave, held: Mapping[str, int]) -> Handover:
    """Write down what is handed over and what was declared; once for a call, however often it is taken up.

    Raises Refused where the person cannot go: the last one in an office that must not be empty.
    """
    services.keep_manned(deed, staff)
    if payload.move_to:
        selectors.unit_by_code(payload.move_to)
    successors = {"any": payload.successor} | dict(payload.successors)
    row, _ = Handover.objects.get_or_create(
        call=deed.call,
        defaults={
            "staff": staff,
            "successors": " ".join(f"{kind}:{name.lower()}" for kind, name in sorted(successors.items()) if name),
            "declaration": payload.declaration,
            "held": " ".join(f"{kind}:{count}" for kind, count in sorted(held.items())),
            "moved_to": payload.move_to,
            "begun_us": deed.at_us,
        },
    )
    return row


def end(deed: Deed, staff: Staff, payload: Leave, row: Handover) -> dict[str, Any]:
    """End posts, roles, deputies, grants, tokens and sessions; close the account, or move the person to the unit."""
    at_us = deed.at_us
    ended: dict[str, Any] = {
        "posts": Appointment.objects.filter(posting.held(staff, at_us)).update(until_us=at_us),
        "delegations": posting.end_all(staff, at_us),
        "grants": grants.take_back(at_us=at_us, staff_pk=staff.pk),
        "tokens": Token.objects.filter(staff=staff, revoked_us=0).update(revoked_us=at_us),
        "roles": StaffRole.objects.filter(staff=staff).delete()[0],
    }
    if payload.move_to:
        staff.unit = selectors.unit_by_code(payload.move_to)
    else:
        staff.is_active = False
    staff.save(update_fields=["unit", "is_active"])
    ended |= {"sessions": services.end_sessions(staff), "moved_to": payload.move_to}
    row.done_us = at_us
    row.save(update_fields=["done_us"])
    return ended
