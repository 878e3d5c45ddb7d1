"""Into the recycle bin and out of it: only this room knows what still hangs on a dossier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from kedang.customers import removing, selectors
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.removing import RecoverDossier, RemoveDossier
from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Drawn, Duty
from kedang.governance.models import PENDING_STATES, Call
from kedang.governance.offered import RECOVER, REMOVE
from kedang.governance.registers.models import Row
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.times import Clock

MOST = 20
"""Of what hangs on a dossier so many are named."""
HANGING = N_("Something still hangs on this dossier; it is settled before the dossier is removed.")


@dataclass(frozen=True, slots=True)
class Hanging:
    """One thing that is not settled yet: a request, an open line of a register, a duty."""

    ref: str
    title: str
    """In the regulation's words, or an English source."""
    link: str


def hanging(dossier: Dossier, *, but: int = 0) -> list[Hanging]:
    """What keeps a dossier from being removed; the call `but` is the removal itself."""
    found = [*_requests(dossier.ref, but), *_rows(dossier.ref), *_duties(dossier.ref)]
    return found[:MOST]


def _requests(ref: str, but: int) -> Iterator[Hanging]:
    pack = in_force()
    waiting = Call.objects.filter(subject=ref, state__in=PENDING_STATES).exclude(pk=but).order_by("pk")[:MOST]
    for call in waiting:
        said = pack.operations.get(call.op)
        title = said.title if said is not None and said.title else call.op
        yield Hanging(f"call:{call.pk}", title, f"/requests/{call.pk}/" if call.route else "")


def _rows(ref: str) -> Iterator[Hanging]:
    pack = in_force()
    for row in Row.objects.filter(subject=ref, closed_us=0).order_by("pk")[:MOST]:
        book = pack.registers.get(row.register)
        yield Hanging(row.ref, book.title if book else row.register, f"/registers/{row.register}/rows/{row.number}")


def _duties(ref: str) -> Iterator[Hanging]:
    drawn = Drawn.objects.filter(subject=ref, done_us=0).values("duty_id")
    about = Q(source="clock") & (Q(subject=ref) | Q(about=ref)) | Q(source="round", pk__in=drawn)
    for duty in Duty.objects.filter(about, closed_us=0).order_by("pk")[:MOST]:
        said = editions.part_of(duty)
        if isinstance(said, Clock) and REMOVE in said.stops:
            continue
        yield Hanging(f"duty:{duty.pk}", said.title, f"/duties/{duty.pk}/")


def _load_binned(by: Actor, subject: str) -> Dossier:
    kind, _, code = subject.partition(":")
    if kind != "dossier":
        raise NotVisible(subject)
    return removing.binned(by, code, lock=True)


def _facts(by: Actor, dossier: Dossier, payload: Any) -> Facts:
    return facts_of(by, dossier)


def _claims(dossier: Dossier, payload: Any) -> set[str]:
    return {f"{dossier.ref}#bin"}


def _remove(deed: Deed, dossier: Dossier, payload: RemoveDossier) -> Outcome:
    if found := hanging(dossier, but=deed.call):
        raise Refused("state", missing=[each.ref for each in found], detail=HANGING)
    return removing.remove_dossier(deed, dossier, payload)


def _remove_lines(by: Actor, dossier: Dossier, payload: RemoveDossier) -> list[Line]:
    return [Line(N_("Dossier"), dossier.code, gettext("recycle bin"))]


def _recover_lines(by: Actor, dossier: Dossier, payload: RecoverDossier) -> list[Line]:
    return [Line(N_("Dossier"), gettext("recycle bin"), dossier.code)]


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        REMOVE, N_("Remove a dossier"), RemoveDossier, selectors.by_subject, _facts, _remove, claims=_claims,
        show=_remove_lines,
    ),
    Operation(
        RECOVER, N_("Recover a dossier"), RecoverDossier, _load_binned, _facts, removing.recover_dossier,
        claims=_claims, show=_recover_lines,
    ),
)  # fmt: skip
