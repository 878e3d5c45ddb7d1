"""What the parts that carry a control have to show for a period: limits, rows, sentences signed, posts filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from kedang.governance.compliance.periods import Period
from kedang.governance.registers.models import Row
from kedang.packs.carriers import Path
from kedang.packs.schema import Pack
from kedang.people import findings
from kedang.people.models import Appointment, Undertaken

MOST = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """Duties of a clock or a round in a period: how many there were and how they ended."""

    due: int = 0
    kept: int = 0
    late: int = 0
    missed: int = 0
    running: int = 0
    unknown: int = 0
    """Limits that cannot be reckoned, because the working days of their year are not announced."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number up to `MOST`."""

    number: int = 0
    exact: bool = True


def named(paths: Iterable[Path], section: str) -> tuple[str, ...]:
    """The names of a section that stand in the paths: `clocks`, `registers` …"""
    return tuple(dict.fromkeys(str(path[1]) for path in paths if len(path) >= 2 and path[0] == section))


def rows(registers: Iterable[str], period: Period) -> Counted:
    """Rows opened in the registers."""
    wanted = list(registers)
    if not wanted:
        return Counted()
    found = Row.objects.filter(register__in=wanted, opened_us__gte=period.since_us, opened_us__lt=period.until_us)
    return _capped(found[: MOST + 1].count())


def signed(names: Iterable[str], period: Period) -> Counted:
    """Undertakings signed in the period."""
    wanted = list(names)
    return _capped(signings(wanted, period)[: MOST + 1].count()) if wanted else Counted()


def signings(names: Iterable[str], period: Period) -> QuerySet[Undertaken]:
    """The undertakings signed in the period."""
    signed_then = Undertaken.objects.filter(signed_us__gte=period.since_us, signed_us__lt=period.until_us)
    return signed_then.filter(name__in=list(names))


def lapsed(names: Iterable[str], at_us: int) -> Counted:
    """People who work here whose undertaking ran out and was not renewed."""
    wanted = list(names)
    return _capped(ran_out(wanted, at_us)[: MOST + 1].count()) if wanted else Counted()


def ran_out(names: Iterable[str], at_us: int) -> QuerySet[Undertaken]:
    """The last undertaking of each person who works here, where it is in force no more."""
    later = Undertaken.objects.filter(
        staff_id=OuterRef("staff_id"), name=OuterRef("name"), signed_us__lte=at_us
    ).filter(
        Q(until_us=0) | Q(until_us__gt=OuterRef("until_us")) | Q(until_us=OuterRef("until_us"), pk__gt=OuterRef("pk"))
    )
    found = Undertaken.objects.filter(name__in=list(names), staff__is_active=True, until_us__gt=0, until_us__lte=at_us)
    return found.exclude(Exists(later))


def appointments(posts: Iterable[str]) -> QuerySet[Appointment]:
    """Who holds the posts."""
    held = Appointment.objects.filter(post__in=list(posts), until_us=0)
    return held.select_related("staff", "unit").order_by("post", "unit__path", "pk")


def seats(pack: Pack, posts: Iterable[str], at_us: int) -> tuple[int, int]:
    """Appointments to the posts, and what is wrong with them; nothing is wrong where nobody was appointed yet."""
    wanted = set(posts)
    if not wanted:
        return 0, 0
    held = appointments(wanted).count()
    if not Appointment.objects.exists():
        return 0, 0
    return held, sum(finding.post in wanted for finding in findings.posts(pack, at_us))


def _capped(number: int) -> Counted:
    return Counted(min(number, MOST), number <= MOST)
