"""Limits and rounds: what has to be done by when, who is late, and the calendar of what comes round."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from kedang.api import cursors
from kedang.api.doing import actor_of, known_only
from kedang.api.schemas import Cursor, Strict
from kedang.governance.clocks import selectors
from kedang.governance.clocks.selectors import DutyShown, RoundShown
from kedang.kernel import clock

router = Router(tags=["duties"])
MOST = 200


class DutyFilter(Strict):
    """Which list, and whose: everything one may see unless narrowed."""

    list: Literal["overdue", "soon", "open", "done"] = "overdue"
    whose: Literal["mine", "unit", "all"] = "all"
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class DutyOut(Schema):
    """One duty. `state`: open, in_time, late, overdue, missed, unknown, void. `due` is null where the working days of
    a year are not announced; `problem` then says `calendar:<year>`. `subject` is empty where one may not see it."""

    id: int
    source: str
    name: str
    title: str
    article: str
    controls: list[str]
    state: str
    subject: str
    period: str
    holder: str
    started: str
    due: str | None
    stopped: str | None
    needed: int
    done: int
    problem: str
    pack: str


class DutyPage(Schema):
    """One page, what is due first in front; `counts` is how many stand on each list."""

    items: list[DutyOut]
    cursor: str | None
    counts: dict[str, int]


class RoundOut(Schema):
    """A round with the period that runs now; `unknown` is a year whose working days are not announced."""

    name: str
    title: str
    article: str
    period: str | None
    first: str | None
    last: str | None
    unknown: int | None
    done: int
    open: int
    missed: int


class Rounds(Schema):
    """All rounds of the regulation in force."""

    items: list[RoundOut]


@router.get("", response=DutyPage, summary="Duties by their limit")
def duties(request: HttpRequest, narrowed: Query[DutyFilter]) -> DutyPage:
    """Own duties and those of one's units; all for who reads compliance."""
    known_only(request.GET, DutyFilter)
    by = actor_of(request)
    after = cursors.number_of(narrowed.cursor) or 0
    found = selectors.listed(
        by, which=narrowed.list, whose=narrowed.whose, after=after, limit=narrowed.limit + 1
    )  # fmt: skip
    page = found[: narrowed.limit]
    items = [_out(duty) for duty in selectors.shown(by, page)]
    more = cursors.word_of(page[-1].pk) if len(found) > narrowed.limit else None
    return DutyPage(items=items, cursor=more, counts=selectors.counts(by, narrowed.whose))


@router.get("/rounds", response=Rounds, summary="The calendar of rounds")
def rounds(request: HttpRequest) -> Rounds:
    """What comes round, with the period that runs now."""
    return Rounds(items=[_round(each) for each in selectors.calendar(actor_of(request))])


@router.get("/{int:number}", response=DutyOut, summary="One duty")
def duty(request: HttpRequest, number: int) -> DutyOut:
    """With its article by the edition it began under."""
    by = actor_of(request)
    return _out(selectors.shown(by, [selectors.by_id(by, number)])[0])


def _out(seen: DutyShown) -> DutyOut:
    return DutyOut(
        id=seen.id, source=seen.source, name=seen.name, title=seen.title, article=seen.article,
        controls=list(seen.controls), state=seen.state, subject=seen.subject, period=seen.period, holder=seen.holder,
        started=clock.from_us(seen.started_us).isoformat(), due=_at(seen.due_us), stopped=_at(seen.stopped_us),
        needed=seen.needed, done=seen.done, problem=seen.problem, pack=seen.pack,
    )  # fmt: skip


def _round(said: RoundShown) -> RoundOut:
    period = said.period
    return RoundOut(
        name=said.name, title=said.title, article=said.article, period=period.key if period else None,
        first=period.first.isoformat() if period else None, last=period.last.isoformat() if period else None,
        unknown=said.unknown or None, done=said.done, open=said.open, missed=said.missed,
    )  # fmt: skip


def _at(us: int) -> str | None:
    return clock.from_us(us).isoformat() if us else None
