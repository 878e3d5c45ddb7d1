"""Who may see which duty, and the lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kedang.customers import selectors as customers
from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import state_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force
from kedang.packs.periods import Period, period_of
from kedang.packs.reckoning import UnknownYear
from kedang.packs.times import Round, Watched
from kedang.people.selectors import names_of

LISTS = ("overdue", "soon", "open", "done")
WHOSE = ("mine", "unit", "all")
SOON_US = 3 * 86_400_000_000
DOSSIER = "dossier:"


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty as this person sees it; `subject` is empty where it lies outside what they may see."""

    id: int
    source: str
    name: str
    title: str
    article: str
    controls: tuple[str, ...]
    state: str
    subject: str
    period: str
    seat: str
    holder: str
    holder_name: str
    started_us: int
    due_us: int
    stopped_us: int
    needed: int
    done: int
    problem: str
    pack: str


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round in the calendar: its present period, and how far it is done by those one may see."""

    name: str
    title: str
    article: str
    period: Period | None
    unknown: int
    done: int
    open: int
    missed: int


def visible_to(by: Actor) -> QuerySet[Duty]:
    """Duties an actor may know of: all for who reads compliance, else their own and those of their units."""
    if "compliance" in by.reads:
        return Duty.objects.all()
    mine = Q(holder=by.id) | Q(applicant=by.id) | Q(seat=f"staff:{by.id}")
    return Duty.objects.filter(mine | _in_unit(by))


def listed(
    by: Actor, *, which: str = "overdue", whose: str = "all", after: int = 0, limit: int = 50, at_us: int | None = None
) -> list[Duty]:
    """One page of duties by their limit; `after` is the id of the last one of the page before."""
    at = clock.now_us() if at_us is None else at_us
    found = _narrowed(visible_to(by), by, whose).filter(_of_list(which, at))
    newest = which == "done"
    last = found.filter(pk=after).values_list("due_us", flat=True).first() if after else None
    if last is not None:
        beyond = Q(due_us__lt=last) if newest else Q(due_us__gt=last)
        same = Q(due_us=last, pk__lt=after) if newest else Q(due_us=last, pk__gt=after)
        found = found.filter(beyond | same)
    return list(found.order_by("-due_us", "-pk")[:limit] if newest else found.order_by("due_us", "pk")[:limit])


def counts(by: Actor, whose: str = "all", at_us: int | None = None) -> dict[str, int]:
    """How many stand on each list."""
    at = clock.now_us() if at_us is None else at_us
    found = _narrowed(visible_to(by), by, whose)
    return {which: found.filter(_of_list(which, at)).count() for which in LISTS}


def by_id(by: Actor, number: int) -> Duty:
    """One duty; raises NotVisible."""
    duty = visible_to(by).filter(pk=number).first()
    if duty is None:
        raise NotVisible(f"duty:{number}")
    return duty


def shown(by: Actor, duties: Sequence[Duty], at_us: int | None = None) -> list[DutyShown]:
    """Duties with what their own edition says of them."""
    at = clock.now_us() if at_us is None else at_us
    names = names_of({duty.holder for duty in duties if duty.holder})
    known, shelf = _codes(by, duties), editions.Shelf()
    return [_shown(duty, shelf.part_of(duty), at, names, known) for duty in duties]


def drawn(by: Actor, duty: Duty, limit: int) -> list[tuple[str, int]]:
    """What was drawn for a spot check, as far as this person may see it, and when each was looked at."""
    if duty.period.startswith("?"):
        return []  # deeds kept for a year nobody announced, no things
    rows = list(duty.drawn.order_by("pk").values_list("subject", "done_us")[:limit])
    if "dossier" not in by.reads:
        return []
    codes = {subject.removeprefix(DOSSIER) for subject, _ in rows if _is(subject)}
    known = set(customers.visible_to(by).filter(code__in=codes).values_list("code", flat=True))
    return [(subject, done) for subject, done in rows if not _is(subject) or subject.removeprefix(DOSSIER) in known]


def calendar(by: Actor, at_us: int | None = None) -> list[RoundShown]:
    """The rounds of the regulation in force, each with the period that runs now."""
    at = clock.now_us() if at_us is None else at_us
    pack, mine = in_force(at), visible_to(by)
    return [_round(name, said, mine.filter(source="round", name=name), at) for name, said in pack.rounds.items()]


def _in_unit(by: Actor) -> Q:
    return Q() if by.units is None else Q(unit__in=by.units | {by.unit})


def _narrowed(found: QuerySet[Duty], by: Actor, whose: str) -> QuerySet[Duty]:
    if whose == "mine":
        return found.filter(Q(holder=by.id) | Q(seat=f"staff:{by.id}"))
    return found.filter(unit=by.unit) if whose == "unit" else found


def _of_list(which: str, at_us: int) -> Q:
    if which == "done":
        return Q(closed_us__gt=0)
    if which == "overdue":
        return Q(closed_us=0, due_us__gt=0, due_us__lt=at_us)
    if which == "soon":
        return Q(closed_us=0, due_us__gte=at_us, due_us__lte=at_us + SOON_US)
    return Q(closed_us=0) & (Q(due_us=0) | Q(due_us__gte=at_us))


def _codes(by: Actor, duties: Iterable[Duty]) -> set[str]:
    """Codes of those dossiers among the subjects that this person may see."""
    asked = {thing.removeprefix(DOSSIER) for duty in duties for thing in (duty.subject, duty.about) if _is(thing)}
    if not asked or "dossier" not in by.reads:
        return set()
    return set(customers.visible_to(by).filter(code__in=asked).values_list("code", flat=True))


def _is(thing: str) -> bool:
    return thing.startswith(DOSSIER)


def _shown(duty: Duty, said: Watched, at_us: int, names: dict[str, str], known: set[str]) -> DutyShown:
    hidden = _is(duty.subject) and duty.subject.removeprefix(DOSSIER) not in known
    subject = "" if hidden or duty.subject == "-" else duty.subject
    return DutyShown(
        id=duty.pk, source=duty.source, name=duty.name, title=said.title, article=said.article or "",
        controls=said.controls, state=state_of(duty, at_us), subject=subject,
        period=duty.period, seat=duty.seat, holder=duty.holder, holder_name=names.get(duty.holder, duty.holder),
        started_us=duty.started_us, due_us=duty.due_us, stopped_us=duty.stopped_us, needed=duty.needed,
        done=duty.done, problem=duty.problem, pack=duty.pack_version,
    )  # fmt: skip


def _round(name: str, said: Round, duties: QuerySet[Duty], at_us: int) -> RoundShown:
    period, unknown = None, 0
    try:
        period = period_of(said.every, clock.company_day(at_us))
    except UnknownYear as year:
        unknown = year.year
    now = duties.filter(period=period.key) if period else duties.none()
    missed = duties.filter(stopped_us=0, due_us__gt=0, due_us__lt=at_us).exclude(problem="left")
    return RoundShown(
        name, said.title, said.article or "", period, unknown, now.filter(stopped_us__gt=0).count(),
        now.filter(closed_us=0).count(), missed.count(),
    )  # fmt: skip
