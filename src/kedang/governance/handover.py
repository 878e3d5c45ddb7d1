"""Many dossiers handed over in one deed: those that are named, or all that a person has.

A queued call that goes chunk by chunk, each in a short transaction with its own entry, each dossier with a version of
its own. The regulation is asked about every one as if it were assigned alone; what it denies stays where it is and is
named in the result. A run that was broken off goes on: what has changed hands already is not touched again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from django.db import transaction
from pydantic import Field

from kedang import ledger
from kedang.customers import selectors, services
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of, stored_values
from kedang.customers.payloads import AssignDossier, Seat
from kedang.governance import passing
from kedang.governance.models import Call
from kedang.governance.offered import HAND_OVER
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload, Version
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.decide import Given, decide
from kedang.people.selectors import colleague

ASSIGN = "customer.assign"
MOST = 2000
AT_ONCE = 100
"""Dossiers in one transaction."""
NAMED = 50
"""Of those that stay where they are so many are named."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,16}$")]


class HandOver(Payload):
    """Which dossiers, by code or all of a person's, to whom or to which unit, and until when the former may read."""

    codes: Annotated[tuple[Code, ...], Field(max_length=MOST)] = ()
    of: Seat = ""
    owner: Seat = ""
    unit: Seat = ""
    keep_until: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""

    @property
    def each(self) -> AssignDossier:
        """The deed on one of them."""
        return AssignDossier(owner=self.owner, unit=self.unit, keep_until=self.keep_until)


@dataclass(slots=True)
class _Run:
    """How far it came."""

    total: int
    handed: int = 0
    same: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    """Codes of those that stay, each with the reason's word."""

    def shown(self) -> dict[str, Any]:
        """The progress of the call."""
        seen = self.handed + self.same + len(self.left)
        return {"phase": "handing", "rows": seen, "total": max(self.total, seen)}


def _load(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def chosen(by: Actor, payload: HandOver) -> Any:
    """The dossiers that are meant, as far as this person sees them. Refused(invalid) for none or both ways at once."""
    if bool(payload.codes) == bool(payload.of):
        raise Refused("invalid", missing=("codes",), detail=N_("Name the dossiers, or the person whose they are."))
    rows = selectors.visible_to(by)
    if payload.of:
        return rows.filter(owner__username=payload.of.lower())
    return rows.filter(code__in=sorted({code.upper() for code in payload.codes}))


def _facts(by: Actor, target: None, payload: HandOver) -> Facts:
    """Who and where to is looked at before anything begins."""
    if not (payload.owner or payload.unit):
        raise Refused("invalid", missing=("owner",), detail=N_("Say who takes them over, or which unit."))
    if payload.owner:
        colleague(payload.owner)
    return Facts(unit=by.unit, kind="site", rows=max(chosen(by, payload).count(), 1), rel=frozenset({"in_scope"}))


def _each(by: Actor, target: None, payload: HandOver) -> list[tuple[str, Facts]]:
    """What it asks the regulation about single dossiers, once for each kind of question."""
    found: dict[str, Facts] = {}
    for row in chosen(by, payload).select_related("unit", "owner").order_by("pk")[:MOST]:
        facts = replace(facts_of(by, row), values=stored_values(row))
        found.setdefault(repr(facts), facts)
    return [(ASSIGN, facts) for facts in found.values()]


def _claims(target: None, payload: HandOver) -> set[str]:
    return {f"hand_over:{payload.of.lower()}"} if payload.of else set()


def _lines(by: Actor, target: None, payload: HandOver) -> Sequence[Line]:
    rows = chosen(by, payload)
    codes = ", ".join(rows.order_by("pk").values_list("code", flat=True)[:NAMED])
    lines = [Line(N_("Dossiers"), payload.of, f"{rows.count()}: {codes}")]
    lines += [Line(N_("Account manager"), after=payload.owner)] if payload.owner else []
    return lines + ([Line(N_("Unit"), after=payload.unit)] if payload.unit else [])


def _run(deed: Deed, target: None, payload: HandOver) -> Outcome:
    ids = list(chosen(deed.actor, payload).order_by("pk").values_list("pk", flat=True))
    run = _Run(len(ids))
    for at in range(0, len(ids), AT_ONCE):
        _chunk(deed, payload, ids[at : at + AT_ONCE], run)
        deed.beat(run.shown())
    missing = len({code.upper() for code in payload.codes}) - len(ids) if payload.codes else 0
    counts = {"handed": run.handed, "same": run.same, "left": len(run.left), "unknown": missing}
    body = {**counts, "rows": max(run.handed, 1), "owner": payload.owner.lower(), "unit": payload.unit}
    return Outcome(result={**counts, "stays": [list(each) for each in run.left[:NAMED]]}, body=body)


def _chunk(deed: Deed, payload: HandOver, ids: Sequence[int], run: _Run) -> None:
    with transaction.atomic():
        rows = list(selectors.locked(selectors.visible_to(deed.actor).filter(pk__in=ids).order_by("pk")))
        versions = [version for row in rows for version in _one(deed, payload, row, run)]
        if not versions:
            return
        why = {"reason": deed.reason} if deed.reason else {}
        ledger.append(
            deed, HAND_OVER, subject="-", body={"owner": payload.owner.lower(), "unit": payload.unit} | why,
            versions=versions, n_rows=len(versions),
        )  # fmt: skip
        passing.follow(passing.refs(version.dossier for version in versions), clock.now_us())


def _one(deed: Deed, payload: HandOver, row: Dossier, run: _Run) -> Iterator[Version]:
    """Assign one dossier as if it were asked for alone; what is refused stays and is counted."""
    try:
        _judge(deed, row)
        with transaction.atomic():
            out = services.assign_dossier(deed, row, payload.each)
    except (Refused, NotVisible) as no:
        run.left.append((row.code, no.code))
        return
    run.handed += bool(out.versions)
    run.same += not out.versions
    yield from out.versions


def _judge(deed: Deed, row: Dossier) -> None:
    """The regulation on this one dossier; Refused where it denies, or wants more than was given or signed."""
    facts = deed.enrich(ASSIGN, replace(facts_of(deed.actor, row), values=stored_values(row)), row.ref)
    given = Given(deed.reason, deed.evidence, form=True, confirmed=True)
    said = decide(in_force(), ASSIGN, deed.actor, facts, given)
    if not said.allow:
        raise Refused("denied", articles=said.articles, detail=said.detail)
    if said.missing or any(step not in deed.signed for step in said.steps):
        raise Refused("incomplete", articles=said.articles, missing=said.missing or ("signature",), detail=said.detail)


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        HAND_OVER, N_("Hand over dossiers"), HandOver, _load, _facts, _run, claims=_claims, show=_lines,
        implies=_each, bulk=True,
    ),
)  # fmt: skip


def call_of(by: Actor, number: int) -> Call:
    """A handover this person asked for; NotVisible for any other call."""
    call = Call.objects.filter(pk=number, op=HAND_OVER, actor_ref=by.id).first()
    if call is None:
        raise NotVisible(f"call:{number}")
    return call
