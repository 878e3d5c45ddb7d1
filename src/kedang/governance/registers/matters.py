"""Operations a regulation defines itself: a form, signatures, a line in a register, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from kedang.governance.registers import granting, services, targets
from kedang.governance.registers.models import Row
from kedang.governance.registers.services import About
from kedang.governance.registers.targets import Target
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload
from kedang.kernel.i18n import N_
from kedang.packs.operations import OpRule
from kedang.packs.schema import Pack


class Matter(Payload):
    """A matter has no payload of its own: what is asked stands in the form."""


def operation(pack: Pack, name: str) -> Operation[Target, Matter]:
    """The operation a regulation defines; `KeyError` when it defines none of this name."""
    said = pack.operations[name]
    if not said.is_matter:
        raise KeyError(name)
    return Operation(
        name, said.title or name, Matter, partial(_load, pack, said), _facts, partial(_run, pack, name, said),
        basis=_basis, claims=partial(_claims, pack, said), show=partial(_show, pack, said),
        snapshot=partial(_snapshot, pack),
    )  # fmt: skip


def _load(pack: Pack, said: OpRule, by: Actor, subject: str) -> Target:
    return targets.load(pack, said.about or "site", by, subject)


def _facts(by: Actor, target: Target, payload: Matter) -> Facts:
    return target.facts


def _run(pack: Pack, name: str, said: OpRule, deed: Deed, target: Target, payload: Matter) -> Outcome:
    """Move the row, open the row, or only record that it was done."""
    form = pack.form_of(name)
    rows: list[Row] = []
    if said.moves and target.row is not None:
        move = said.moves
        holder = str(deed.items.get(move.holder, "")) if move.holder else ""
        rows.append(
            services.move_row(deed, pack, target.row, allowed=move.from_, to=move.to, holder=holder, form=form)
        )  # fmt: skip
    if said.opens:
        about = About(target.ref, target.facts.unit, deed.actor.id)
        rows.append(services.open_row(deed, pack, said.opens, about, form))
    return _outcome(rows, granting.give(deed, pack, said, target, form))


def _outcome(rows: Sequence[Row], until_us: int) -> Outcome:
    """The ledger vouches for each line by the digest of its stored bytes."""
    result: dict[str, Any] = {"granted_until": until_us} if until_us else {}
    if not rows:
        return Outcome(result=result, body=result)
    row = rows[-1]
    result |= {"row": row.ref, "register": row.register, "number": row.number, "state": row.state}
    lines = {each.ref: services.line_digest(services.last_line(each)) for each in rows}
    return Outcome(result=result, body=result | {"lines": lines})


def _basis(target: Target, payload: Matter) -> dict[str, str]:
    """What another deed could change meanwhile: how far the row is."""
    return {"state": f"{target.row.state}#{target.row.lines_count}"} if target.row is not None else {}


def _snapshot(pack: Pack, target: Target, payload: Matter) -> dict[str, str]:
    return {"state": state_title(pack, target.row)} if target.row is not None else {}


def _claims(pack: Pack, said: OpRule, target: Target, payload: Matter) -> set[str]:
    """Two deeds that move one row exclude each other; so do two that open the one row a subject may have."""
    claims = {target.ref} if said.moves and target.row is not None else set()
    if said.opens and services.SUBJECT in pack.registers[said.opens].unique:
        claims.add(f"{said.opens}#{target.ref}")
    return claims


def _show(pack: Pack, said: OpRule, by: Actor, target: Target, payload: Matter) -> Sequence[Line]:
    """The state a row goes to, and the register that gets a new one."""
    lines = []
    if said.moves and target.row is not None:
        after = pack.registers[said.moves.register_].states[said.moves.to].title
        lines.append(Line(N_("State"), state_title(pack, target.row), after, "state"))
    if said.opens:
        lines.append(Line(N_("New row"), "", pack.registers[said.opens].title, "register"))
    return lines


def state_title(pack: Pack, row: Row) -> str:
    """What the regulation calls the state of a row; the key where it does not know it any more."""
    said = pack.registers.get(row.register)
    return said.states[row.state].title if said and row.state in said.states else row.state
