"""Which registers and which of their rows a person may read."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet

from kedang.customers.models import Dossier
from kedang.customers.selectors import visible_to
from kedang.governance.registers.models import LONGEST_NUMBER, Line, Row
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import ANY_STAFF


def registers_for(pack: Pack, by: Actor) -> tuple[str, ...]:
    """Registers of the regulation this person may open, in its order."""
    return tuple(name for name in pack.registers if may_read(pack, by, name))


def may_read(pack: Pack, by: Actor, register: str) -> bool:
    """Readers of the register, or else whoever fills or moves it, and everybody who reads compliance."""
    said = pack.registers.get(register)
    if said is None or by.kind != "staff":
        return False
    if "compliance" in by.reads or not said.readers.isdisjoint(by.roles):
        return True
    return not said.readers and may_write(pack, by, register)


def may_write(pack: Pack, by: Actor, register: str) -> bool:
    """Whether one of the deeds that fill or move the register is open to a role of this person."""
    return any(_concerns(pack, op, register) and _is_one_of(by, pack, op) for op in pack.operations)


def rows_for(pack: Pack, by: Actor, register: str) -> QuerySet[Row]:
    """Rows of a register inside this person's scope; none of a register they may not read."""
    return _in_scope(by, register) if may_read(pack, by, register) else Row.objects.none()


def movable(pack: Pack, by: Actor, register: str) -> QuerySet[Row]:
    """Rows for a deed on them: who may move rows of a register needs no leave to read the book."""
    known = may_read(pack, by, register) or (register in pack.registers and may_write(pack, by, register))
    return _in_scope(by, register) if known else Row.objects.none()


def _in_scope(by: Actor, register: str) -> QuerySet[Row]:
    found = Row.objects.filter(register=register)
    if "compliance" in by.reads or by.units is None:
        return found
    own = Q(opened_by=by.id) | Q(holder=by.id)
    return found.filter(own) if by.own_only else found.filter(own | Q(unit_id__in=sorted(by.units)))


def row_by_number(pack: Pack, by: Actor, register: str, number: str) -> Row:
    """One row to look at; raises NotVisible, the same for hidden and absent ones."""
    return _one(rows_for(pack, by, register), register, number)


def row_by_ref(pack: Pack, by: Actor, ref: str) -> Row:
    """The row of `row:<register>/<number>` for a deed on it, held to the end of the transaction; raises NotVisible."""
    kind, _, rest = ref.partition(":")
    register, _, number = rest.partition("/")
    if kind != "row":
        raise NotVisible(ref)
    found = movable(pack, by, register)
    holding = connection.vendor == "postgresql" and connection.in_atomic_block
    return _one(found.select_for_update() if holding else found, register, number)


def _one(found: QuerySet[Row], register: str, number: str) -> Row:
    plain = 0 < len(number) <= LONGEST_NUMBER and "\0" not in number
    row = found.filter(number=number).first() if plain else None
    if row is None:
        raise NotVisible(f"row:{register}/{number}")
    return row


def lines_of(rows: list[Row]) -> dict[int, list[Line]]:
    """The lines of some rows, in order."""
    out: dict[int, list[Line]] = {row.pk: [] for row in rows}
    for line in Line.objects.filter(row__in=rows).order_by("row_id", "no"):
        out[line.row_id].append(line)
    return out


def rows_on(pack: Pack, by: Actor, subject: str) -> list[Row]:
    """Rows about a subject, newest first, of registers this person may read."""
    found = Row.objects.filter(subject=subject).order_by("-pk")
    readable = {name: rows_for(pack, by, name) for name in registers_for(pack, by)}
    allowed = {pk for rows in readable.values() for pk in rows.filter(subject=subject).values_list("pk", flat=True)}
    return [row for row in found if row.pk in allowed]


def dossiers_of(rows: list[Row], by: Actor) -> dict[str, Dossier]:
    """The dossiers that rows are about and this person may see, by their reference."""
    codes = {row.subject.removeprefix("dossier:") for row in rows if row.subject.startswith("dossier:")}
    return {dossier.ref: dossier for dossier in visible_to(by).filter(code__in=codes)} if codes else {}


def moves_from(pack: Pack, row: Row) -> tuple[str, ...]:
    """Deeds of the regulation that take a row on from the state it is in."""
    return tuple(
        name
        for name, said in pack.operations.items()
        if said.is_matter and said.moves and said.moves.register_ == row.register and row.state in said.moves.from_
    )


def _concerns(pack: Pack, op: str, register: str) -> bool:
    said = pack.operations[op]
    moved = said.moves.register_ if said.moves else None
    return register in {said.opens, moved, *said.registers}


def _is_one_of(by: Actor, pack: Pack, op: str) -> bool:
    said = pack.operations[op]
    named = not said.who.isdisjoint(by.roles) or ANY_STAFF in said.who
    return named and said.not_for.isdisjoint(by.roles)
