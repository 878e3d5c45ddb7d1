"""Leaving and transfer (离职、调岗交接): what a person holds goes to successors or ends, then the account closes.

One bulk deed. It is refused before it begins where something would be left with nobody. Its dossiers change hands
chunk by chunk; rights end and the account closes in the last transaction, so a run that is broken off leaves a
person who still holds the rest, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from kedang import ledger
from kedang.customers import handing
from kedang.customers.holdings import DOSSIERS
from kedang.governance import clocks, holdings, passing
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.people import departing, selectors
from kedang.people.actors import actor_of
from kedang.people.holdings import Held
from kedang.people.models import Staff
from kedang.people.payloads import Leave

NAME = "people.leave"
AT_ONCE = 1000
"""Dossiers in one transaction: some 150 ms of writing."""


def _load(by: Actor, subject: str) -> Staff:
    return selectors.staff_by_ref(by, subject)


def _facts(by: Actor, staff: Staff, payload: Leave) -> Facts:
    rel = {"in_scope"} | ({"self"} if staff.username == by.id else set())
    rel |= {"has_overdue"} if clocks.late_of(staff.username, clock.now_us()) else set()
    count = next((each.count for each in holdings.of(staff, clock.now_us()) if each.kind == DOSSIERS), 0)
    return Facts(unit=staff.unit_id, kind="staff", rows=max(count, 1), rel=frozenset(rel))


def _claims(staff: Staff, payload: Leave) -> set[str]:
    return {f"{staff.ref}#leave"}


def _settled(staff: Staff, payload: Leave) -> dict[str, str]:
    """Asked before anybody signs: Refused where something would be left with nobody. Nothing is pinned: the
    person goes on working until the last signature, and what they hold then is handed over."""
    _heirs(staff, payload, holdings.of(staff, clock.now_us()))
    return {}


def _show(by: Actor, staff: Staff, payload: Leave) -> Sequence[Line]:
    """The list that is signed: everything the person holds, and who has it then."""
    lines = [
        Line(each.title, before=f"{each.count}: {', '.join(each.names)}", after=_heir_name(payload, each))
        for each in holdings.of(staff, clock.now_us())
    ]
    lines.append(Line(N_("Declaration on data kept personally"), after=payload.declaration))
    lines.append(Line(N_("Account"), before=staff.unit.name, after=payload.move_to or gettext("closed")))
    return lines


def _run(deed: Deed, staff: Staff, payload: Leave) -> Outcome:
    if staff.username == deed.actor.id:
        raise Refused("denied", detail=N_("Nobody signs off their own handover."))
    held = holdings.of(staff, deed.at_us)
    heirs = _heirs(staff, payload, held)
    with transaction.atomic():
        row = departing.begin(deed, staff, payload, {each.kind: each.count for each in held})
    handed = _hand_over(deed, staff, heirs[DOSSIERS]) if DOSSIERS in heirs else 0
    with transaction.atomic():
        ended = departing.end(deed, staff, payload, row)
    body = {"handed": handed, "rows": max(handed, 1), "successors": row.successors, "held": row.held} | ended
    return Outcome(result={"user": staff.username, "handed": handed, "closed": not payload.move_to}, body=body)


def _heirs(staff: Staff, payload: Leave, held: Sequence[Held]) -> Mapping[str, Staff]:
    """Who takes each kind of thing; Refused(state) that names what would be left with nobody."""
    unsettled = [each for each in held if each.how == "first"]
    if unsettled:
        raise Refused(
            "state", missing=[f"{each.kind}:{each.count}" for each in unsettled],
            detail=holdings.GROUNDS.get(unsettled[0].kind, N_("Something has to be settled before the handover.")),
        )  # fmt: skip
    heirs = {each.kind: _heir(staff, payload, each) for each in held if each.how == "successor"}
    if DOSSIERS in heirs:
        _sees_all(staff, heirs[DOSSIERS])
    return heirs


def _heir(staff: Staff, payload: Leave, held: Held) -> Staff:
    username = _heir_name(payload, held)
    if not username or username == staff.username:
        raise Refused(
            "state", missing=(f"{held.kind}:{held.count}",),
            detail=N_("Name somebody who takes over what this person is responsible for."),
        )  # fmt: skip
    try:
        return selectors.colleague(username)
    except NotVisible:
        raise Refused(
            "invalid", missing=("successor",), detail=N_("There is no active account of this successor.")
        ) from None


def _heir_name(payload: Leave, held: Held) -> str:
    return payload.successors.get(held.kind, payload.successor).lower() if held.how == "successor" else ""


def _sees_all(staff: Staff, heir: Staff) -> None:
    unseen = handing.out_of_sight(staff, actor_of(heir, "")).count()
    if unseen:
        raise Refused(
            "state", missing=(f"{DOSSIERS}:{unseen}",),
            detail=N_("The successor could not see all of the dossiers; name another, or widen the scope first."),
        )  # fmt: skip


def _hand_over(deed: Deed, staff: Staff, heir: Staff) -> int:
    """All dossiers, chunk by chunk, each in a short transaction with its own entry; returns how many."""
    total, done = handing.owned_by(staff).count(), 0
    while True:
        with transaction.atomic():
            handed = handing.hand_over(staff, heir, AT_ONCE)
            if handed.ids:
                ledger.append(
                    replace(deed, at_us=clock.now_us()), NAME, subject=staff.ref,
                    body={"successor": heir.username, "without_version": len(handed.ids) - len(handed.versions)},
                    versions=handed.versions, n_rows=len(handed.ids),
                )  # fmt: skip
                passing.follow(passing.refs(handed.ids), clock.now_us())
        if not handed.ids:
            return done
        done += len(handed.ids)
        deed.beat({"phase": "handing", "rows": done, "total": max(total, done)})


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        NAME, N_("Hand over and leave"), Leave, _load, _facts, _run, basis=_settled, claims=_claims, show=_show,
        bulk=True,
    ),
)  # fmt: skip
