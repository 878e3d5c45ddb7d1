"""What a waiting call looks like to a person: exactly what will happen, the steps, the signatures, what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from django.utils.translation import gettext

from kedang.governance import calls
from kedang.governance.calls import Stored
from kedang.governance.flows import papers, selectors
from kedang.governance.flows.models import Asked, Signature
from kedang.governance.flows.route import Stop, loaded
from kedang.governance.flows.signing import place_of, saw_of
from kedang.governance.models import Call
from kedang.governance.registers import forms
from kedang.governance.registry import operation_of, title_of
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Line, Operation
from kedang.kernel.errors import KedangError, NotVisible, Refused
from kedang.packs import version_named
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature as it stands under a request."""

    signer: str
    name: str
    on_behalf: str
    verdict: str
    comment: str
    ticked: tuple[str, ...]
    evidence: tuple[str, ...]
    at_us: int
    void: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with whom it asks and what they said."""

    no: int
    title: str
    kind: str
    parties: tuple[str, ...]
    """Whom the step names, in the regulation's words."""
    asked: tuple[str, ...]
    """Names of those who may sign now; empty for other steps."""
    signatures: tuple[ShownSignature, ...]
    present: bool
    done: bool
    stuck: bool
    extra: bool
    article: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request opened on one page, as this person may see it."""

    id: int
    op: str
    title: str
    subject: str
    state: str
    error: str
    applicant: str
    applicant_name: str
    created_us: int
    due_us: int
    reason: str
    evidence: tuple[str, ...]
    confirmed: tuple[str, ...]
    lines: tuple[Line, ...]
    items: tuple[Line, ...]
    """Answers of the form that goes with it."""
    steps: tuple[ShownStep, ...]
    articles: tuple[str, ...]
    pack_version: str
    result: Mapping[str, Any]
    may_sign: bool = False
    on_behalf: str = ""
    saw: str = ""
    checklist: tuple[tuple[str, str], ...] = ()
    """Points to tick: key and words."""
    comment: str = "optional"
    seal: str = "none"
    back_to: tuple[tuple[int, str], ...] = ()
    """Earlier steps it may go back to: number and title."""
    papers: Mapping[str, str] = field(default_factory=dict)
    """Names of the stored files among evidence and scans, by their reference."""
    may_withdraw: bool = False
    stale: bool = False
    """What it rests on has moved: three values are shown."""


def shown(by: Actor, call: Call) -> ShownRequest:
    """Everything about a request this person may know; looking at the values of a dossier leaves a look."""
    pack = version_named(call.pack_version)
    op = operation_of(pack, call.op)
    stored = _stored(call, op)
    lines, stale = _lines(by, call, op, stored)
    items = _items(by, call, pack, stored)
    if not _may_read(by, call):
        lines, items = _blanked(lines), _blanked(items)
    page = ShownRequest(
        id=call.pk, op=call.op, title=title_of(pack, call.op), subject=call.subject, state=call.state,
        error=call.error, applicant=call.actor_ref,
        applicant_name=names_of({call.actor_ref}).get(call.actor_ref, call.actor_ref), created_us=call.created_us,
        due_us=call.due_us, reason=stored.offered.reason if stored else "",
        evidence=stored.offered.evidence if stored else (), confirmed=_confirmed(pack, call, stored),
        lines=tuple(lines), items=tuple(items), steps=_steps(call, pack),
        articles=tuple(call.articles.split("\n")) if call.articles else (), pack_version=call.pack_version,
        result=orjson.loads(call.result) or {}, stale=stale,
        may_withdraw=call.state == "waiting" and call.actor_ref == by.id,
    )  # fmt: skip
    scans = (ref for step in page.steps for signature in step.signatures for ref in signature.evidence)
    page = replace(page, papers=papers.names(call, (*page.evidence, *scans)))
    return _with_signing(page, by, call, pack)


def _may_read(by: Actor, call: Call) -> bool:
    """What is asked for is read by whom it concerns within their clearance; an auditor sees that it was asked."""
    if call.actor_ref == by.id:
        return True
    return selectors.is_concerned(by, call) and not ("dossier" in by.reads and call.level > by.clearance)


def _blanked(lines: Sequence[Line]) -> list[Line]:
    """Which fields it is about, and nothing of what stands in them."""
    return [replace(line, before="", after="", now="") for line in lines]


def _with_signing(page: ShownRequest, by: Actor, call: Call, pack: Pack) -> ShownRequest:
    if call.state != "waiting":
        return page
    try:
        place = place_of(call, by)
    except Refused:
        return page
    route = loaded(call.route)
    stop = route.stops[call.step]
    back = tuple((no, _title(each, no)) for no, each in enumerate(route.stops[: call.step]))
    return replace(
        page, may_sign=True, on_behalf=place.on_behalf, saw=saw_of(call),
        checklist=tuple(selectors.points_of(call).items()),
        comment=stop.step.comment, seal=stop.step.seal, back_to=back,
    )  # fmt: skip


def _stored(call: Call, op: Operation[Any, Any]) -> Stored | None:
    try:
        return calls.open_payload(call, op) if call.payload_ct else None
    except KedangError:
        return None


def _lines(by: Actor, call: Call, op: Operation[Any, Any], stored: Stored | None) -> tuple[list[Line], bool]:
    """Old and new, and where something else stands there meanwhile, that too."""
    applicant = calls.applicant_of(call)
    if stored is None or applicant is None:
        return [], False
    try:
        target = op.load(applicant, call.subject)
    except NotVisible:
        return [], False
    lines = list(op.show(by, target, stored.payload))
    present = op.snapshot(target, stored.payload)
    moved = {key for key, text in stored.before.items() if present.get(key) != text}
    if not moved:
        basis = orjson.loads(call.basis)
        now = op.basis(target, stored.payload)
        return lines, call.state == "waiting" and any(now.get(name) != digest for name, digest in basis.items())
    return [_three(by, op, line, stored.before) if line.field in moved else line for line in lines], True


def _three(by: Actor, op: Operation[Any, Any], line: Line, before: Mapping[str, str]) -> Line:
    return replace(line, now=line.before or "—", before=op.veil(by, line.field, before[line.field]))


def _items(by: Actor, call: Call, pack: Pack, stored: Stored | None) -> list[Line]:
    form = pack.form_of(call.op) if call.op in pack.operations else ""
    if stored is None or not form or not stored.offered.form:
        return []
    return list(forms.lines(pack, form, stored.offered.form, by=by))


def _confirmed(pack: Pack, call: Call, stored: Stored | None) -> tuple[str, ...]:
    if stored is None or not stored.offered.confirmed or call.op not in pack.operations:
        return ()
    said = pack.operations[call.op]
    form = pack.form_of(call.op)
    named = (said.needs.statement, *(rule.needs.statement for rule in said.rules if rule.needs))
    undertaken = pack.undertakings[said.signs].text if said.signs else None
    return tuple(text for text in (*named, pack.forms[form].statement if form else None, undertaken) if text)


def _steps(call: Call, pack: Pack) -> tuple[ShownStep, ...]:
    if not call.route:
        return ()
    route = loaded(call.route)
    given = list(Signature.objects.filter(call=call).order_by("pk"))
    open_ = list(Asked.objects.filter(seat__call=call, seat__open=True).values_list("staff_ref", flat=True))
    stuck = call.seats.filter(open=True, stuck=True).exists()
    names = names_of({each.signer_ref for each in given} | {each.on_behalf for each in given} | set(open_))
    steps = []
    for no, stop in enumerate(route.stops):
        present = call.state == "waiting" and no == call.step
        signed = tuple(_signature(each, names) for each in given if each.step == no)
        steps.append(
            ShownStep(
                no=no, title=_title(stop, no), kind=stop.step.kind, parties=_words(stop, pack),
                asked=tuple(names.get(name, name) for name in dict.fromkeys(open_)) if present else (),
                signatures=signed, present=present,
                done=no < call.step or call.state in ("queued", "running", "done"), stuck=present and stuck,
                extra=bool(stop.extra), article=stop.step.article or "",
            )
        )  # fmt: skip
    return tuple(steps)


def _signature(each: Signature, names: Mapping[str, str]) -> ShownSignature:
    return ShownSignature(
        each.signer_ref, names.get(each.signer_ref, each.signer_ref), names.get(each.on_behalf, each.on_behalf),
        each.verdict, each.comment, tuple(each.ticked.split()), tuple(filter(None, each.evidence.split("\n"))),
        each.at_us, each.void,
    )  # fmt: skip


def _title(stop: Stop, no: int) -> str:
    return stop.step.title or ""


def _words(stop: Stop, pack: Pack) -> tuple[str, ...]:
    if stop.extra:
        return (names_of({stop.extra}).get(stop.extra, stop.extra),)
    return tuple(party_words(party, pack) for party in stop.step.parties)


def party_words(party: Party, pack: Pack) -> str:
    """Whom a regulation names, in its own words; msgids for the kinds that have none."""
    if party.post:
        return pack.posts[party.post].title if party.post in pack.posts else party.post
    if party.role:
        return pack.roles[party.role].title if party.role in pack.roles else party.role
    if party.head_of and party.head_of in pack.units:
        return gettext("head of %(unit)s") % {"unit": pack.units[party.head_of].title}
    if party.head_of:
        return f"head_of:{party.head_of}"
    return f"superior_of:{party.superior_of}" if party.superior_of else f"person:{party.person}"
