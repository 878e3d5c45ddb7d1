"""What a branch sets for itself: the operation, and who may read what the branches set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from kedang.governance.instants import Instant, from_when_us
from kedang.governance.offered import NAMES
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import delegation, in_force, overlays, selectors
from kedang.packs import services as packs
from kedang.packs.merging import Override
from kedang.packs.models import BranchOverlay
from kedang.packs.schema import Pack
from kedang.people.models import Unit
from kedang.people.selectors import names_of, unit_by_code

BRANCH = "branch"
NOT_A_BRANCH = N_("Only a branch sets values for itself; the company's stand in its regulation.")
NOTHING_DELEGATED = N_("This regulation leaves no value to its branches.")
NO_REASON = N_("Say why this branch needs values of its own.")
MEMBER = dict[Annotated[str, Field(max_length=40)], int | Annotated[str, Field(max_length=40)]]
SECTIONS = ("operations", "clocks", "rounds", "quotas")


class SetOverlay(Payload):
    """Values by path (`clocks.entry.within.days`); an empty one goes back to the company's. In force from an instant
    with its zone, or as soon as it is approved."""

    values: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=200)], int | Annotated[str, Field(max_length=400)] | MEMBER],
        Field(min_length=1, max_length=50),
    ]
    effective: Instant = ""


@dataclass(frozen=True, slots=True)
class ValueShown:
    """A value a branch set: where, what the company's regulation says, what the branch does."""

    path: str
    title: str
    company: str
    branch: str


@dataclass(frozen=True, slots=True)
class OverlayShown:
    """The values of one branch, since when, set by whom and approved by whom."""

    name: str
    unit: str
    unit_name: str
    version: str
    """The version of the regulation the branch goes by; the company's where nothing of it holds any more."""
    values: tuple[ValueShown, ...]
    effective_us: int
    set_us: int
    set_by: str
    approved_by: str
    reason: str
    digest: str
    in_force: bool
    overrides: tuple[Override, ...]
    """What standards and the law replaced in what the branch set."""


def in_force_now() -> list[OverlayShown]:
    """What each branch set for itself, in force now or from an instant to come; as public as the regulation."""
    now, pack = clock.now_us(), in_force()
    names = dict(Unit.objects.values_list("code", "name"))
    rows = [(row, True) for row in selectors.overlays_at(now)]
    rows += [(row, False) for row in selectors.overlays_to_come(now)]
    return [_shown(pack, row, names, holds) for row, holds in rows]


def named(name: str) -> OverlayShown:
    """One set of values by its name (`XA.2`), or the newest of a branch (`XA`); raises NotVisible."""
    now = clock.now_us()
    row = _of_name(name)
    if row is None:
        raise NotVisible(f"overlay:{name}")
    current = {each.pk for each in selectors.overlays_at(now)}
    return _shown(in_force(), row, dict(Unit.objects.values_list("code", "name")), row.pk in current)


def left_to_branches(pack: Pack) -> tuple[str, ...]:
    """The patterns of the values a regulation leaves to its branches."""
    return pack.overlays.delegated if pack.overlays is not None and pack.overlays.available else ()


def as_json(found: OverlayShown) -> dict[str, Any]:
    """The values of a branch as other programs read them."""
    return {
        "name": found.name, "unit": found.unit, "unit_name": found.unit_name, "pack": found.version,
        "values": [
            {"path": each.path, "title": each.title, "company": each.company, "branch": each.branch}
            for each in found.values
        ],
        "effective": clock.from_us(found.effective_us).isoformat(), "set": clock.from_us(found.set_us).isoformat(),
        "set_by": found.set_by, "approved_by": found.approved_by, "reason": found.reason, "digest": found.digest,
        "in_force": found.in_force,
        "overrides": [
            {"key": each.key, "branch": each.pack_value, "now": each.law_value, "by": each.by, "why": each.why}
            for each in found.overrides
        ],
    }  # fmt: skip


def title_of(pack: Pack, path: str) -> str:
    """What the regulation calls the part a value stands in; the path itself where it has no title."""
    data = selectors.source_data(pack.version)
    keys = delegation.resolved(data, path)
    if keys is None or str(keys[0]) not in SECTIONS:
        return path
    part = getattr(pack, str(keys[0])).get(str(keys[1]))
    return str(getattr(part, "title", None) or keys[1])


def _of_name(name: str) -> BranchOverlay | None:
    code, _, no = name.rpartition(".")
    rows = selectors.overlay_rows()
    if code and no.isdecimal() and (row := rows.filter(code=code, no=int(no)).first()):
        return row
    return rows.filter(code=name).order_by("-no").first()


