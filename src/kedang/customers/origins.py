"""Where values come from, written beside every change of them: rows are added and never changed.

`record_origin` stands in each deed that gives values to a dossier, its contacts or its records. It judges what the
regulation asks of the coming of values and whether the person agreed, and it writes one row for each value that
moved, also where nothing was said: the newest row of a slot tells which version the value is of, so that an origin or
a check of an earlier value is never taken for one of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from kedang import standards
from kedang.customers import consents, dictionary, sealing, selectors, slots
from kedang.customers.models import Dossier, Origin
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.origin_rules import Delta, Said, judged, read
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Invalid
from kedang.kernel.sql import write_rows
from kedang.packs import in_force
from kedang.people.selectors import colleagues
from kedang.standards import Finding

__all__ = ["OriginIn", "newest", "record_origin", "told", "whole_name", "write_opened"]
WHOLE = ""
"""The slot of a row that speaks for every value the dossier was opened with by an import."""
COLUMNS = (
    "dossier_id", "slot", "source", "learned_us", "supplier_ct", "supplied_by", "evidence", "basis", "purpose",
    "version_no", "at_us", "by_ref", "call",
)  # fmt: skip


def record_origin(
    deed: Deed, dossier: Dossier, slots_: Delta | Iterable[str], origin: OriginIn | None, *, demand: bool = True
) -> None:
    """Write where the values of a deed come from; call it after the change is written, in the same transaction.

    `slots_` is the delta of the version (`{slot: [before, after]}`), or names of slots that got a value. Raises
    Invalid for what the regulation asks for and was not said, and for values of a person who did not agree.
    `demand` false: the deed puts back what was there before, so nothing is asked about its coming.
    """
    delta = _of_fields(slots_)
    if not delta:
        return
    pack = in_force()
    said = read(pack, origin, delta if demand else {}, clock.company_day(deed.at_us))
    found = consents.lacking(dossier, [slot for slot, (_, after) in delta.items() if after is not None])
    if demand:
        found += [*said.findings, *_of_people(said), *judged(pack, said, delta, papers=bool(deed.evidence))]
    if found:
        raise Invalid(found)
    names = [whole_name(dossier, slot) for slot in delta]
    Origin.objects.bulk_create(_rows(deed, dossier, names, said))


def findings(origin: OriginIn | None) -> list[Finding]:
    """What is wrong with an origin by itself, whatever values it is for."""
    said = read(in_force(), origin, {}, clock.company_day(clock.now_us()))
    return [*said.findings, *_of_people(said)]


def told(values: Mapping[str, str], origin: OriginIn | None) -> dict[str, str]:
    """The values of a deed with the day its origin names, so that clocks that run from `learned_on` see it."""
    field = in_force().fields.get("learned_on")
    if origin is None or not origin.learned_on or "learned_on" in values or field is None or not field.collect:
        return dict(values)
    day = standards.check("date", origin.learned_on).value
    return {**values, "learned_on": day.isoformat()} if day else dict(values)


def whole_name(dossier: Dossier, slot: str) -> str:
    """The name a value keeps whoever leads: of the main contact's `contact.phones` that is `contact#7.phones`."""
    if slots.parsed(slot).no or dictionary.part_of(slot) != dictionary.CONTACT:
        return slot
    main = selectors.main_contact(dossier.pk)
    return slots.name_in(slots.holder_of(slots.CONTACT, main.pk), slot) if main else slot


def newest(dossier_id: int, names: Iterable[str]) -> dict[str, Origin]:
    """The origin that holds for each of these slots; the row of the opening speaks for values without one."""
    wanted = list(names)
    rows = Origin.objects.filter(dossier_id=dossier_id, slot__in=[WHOLE, *wanted]).order_by("pk")
    found = {row.slot: row for row in rows}
    whole = found.pop(WHOLE, None)
    return found if whole is None else {name: found.get(name, whole) for name in wanted}


def write_opened(deed: Deed, opened: Sequence[tuple[int, str]], said: Sequence[Said]) -> None:
    """One row for each dossier an import opened (number and kind), for all values it was opened with."""
    suppliers = _suppliers(deed, opened, said)
    rows = (
        (
            pk, WHOLE, each.source, _us(each), supplier, each.supplied_by or ("" if each.supplier else deed.actor.id),
            each.evidence, each.basis, each.purpose, 1, deed.at_us, deed.actor.id, deed.call,
        )
        for (pk, _), each, supplier in zip(opened, said, suppliers, strict=True)
    )  # fmt: skip
    with connection.cursor() as cursor:
        write_rows(cursor, connection.vendor, Origin._meta.db_table, COLUMNS, rows)


def _suppliers(deed: Deed, opened: Sequence[tuple[int, str]], said: Sequence[Said]) -> Iterator[bytes]:
    for (pk, kind), each in zip(opened, said, strict=True):
        yield sealing.seal_supplier(kind, pk, deed.call, each.supplier) if each.supplier else b""


def _rows(deed: Deed, dossier: Dossier, names: Iterable[str], said: Said) -> Iterator[Origin]:
    sealed = sealing.seal_supplier(dossier.kind, dossier.pk, deed.call, said.supplier) if said.supplier else b""
    by = said.supplied_by or ("" if said.supplier else deed.actor.id)
    for name in names:
        yield Origin(
            dossier=dossier, slot=name, source=said.source, learned_us=_us(said), supplier_ct=sealed, supplied_by=by,
            evidence=said.evidence, basis=said.basis, purpose=said.purpose, version_no=dossier.version_no,
            at_us=deed.at_us, by_ref=deed.actor.id, call=deed.call,
        )  # fmt: skip


def _us(said: Said) -> int:
    return clock.day_bounds_us(said.learned_on)[0] if said.learned_on else 0


def _of_fields(given: Delta | Iterable[str]) -> dict[str, Sequence[Any]]:
    """What of a version are values of the dictionary; owner, unit and other standing are not."""
    delta = given if isinstance(given, Mapping) else dict.fromkeys(given, (None, True))
    return {slot: pair for slot, pair in delta.items() if dictionary.known(slots.parsed(slot).field) is not None}


def _of_people(said: Said) -> list[Finding]:
    """Whoever answers for a value works here."""
    if not said.supplied_by or colleagues().filter(username=said.supplied_by).exists():
        return []
    return [Finding("origin.supplied_by", "origin.colleague", "error", said.supplied_by)]
