"""Operations on the regulation itself and on the evidence; the rooms below offer the rest."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field

from kedang.customers import dictionary, nature
from kedang.governance.compliance.ops import OPERATIONS as COMPLIANCE
from kedang.governance.instants import Instant, from_when_us
from kedang.governance.offered import NAMES
from kedang.governance.overlays import OPERATIONS as OVERLAYS
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs import services as packs
from kedang.packs.checking import under_law
from kedang.packs.differences import differences
from kedang.packs.problems import PackInvalid
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions


class AdoptPack(Payload):
    """The YAML text of a new edition, and from when on: an instant with its zone, or as soon as it is approved."""

    source: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    file: Annotated[str, Field(max_length=200)] = "pack.yaml"
    effective: Instant = ""


class ReadEvidence(Payload):
    """What is to be proved: the whole ledger, or one subject such as a dossier."""

    about: Annotated[str, Field(max_length=128, pattern=r"^([a-z_]+:[A-Za-z0-9._-]+)?$")] = ""


def _load_nothing(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def _facts(by: Actor, target: None, payload: Any) -> Facts:
    return Facts(kind="site", rel=frozenset({"in_scope"}))


def _adopt_facts(by: Actor, target: None, payload: AdoptPack) -> Facts:
    """An unsound or retroactive edition is refused before anybody is asked to sign it.

    What somebody brings who may adopt none is not even read: reading takes seconds, and others wait meanwhile.
    """
    said = in_force().operations.get("pack.adopt")
    if said is None or said.who.isdisjoint(by.roles):
        return _facts(by, target, payload)
    pack = _checked(payload.source, payload.file)
    if versions().filter(version=pack.version).exists():
        raise Refused("state", detail=packs.ADOPTED)
    return _facts(by, target, payload)


def _adopt(deed: Deed, target: None, payload: AdoptPack) -> Outcome:
    """Store the edition. Signed later than it should have begun, it begins now; nothing takes effect in the past."""
    effective_us = from_when_us(payload.effective, deed.at_us, signed=bool(deed.signers))
    _keep_nature(payload)
    row = packs.adopt(
        payload.source.encode(), payload.file, by=deed.actor.id, at_us=deed.at_us, effective_us=effective_us,
        operations=NAMES,
    )  # fmt: skip
    since = clock.from_us(row.effective_us).isoformat()
    body = {"pack": row.version, "digest": row.digest, "effective": since}
    return Outcome(result={"pack": row.version, "effective": since}, body=body, subject="pack:" + row.name)


def _keep_nature(payload: AdoptPack) -> None:
    """Refuse an edition under which values that are stored could not be read any more; Refused(invalid) says where."""
    earlier = dictionary.ever_added()
    if any(nature.faults(_checked(payload.source, payload.file), earlier)):
        wrong = nature.problems(payload.source.encode(), payload.file, earlier)
        raise Refused("invalid", detail=str(PackInvalid(wrong)))


@lru_cache(maxsize=8)
def _checked(source: str, file: str) -> Pack:
    try:
        return under_law(source.encode(), file, NAMES).pack
    except PackInvalid as unsound:
        raise Refused("invalid", detail=str(unsound)) from unsound


def _adopt_basis(target: None, payload: AdoptPack) -> dict[str, str]:
    """Another edition that came in force meanwhile makes the request stale: it was drafted against the old one."""
    return {"in_force": in_force().version}


def _adopt_claims(target: None, payload: AdoptPack) -> set[str]:
    """One edition at a time."""
    return {"pack"}


def _adopt_lines(by: Actor, target: None, payload: AdoptPack) -> list[Line]:
    """What the new edition changes, value by value."""
    changed = differences(in_force(), _checked(payload.source, payload.file))
    since = Line(N_("In force from"), after=payload.effective or "-")
    return [since, *(Line(each.key, each.before[:200], each.after[:200], field=each.key) for each in changed)]


def _evidence(deed: Deed, target: None, payload: ReadEvidence) -> Outcome:
    return Outcome(body={"about": payload.about or "all"})


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "pack.adopt",
        N_("Adopt a regulation"),
        AdoptPack,
        _load_nothing,
        _adopt_facts,
        _adopt,
        basis=_adopt_basis,
        claims=_adopt_claims,
        show=_adopt_lines,
    ),
    Operation("ledger.verify", N_("Verify the ledger"), ReadEvidence, _load_nothing, _facts, _evidence),
    Operation("ledger.export", N_("Export a proof"), ReadEvidence, _load_nothing, _facts, _evidence),
    *OVERLAYS,
    *COMPLIANCE,
)
