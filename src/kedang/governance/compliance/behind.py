"""The rows behind a number of the evidence: entries, duties, register rows, undertakings, posts. Codes, never names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kedang import ledger
from kedang.governance.compliance import evidence, limits, watching
from kedang.governance.compliance.periods import Period
from kedang.governance.registers.models import Row
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import carriers
from kedang.packs.schema import Pack
from kedang.people import findings

PAGE = 100


@dataclass(frozen=True, slots=True)
class Witness:
    """One row: when, what, by whom, on what, how it ended; `entry` is its line in the ledger where it has one."""

    at_us: int
    what: str
    who: str
    subject: str
    note: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are asked for."""

    pack: Pack
    control: str
    what: str
    period: Period
    at_us: int
    carried: tuple[carriers.Path, ...]

    @property
    def rest(self) -> str:
        """What stands behind the colon."""
        return self.what.partition(":")[2]


def rows(by: Actor, pack: Pack, control: str, what: str, period: Period, at_us: int) -> list[Witness]:
    """At most `PAGE` + 1 rows behind `what` (`evidence:done`, `clock:<name>:missed`, `register:<name>` …).

    Raises NotVisible for who may not read compliance, and for a control or kind of row there is not.
    """
    source = _SOURCES.get(what.partition(":")[0])
    if "compliance" not in by.reads or control not in pack.controls or source is None:
        raise NotVisible(f"control:{control}")
    carried = tuple(path for path, _ in carriers.by_control(pack)[control])
    return list(source(Question(pack, control, what, period, at_us, carried)))


def _entries(asked: Question) -> Iterable[Witness]:
    found = evidence.rows(asked.control, asked.period.since_us, asked.period.until_us)
    wanted = evidence.WAITING if asked.rest == "waiting" else (asked.rest,)
    some = list(found.filter(outcome__in=wanted)[: PAGE + 1])
    who = dict(ledger.entries_by_id([each.entry for each in some]).values_list("id", "actor_id"))
    for each in some:
        yield Witness(each.at_us, each.op, who.get(each.entry, ""), each.subject, each.outcome, each.entry)


def _limits(asked: Question) -> Iterable[Witness]:
    name, _, ending = asked.what.rpartition(":")
    section = "clocks" if name.startswith("clock:") else "rounds"
    if ending not in limits.ENDINGS or name.partition(":")[2] not in watching.named(asked.carried, section):
        raise NotVisible(asked.what)
    for duty in limits.duties(name, ending, asked.period, asked.at_us)[: PAGE + 1]:
        subject = duty.seat or duty.subject
        yield Witness(duty.due_us, duty.name, duty.holder, subject, ending)


def _rows(asked: Question) -> Iterable[Witness]:
    names = watching.named(asked.carried, "registers")
    found = Row.objects.filter(
        register__in=names, opened_us__gte=asked.period.since_us, opened_us__lt=asked.period.until_us
    )
    for row in found.order_by("-opened_us", "-id")[: PAGE + 1]:
        yield Witness(row.opened_us, row.register, row.opened_by, row.number, row.state)


def _undertakings(asked: Question) -> Iterable[Witness]:
    names = watching.named(asked.carried, "undertakings")
    if asked.rest == "lapsed":
        found = watching.ran_out(names, min(asked.at_us, asked.period.until_us))
    else:
        found = watching.signings(names, asked.period)
    for each in found.select_related("staff").order_by("-signed_us", "-id")[: PAGE + 1]:
        yield Witness(each.signed_us, each.name, each.staff.username, "-", asked.rest)


def _posts(asked: Question) -> Iterable[Witness]:
    wanted = watching.named(asked.carried, "posts")
    if asked.rest == "posts_wrong":
        for finding in findings.posts(asked.pack, asked.at_us):
            if finding.post in wanted:
                yield Witness(asked.at_us, finding.post, finding.username, f"unit:{finding.unit}", finding.kind)
        return
    for held in watching.appointments(wanted)[: PAGE + 1]:
        yield Witness(held.since_us, held.post, held.staff.username, held.unit.ref)


_SOURCES: dict[str, Callable[[Question], Iterable[Witness]]] = {
    "evidence": _entries,
    "clock": _limits,
    "round": _limits,
    "register": _rows,
    "undertaking": _undertakings,
    "post": _posts,
}
