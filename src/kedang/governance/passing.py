"""What hangs on a dossier goes with it when it changes hands: waiting requests, and duties.

`aftermath` looks up anew who signs those requests, once the deed is done. To-dos are reckoned anew whenever they are
shown and need nothing here. Who asked for something goes on waiting for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from kedang.customers.models import Dossier
from kedang.governance.clocks import holders
from kedang.governance.clocks.models import Duty
from kedang.governance.models import PENDING_STATES, Call
from kedang.governance.offered import HAND_OVER, RECOVER

DEEDS = frozenset({"customer.assign", RECOVER})
"""Deeds after which a dossier may have another first responsible person or unit."""
MANY = frozenset({HAND_OVER, "people.leave"})
"""Deeds after which many have; they let things follow chunk by chunk."""


def refs(ids: Iterable[int]) -> list[str]:
    """The names of some dossiers by their numbers."""
    return [f"dossier:{code}" for code in Dossier.objects.filter(pk__in=list(ids)).values_list("code", flat=True)]


def follow(subjects: Sequence[str], at_us: int) -> None:
    """Let open requests and duties on these dossiers follow them to whoever has them now; in the caller's
    transaction."""
    codes = [subject.removeprefix("dossier:") for subject in subjects]
    seated = Dossier.objects.filter(code__in=codes).values_list("code", "owner__username", "unit_id")
    now = {f"dossier:{code}": (owner or "", unit) for code, owner, unit in seated}
    _requests(now)
    _duties(now, at_us)


def _requests(now: dict[str, tuple[str, int]]) -> None:
    for call in Call.objects.filter(subject__in=list(now), state__in=PENDING_STATES).order_by("pk"):
        owner, unit = now[call.subject]
        if (call.owner_ref, call.unit) == (owner, unit):
            continue
        call.owner_ref, call.unit = owner, unit
        call.save(update_fields=["owner_ref", "unit"])


def _duties(now: dict[str, tuple[str, int]], at_us: int) -> None:
    about = Q(subject__in=list(now)) | Q(about__in=list(now))
    books = holders.Books(at_us)
    for duty in Duty.objects.filter(about, source="clock", closed_us=0).order_by("pk"):
        owner, unit = now[duty.subject if duty.subject in now else duty.about]
        if (duty.owner, duty.unit) == (owner, unit):
            continue
        duty.owner, duty.unit = owner, unit
        holders.settle(duty, at_us, books)
        Duty.objects.filter(pk=duty.pk, closed_us=0).update(owner=owner, unit=unit, holder=duty.holder)
