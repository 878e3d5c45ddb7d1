"""Who is late with what at an instant: read from the limits, so that no job has to turn anything over first."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kedang.governance.clocks import holders
from kedang.governance.clocks.models import Duty

WHOSE = ("name", "party", "unit", "applicant", "owner", "thing_holder", "seat", "pack_version")
"""What decides whose a duty is."""


def late_of(username: str, at_us: int, shared: Collection[str] = ()) -> frozenset[str]:
    """Names of the clocks and rounds on which a person is late at an instant.

    Of a duty that any of several may do each of them is late, but only the clocks and rounds named in `shared` are
    looked through for such (those that bar the deed in question), because the company has to be asked who they are.
    """
    if not username:
        return frozenset()
    late = Duty.objects.filter(closed_us=0, due_us__gt=0, due_us__lt=at_us)
    own = set(late.filter(holder=username).values_list("name", flat=True).distinct())
    if more := set(shared) - own:
        own.update(_shared(username, at_us, more))
    return frozenset(own)


def _shared(username: str, at_us: int, names: set[str]) -> Iterator[str]:
    late = Duty.objects.filter(closed_us=0, due_us__gt=0, due_us__lt=at_us, holder="", name__in=names)
    books = holders.Books(at_us)
    for row in late.order_by().values(*WHOSE).distinct():
        if username in holders.people_of(Duty(**row), at_us, books):
            yield row["name"]
