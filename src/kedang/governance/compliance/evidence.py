"""Evidence by control: written beside the ledger entry, found again by range and never by reading the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from kedang import ledger
from kedang.governance.compliance.models import Evidence
from kedang.packs.operations import OpRule
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Tagged

MOST = 1000
"""Counts are exact up to here; more is said to be more."""
DONE, REFUSED = "done", "refused"
WAITING = ("waiting", "queued", "running")


def record(
    entry_id: int,
    pack: Pack,
    *,
    op: str,
    controls: Iterable[str],
    outcome: str,
    at_us: int,
    subject: str,
    unit: int = 0,
    call: int = 0,
    fields: Collection[str] = (),
) -> None:
    """Note that an entry bears witness to controls: those that had a say, those the operation or its fields carry.

    Called in the transaction of the entry; the same entry noted twice stays once. What a refused person typed as
    the subject is kept as the ledger keeps it: a digest, where it is no plain name of one of ours.
    """
    if outcome == REFUSED:
        subject = ledger.entries_by_id([entry_id]).values_list("subject_ref", flat=True).first() or "-"
    names = {*controls, *_of_operation(pack, op), *(name for field in fields for name in _of_field(pack, field))}
    Evidence.objects.bulk_create(
        [
            Evidence(
                control=name, outcome=outcome, at_us=at_us, entry=entry_id, op=op, subject=subject, unit=unit, call=call
            )
            for name in sorted(names & pack.controls.keys())
        ],
        ignore_conflicts=True,
    )


def controls_of(pack: Pack, op: str, articles: Collection[str]) -> tuple[str, ...]:
    """The controls behind a refusal: of those parts that judge the operation and answer one of the articles."""
    said = pack.operations.get(op)
    if said is None:
        return ()
    judging = [part for part in _judges(pack, op, said) if part.article in articles]
    return tuple(dict.fromkeys(name for part in judging for name in part.controls))


def _judges(pack: Pack, op: str, said: OpRule) -> Iterator[Tagged]:
    yield from (said, said.needs)
    for rule in said.rules:
        yield rule
        if rule.needs:
            yield rule.needs
        if rule.flow:
            yield from (pack.flows[rule.flow], *pack.flows[rule.flow].steps)
    if form := pack.form_of(op):
        yield from (pack.forms[form], *pack.forms[form].items.values())
    for watched in (*pack.clocks.values(), *pack.rounds.values()):
        if op in watched.overdue.block:
            yield watched
    yield from (quota for quota in pack.quotas.values() if op in quota.operations)
    yield from pack.channels.values()


def _of_operation(pack: Pack, op: str) -> Iterator[str]:
    return (name for name, control in pack.controls.items() if op in control.operations)


def _of_field(pack: Pack, field: str) -> tuple[str, ...]:
    return pack.fields[field].controls if field in pack.fields else ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries bear witness, by outcome; `exact` is False where there are more than were counted."""

    done: int = 0
    refused: int = 0
    waiting: int = 0
    exact: bool = True
    first_us: int = 0
    """0 where not all were counted."""
    last_us: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.done + self.refused + self.waiting


def rows(control: str, since_us: int, until_us: int) -> QuerySet[Evidence]:
    """The evidence of a control in a period, newest first."""
    return Evidence.objects.filter(control=control, at_us__gte=since_us, at_us__lt=until_us).order_by("-at_us", "-id")


def tally(control: str, since_us: int, until_us: int) -> Tally:
    """Count the evidence of a control in a period, each outcome up to `MOST`."""
    found = rows(control, since_us, until_us)
    done, refused = _newest(found.filter(outcome=DONE)), _newest(found.filter(outcome=REFUSED))
    waiting = _newest(found.filter(outcome__in=WAITING))
    times = [*done, *refused] or waiting
    if not times:
        return Tally()
    exact = max(len(done), len(refused), len(waiting)) <= MOST
    return Tally(
        done=min(len(done), MOST), refused=min(len(refused), MOST), waiting=min(len(waiting), MOST), exact=exact,
        first_us=min(times) if exact else 0, last_us=max(times),
    )  # fmt: skip


def _newest(some: QuerySet[Evidence]) -> list[int]:
    """The instants of the newest, one more than is counted."""
    return list(some.values_list("at_us", flat=True)[: MOST + 1])
