"""The right to read one dossier for a time (查阅授权): given by a deed that is done, ended by its day or taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from kedang.people.models import Grant


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person was granted: numbers of dossiers, and those of them whose masked fields may be revealed."""

    ids: frozenset[int] = frozenset()
    clear: frozenset[int] = frozenset()


def give(
    staff_pk: int, subject: str, subject_id: int, *, since_us: int, until_us: int, purpose: str = "",
    clear: bool = False, call: int = 0,
) -> Grant:  # fmt: skip
    """Let a person read a dossier until an instant; for the gate, after the deed that grants it.

    The same call gives the same right once, however often it is told.
    """
    given = Grant.objects.filter(call=call, staff_id=staff_pk, subject_id=subject_id).first() if call else None
    return given or Grant.objects.create(
        staff_id=staff_pk, subject=subject, subject_id=subject_id, purpose=purpose[:200], since_us=since_us,
        until_us=until_us, clear=clear, call=call,
    )  # fmt: skip


def take_back(*, at_us: int, call: int = 0, staff_pk: int = 0, subject: str = "") -> int:
    """End the grants of a call, of a person, of a subject, or of what is named together, begun or not; how many.

    `ValueError` when nothing is named: that would be everybody's.
    """
    named = {"call": call, "staff_id": staff_pk, "subject": subject}
    wanted = {name: value for name, value in named.items() if value}
    if not wanted:
        raise ValueError("name a call, a person or a subject")
    return Grant.objects.filter(**wanted, until_us__gt=at_us, revoked_us=0).update(revoked_us=at_us)


def granted(staff_pk: int, at_us: int) -> Granted:
    """What a person may read by grant at an instant."""
    rows = list(in_force(at_us).filter(staff_id=staff_pk).values_list("subject_id", "clear"))
    return Granted(frozenset(pk for pk, _ in rows), frozenset(pk for pk, clear in rows if clear))


def in_force(at_us: int) -> QuerySet[Grant]:
    """Grants that have begun, not ended and were not taken back."""
    return Grant.objects.filter(since_us__lte=at_us, until_us__gt=at_us, revoked_us=0)