def _shown(pack: Pack, row: BranchOverlay, names: dict[str, str], holds: bool) -> OverlayShown:
    found = selectors.branch_values(row, pack.version)
    paths = {_key(path) for path in selectors.values_of(row)}
    merged = found.merged
    replaced = (
        [each for each in merged.overrides if each.key.replace("['", ".").replace("']", "") in paths] if merged else []
    )
    values = (ValueShown(each.path, title_of(pack, each.path), each.company, each.branch) for each in found.values)
    signed = row.approved_by.split(", ") if row.approved_by else []
    people = names_of({row.set_by, *signed})
    return OverlayShown(
        name=row.name, unit=row.code, unit_name=names.get(row.code, row.code),
        version=merged.pack.version if merged else pack.version,
        values=tuple(values), effective_us=row.effective_us, set_us=row.set_us,
        set_by=people.get(row.set_by, row.set_by),
        approved_by="、".join(people.get(each, each) for each in signed), reason=row.reason, digest=row.digest,
        in_force=holds, overrides=tuple(replaced),
    )  # fmt: skip


def _key(path: str) -> str:
    return delegation.written(delegation.segments(path))


def _load(by: Actor, subject: str) -> Unit:
    if not subject.startswith("unit:"):
        raise NotVisible(subject)
    return unit_by_code(subject.removeprefix("unit:"))


def _facts(by: Actor, unit: Unit, payload: SetOverlay) -> Facts:
    """What cannot be set is refused before anybody is asked to sign it; of a stranger's it is not even looked at."""
    inside = by.units is None or unit.pk in by.units
    rel = ({"in_scope"} if inside else set()) | ({"same_unit"} if unit.pk == by.unit else set())
    pack = in_force()
    said = pack.operations.get("pack.overlay")
    if inside and said is not None and not said.who.isdisjoint(by.roles):
        _require(pack, unit, payload)
    return Facts(unit=unit.pk, kind="unit", rel=frozenset(rel))


def _require(pack: Pack, unit: Unit, payload: SetOverlay) -> dict[str, Any]:
    """All values of the branch after this; raises Refused where they cannot stand."""
    if unit.kind != BRANCH:
        raise Refused("state", detail=NOT_A_BRANCH)
    if not left_to_branches(pack):
        raise Refused("state", detail=NOTHING_DELEGATED)
    values = packs.wanted(unit.pk, payload.values)
    packs.require_sound(pack.version, unit.code, unit.pk, values, NAMES)
    return values


def _run(deed: Deed, unit: Unit, payload: SetOverlay) -> Outcome:
    """Store the values. The edition of the company they are checked against is the one in force at that moment."""
    if not deed.reason:
        raise Refused("incomplete", missing=("reason",), detail=NO_REASON)
    pack = in_force()
    values = _require(pack, unit, payload)
    effective_us = from_when_us(payload.effective, deed.at_us, signed=bool(deed.signers))
    row = packs.overlay(
        pack.version, unit.code, unit.pk, values, by=deed.actor.id, signers=deed.signers, reason=deed.reason,
        at_us=deed.at_us, effective_us=effective_us,
    )  # fmt: skip
    since = clock.from_us(row.effective_us).isoformat()
    name = f"{pack.version}+{row.name}" if values else pack.version
    result = {"overlay": row.name, "pack": name, "effective": since}
    return Outcome(result=result, body={**result, "digest": row.digest, "values": values})


def _basis(unit: Unit, payload: SetOverlay) -> dict[str, str]:
    """Another edition, or other values of the branch, make the request stale: it was drafted against the old ones."""
    row = selectors.latest_of(unit.pk)
    return {"in_force": in_force().version, "overlay": row.name if row else ""}


def _claims(unit: Unit, payload: SetOverlay) -> set[str]:
    """One change of a branch's values at a time."""
    return {f"overlay:{unit.code}"}


def _lines(by: Actor, unit: Unit, payload: SetOverlay) -> list[Line]:
    """What changes, value by value, beside what holds for the branch now."""
    pack, row = in_force(), selectors.latest_of(unit.pk)
    own, data = selectors.values_of(row) if row else {}, selectors.source_data(pack.version)
    after = packs.wanted(unit.pk, payload.values)
    lines = [Line(N_("In force from"), after=payload.effective or "-")]
    for path in payload.values:
        company = overlays.standing(data, path)
        before, then = (overlays.words_of(each.get(path, company)) for each in (own, after))
        lines.append(Line(title_of(pack, path), before[:200], then[:200], field=path))
    return lines


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "pack.overlay", N_("Set values of a branch's own"), SetOverlay, _load, _facts, _run, basis=_basis,
        claims=_claims, show=_lines,
    ),
)  # fmt: skip
