"""The writers of registers: a row is opened with the next number, moved on, and each deed leaves a line."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kedang.governance.registers import forms, sealing
from kedang.governance.registers.models import LONGEST_NUMBER, Line, Row, Slot
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json, frame
from kedang.packs import grammars
from kedang.packs.forms import Numbering, NumberPart, Register
from kedang.packs.schema import Pack
from kedang.people import grants
from kedang.people.models import Unit
from kedang.vault import keyring

PLAIN = Numbering(parts=(NumberPart(date="yyyy"), NumberPart(text="-"), NumberPart(serial=4)))
"""How rows are numbered where the regulation does not say."""
SUBJECT = "subject"
_NEXT = (
    'INSERT INTO "governance_counter" ("register", "period", "unit_id", "last") VALUES (%s, %s, %s, 1) '
    'ON CONFLICT ("register", "period", "unit_id") DO UPDATE SET "last" = "governance_counter"."last" + 1 '
    'RETURNING "last"'
)
_TAKE = (
    'INSERT INTO "governance_slot" ("register", "item", "digest", "row_id", "taken") VALUES (%s, %s, %s, %s, %s) '
    "ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class About:
    """What a new row is about, and whose it is."""

    subject: str = "-"
    unit: int = 0
    holder: str = ""


def open_row(deed: Deed, pack: Pack, register: str, about: About, form: str) -> Row:
    """Open a row with the next number of its register and write its first line.

    Refused(claimed) where another open row holds something only one may hold; it names that row.
    """
    said = pack.registers[register]
    parts = forms.split(pack, form, deed.items)
    row = _numbered(deed, said, pack, register, about, parts.plain)
    row.state = next(iter(said.states), "")
    row.closed_us = deed.at_us if _is_end(said, row.state) else 0
    row.save(force_insert=True)
    if row.is_open:
        _take(row, said, deed.items, about.subject)
    _write_line(deed, row, form, parts, "")
    return row


def move_row(deed: Deed, pack: Pack, row: Row, *, allowed: frozenset[str], to: str, holder: str, form: str) -> Row:
    """Take a row to another state and write the line. Refused(state) where it is in none of the `allowed` ones.

    The right to read that an earlier deed on the row gave ends with the row.
    """
    said = pack.registers.get(row.register)
    if said is None or to not in said.states:
        raise Refused("state", detail=N_("The regulation in force does not know this register any more."))
    if row.state not in allowed:
        raise Refused("state", detail=N_("This row is not in a state from which this can be done."))
    was, row.state = row.state, to
    row.holder = holder or row.holder
    reopened = not row.is_open and not said.states[to].end
    row.closed_us = (row.closed_us or deed.at_us) if said.states[to].end else 0
    if reopened:
        _take_again(row)
    if row.is_open:
        _take(row, said, deed.items, "")
    else:
        Slot.objects.filter(row=row, taken=True).update(taken=False)
        _end_reading(row, deed.at_us)
    _write_line(deed, row, form, forms.split(pack, form, deed.items), was)
    return row


def _end_reading(row: Row, at_us: int) -> None:
    for call in row.lines.exclude(call=0).values_list("call", flat=True).distinct():
        grants.take_back(at_us=at_us, call=call)


def line_digest(line: Line) -> str:
    """The digest of a line by which the ledger vouches for it: over the bytes that are stored."""
    stored = frame(line.row_id, line.no, line.op, line.from_state, line.to_state, line.plain, bytes(line.text_ct))
    return hashlib.sha256(stored + frame(bytes(line.personal_ct))).hexdigest()


def last_line(row: Row) -> Line:
    """The newest line of a row."""
    return Line.objects.get(row=row, no=row.lines_count)


def _numbered(
    deed: Deed, said: Register, pack: Pack, register: str, about: About, items: Mapping[str, Any]
) -> Row:  # fmt: skip
    numbering = pack.numbering[said.number] if said.number else PLAIN
    day = clock.company_day(deed.at_us)
    period, counted = grammars.period(numbering, day), about.unit if numbering.per_unit else 0
    serial = _next(register, period, counted)
    code = Unit.objects.filter(pk=about.unit).values_list("code", flat=True).first() or ""
    number = grammars.number(numbering, day=day, unit_code=code, serial=serial, items=items)
    if not number or len(number) > LONGEST_NUMBER:
        raise Refused("invalid", detail=N_("The regulation builds numbers for this register that are too long."))
    return Row(
        register=register, period=period, unit_id=about.unit, counted_unit=counted, serial=serial, number=number,
        subject=about.subject, holder=about.holder, opened_us=deed.at_us, opened_by=deed.actor.id,
        opened_call=deed.call, pack_version=deed.pack_version,
    )  # fmt: skip


def _next(register: str, period: str, unit_id: int) -> int:
    """The next serial; the counter's row is held until the deed's transaction ends, so none is skipped."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [register, period, unit_id])
        return int(cursor.fetchone()[0])


def _is_end(said: Register, state: str) -> bool:
    return not said.states or said.states[state].end


def _take(row: Row, said: Register, items: Mapping[str, Any], subject: str) -> None:
    for item in said.unique:
        value = subject if item == SUBJECT else items.get(item)
        if value in (None, "", "-"):
            continue
        digest = _digest(row.register, item, value)
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [row.register, item, digest, row.pk, True])
        _require_taken(row, item, digest)


def _take_again(row: Row) -> None:
    """A row that is opened again holds its things again, if nobody took them meanwhile."""
    for slot in Slot.objects.filter(row=row):
        free = not Slot.objects.filter(register=slot.register, item=slot.item, digest=slot.digest, taken=True).exists()
        if free:
            Slot.objects.filter(pk=slot.pk).update(taken=True)
        _require_taken(row, slot.item, slot.digest)


def _require_taken(row: Row, item: str, digest: str) -> None:
    found = Slot.objects.select_related("row").filter(register=row.register, item=item, digest=digest, taken=True)
    holder = found.first()
    if holder is None or holder.row_id != row.pk:
        number = (holder.row.number,) if holder else ()
        raise Refused("claimed", missing=number, detail=N_("The same thing is still open in this register."))


def _digest(register: str, item: str, value: Any) -> str:
    """Keyed: a thing may be a person's number, soon guessed."""
    return hmac.digest(keyring.data_key("records", 1)[1], frame(register, item, canonical_json(value)), "sha256").hex()


def _write_line(deed: Deed, row: Row, form: str, parts: forms.Parts, was: str) -> None:
    first = not Line.objects.filter(row=row).exclude(personal_ct=b"").exists()
    row.lines_count += 1
    Line.objects.create(
        row=row, no=row.lines_count, op=deed.op, form=form, from_state=was, to_state=row.state, by=deed.actor.id,
        at_us=deed.at_us, call=deed.call, plain=canonical_json(dict(parts.plain)).decode(),
        text_ct=sealing.seal_text(row.pk, row.lines_count, parts.text),
        personal_ct=sealing.seal_personal(row.pk, row.lines_count, parts.personal, first=first),
        pack_version=deed.pack_version,
    )  # fmt: skip
    row.plain = canonical_json(row.items | dict(parts.plain)).decode()
    row.save()
