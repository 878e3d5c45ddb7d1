"""The types of a deed: what a room offers, what a door asks, what a service returns.

A door builds a `Payload`, the gate turns it into a `Deed`, a service answers with an `Outcome`.
Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from kedang.kernel.actor import Actor

S = TypeVar("S")
P = TypeVar("P", bound="Payload")
EMPTY: Mapping[Any, Any] = MappingProxyType({})


class Payload(BaseModel):
    """What a door asks for, typed and frozen; `v` is the payload's own version number."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    v: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a pack may test, and nothing else; `decide` sees no database row."""

    unit: int = 0
    level: int = 0
    state: str = ""
    kind: str = ""
    fields: frozenset[str] = frozenset()
    rows: int = 1
    amount: int = 0
    channel: str = ""
    place: str = ""
    purpose: str = ""
    rel: frozenset[str] = frozenset()
    """Relations of the actor to the subject: owner, applicant, same_unit, in_scope, outsider, has_overdue, self."""
    values: Mapping[str, str | int] = field(default_factory=lambda: EMPTY, hash=False)
    """What will stand in the dossier after the deed, for fields that are codes, choices or numbers."""
    items: Mapping[str, str | int | frozenset[str]] = field(default_factory=lambda: EMPTY, hash=False)
    """Answers of the deed's form: words, numbers, money in fen, days from today."""
    unit_kind: str = ""
    unit_codes: frozenset[str] = frozenset()
    """Codes of the subject's unit and of all units above it."""
    minute: int = 0
    """Of the company's day."""
    weekday: str = ""
    date: str = ""
    """The day in company time, `YYYY-MM-DD`."""
    workday: bool = True
    times: Mapping[str, int] = field(default_factory=lambda: EMPTY, hash=False)
    """What was used of each quota in its period already."""
    late: frozenset[str] = frozenset()
    """Clocks the actor is late on."""
    signed: frozenset[str] = frozenset()
    """Undertakings of the actor that are in force."""
    module: str = ""
    """The part of the dossier a record belongs to (contract, complaint…); empty for the dossier itself."""
    to: str = ""
    """The state of the dossier this deed leads to, for a step in the life of a customer."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was before and is now, for the ledger to seal under a subject's key."""

    subject: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Version:
    """One step in the life of a dossier: its number and the sealed difference (already ciphertext)."""

    dossier: int
    no: int
    delta_ct: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what a deed would change, as the person who looks may see it."""

    title: str
    before: str = ""
    after: str = ""
    field: str = ""
    """The field's key, where the line is a field."""
    now: str = ""
    """What stands there now, where that is no longer `before`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A follow-up deed in another room, performed by the gate after this one committed."""

    op: str
    subject: str
    payload: Payload
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in: its answers as they are kept, what a regulation may test of them, what is wrong."""

    stored: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    facts: Mapping[str, str | int | frozenset[str]] = field(default_factory=lambda: EMPTY)
    wrong: tuple[Any, ...] = ()
    """Findings on answers that can not stand."""


@dataclass(frozen=True, slots=True)
class Part:
    """Deeds a bulk deed consists of that are one to the regulation but for their subjects."""

    op: str
    subjects: Sequence[str]
    unit: int = 0
    owner: str = ""
    fields: frozenset[str] = frozenset()
    items: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """Answers of the form, as they are kept."""
    values: Mapping[str, str | int] = field(default_factory=lambda: EMPTY)
    opened: bool = False
    """The deeds made their subjects, so nothing can have waited for them."""


@dataclass(frozen=True, slots=True)
class Deed:
    """The only context a service gets: who does what, when, under which pack and why."""

    call: int
    op: str
    actor: Actor
    at_us: int
    pack_version: str
    subject: str = "-"
    reason: str = ""
    evidence: tuple[str, ...] = ()
    cause: str = ""
    signers: tuple[str, ...] = ()
    items: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """Answers of the form that went with it, as `registers` reads them; empty without a form."""
    signed: tuple[Any, ...] = ()
    """The steps that were signed for it, as the regulation states them."""
    enrich: Callable[[str, Facts, str], Facts] = lambda op, facts, subject: facts
    """Facts of a part of a bulk deed with what only the house as a whole knows: the hour, the late, the quotas."""
    answers: Callable[[str, Mapping[str, str]], Filled] = lambda op, raw: Filled()
    """For a bulk deed: the form of a part as somebody filled it in, read as the part done alone would read it."""
    follow: Callable[[Sequence[Part], Sequence[tuple[str, str]], int], None] = lambda parts, refused, entry: None
    """Called by a bulk deed in the transaction of a chunk, with the parts that were done, the operation and articles of
    those refused, and the ledger entry: what follows from them, and whether a quota still has room (else Refused)."""
    gone: Callable[[Sequence[str]], None] = lambda subjects: None
    """Called by a bulk deed in the transaction that takes these subjects away again."""
    beat: Callable[[Mapping[str, Any]], None] = lambda done: None
    """Called by a bulk deed after each chunk with how far it came: keeps the lease, shows progress."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service did. `body` goes into the ledger as it is, so it holds no personal value."""

    result: Any = None
    body: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    """The subject's name after the deed, where the deed gave it one (opening a dossier)."""
    values: Sequence[Value] = ()
    versions: Sequence[Version] = ()
    then: Sequence[Ask] = ()


def no_basis(target: Any, payload: Any) -> dict[str, str]:
    """For operations that touch no field another deed could have changed meanwhile."""
    return {}


def no_claims(target: Any, payload: Any) -> set[str]:
    """For operations of which several may be open on one subject."""
    return set()


def no_lines(by: Actor, target: Any, payload: Any) -> Sequence[Line]:
    """For operations that say all in their title."""
    return ()


def as_it_is(by: Actor, field: str, text: str) -> str:
    """For operations on nothing that is masked."""
    return text


def no_deeds(by: Actor, target: Any, payload: Any) -> Sequence[tuple[str, Facts]]:
    """For operations that are one deed."""
    return ()


@dataclass(frozen=True, slots=True)
class Operation(Generic[S, P]):
    """One thing a room can do. Its name is the permission, the ledger event and the anchor in the docs."""

    name: str
    title: str
    payload: type[P]
    load: Callable[[Actor, str], S]
    """Subject through the actor's restricted queryset, row-locked; raises NotVisible."""
    facts: Callable[[Actor, S, P], Facts]
    run: Callable[[Deed, S, P], Outcome]
    basis: Callable[[S, P], dict[str, str]] = no_basis
    claims: Callable[[S, P], set[str]] = no_claims
    show: Callable[[Actor, S, P], Sequence[Line]] = no_lines
    """What the deed would change, masked for the person who looks; `present` of the room makes it."""
    veil: Callable[[Actor, str, str], str] = as_it_is
    """A text of a field as the person who looks may see it."""
    snapshot: Callable[[S, P], dict[str, str]] = no_basis
    """Field -> what stands there now, in plain text; sealed with a waiting call, to tell three values apart."""
    implies: Callable[[Actor, S, P], Sequence[tuple[str, Facts]]] = no_deeds
    """The deeds it consists of, of a bulk deed once for each kind; their signatures are asked for too. What the
    regulation denies of them is left out of a bulk deed, and refuses any other."""
    bulk: bool = False
    """A bulk operation is queued; the worker runs it chunk by chunk as the person who asked."""
    upgrade: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=lambda: EMPTY)
