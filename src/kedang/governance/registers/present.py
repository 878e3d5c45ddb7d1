"""Rows of a register as a person may see them: the only place where their sealed answers are opened to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from kedang import ledger
from kedang.customers.models import Dossier
from kedang.customers.present import ERASED
from kedang.governance.registers import forms, sealing, selectors
from kedang.governance.registers.models import Line, Row
from kedang.governance.registers.wording import masked, worded
from kedang.kernel.actor import Actor
from kedang.packs.forms import Item
from kedang.packs.schema import Pack
from kedang.people.models import Unit
from kedang.people.selectors import names_of


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One answer with its title. `erased` particulars have no text."""

    name: str
    title: str
    text: str
    type: str = "text"
    masked: bool = False
    erased: bool = False
    token: str = ""
    """Of a file: by what it is taken out."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One deed on a row."""

    no: int
    op: str
    title: str
    by: str
    by_name: str
    at_us: int
    from_state: str
    to_state: str
    items: tuple[ShownItem, ...]
    call: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row. Of one about a dossier this person may not see only number and state are shown (`hidden`)."""

    id: int
    ref: str
    register: str
    number: str
    state: str
    state_title: str
    open: bool
    hidden: bool
    subject: str
    subject_title: str
    unit: str
    opened_us: int
    closed_us: int
    opened_by: str
    opened_by_name: str
    holder: str
    holder_name: str
    items: Mapping[str, ShownItem]
    """The latest answer to each item."""
    lines: tuple[ShownLine, ...]


def rows(pack: Pack, by: Actor, found: Sequence[Row], *, kind: str = "list") -> list[ShownRow]:
    """Rows of one page; one look for all dossiers they are about. `kind`: `list` or `open`."""
    found = list(found)
    scene = _Scene.of(pack, by, found)
    if scene.dossiers:
        ledger.look(by, kind, [dossier.pk for dossier in scene.dossiers.values()], fields=["register"])
    return [scene.row(row) for row in found]


def row(pack: Pack, by: Actor, one: Row) -> ShownRow:
    """One row opened."""
    return rows(pack, by, [one], kind="open")[0]


def columns(pack: Pack, register: str) -> list[tuple[str, str]]:
    """The columns of the printed book: item and title, in the order the regulation gives."""
    items = forms.items_of(pack, register)
    said = pack.registers[register]
    names = [name for name in said.columns if name in items] if said.columns else list(items)
    return [(name, items[name].title) for name in names]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is needed to show the rows of one page."""

    pack: Pack
    lines: Mapping[int, list[Line]]
    keys: Mapping[int, bytes | None]
    dossiers: Mapping[str, Dossier]
    names: Mapping[str, str]
    units: Mapping[int, str]

    @classmethod
    def of(cls, pack: Pack, by: Actor, found: list[Row]) -> _Scene:
        lines = selectors.lines_of(found)
        personal = [pk for pk, each in lines.items() if any(line.personal_ct for line in each)]
        people = {name for one in found for name in (one.opened_by, one.holder)}
        people |= {line.by for each in lines.values() for line in each}
        people |= {name for one in found for name in _staff_in(pack, one)}
        people |= {one.subject.removeprefix("staff:") for one in found if one.subject.startswith("staff:")}
        units = dict(Unit.objects.filter(pk__in={one.unit_id for one in found}).values_list("pk", "name"))
        return cls(
            pack, lines, sealing.keys_of(personal), selectors.dossiers_of(found, by), names_of(people - {""}), units
        )  # fmt: skip

    def row(self, one: Row) -> ShownRow:
        hidden = one.subject.startswith("dossier:") and one.subject not in self.dossiers
        shown = () if hidden else tuple(self._line(one, line) for line in self.lines[one.pk])
        return ShownRow(
            id=one.pk, ref=one.ref, register=one.register, number=one.number, state=one.state,
            state_title=self._state(one, one.state), open=one.is_open, hidden=hidden,
            subject="" if hidden else one.subject, subject_title="" if hidden else self._subject(one.subject),
            unit=self.units.get(one.unit_id, ""), opened_us=one.opened_us, closed_us=one.closed_us,
            opened_by="" if hidden else one.opened_by, opened_by_name="" if hidden else self._name(one.opened_by),
            holder="" if hidden else one.holder, holder_name="" if hidden else self._name(one.holder),
            items={item.name: item for line in shown for item in line.items}, lines=shown,
        )  # fmt: skip

    def _line(self, one: Row, line: Line) -> ShownLine:
        said = self.pack.operations.get(line.op)
        return ShownLine(
            no=line.no, op=line.op, title=(said.title if said else None) or line.op, by=line.by,
            by_name=self._name(line.by), at_us=line.at_us, from_state=self._state(one, line.from_state),
            to_state=self._state(one, line.to_state), items=tuple(self._items(one, line)), call=line.call,
        )  # fmt: skip

    def _items(self, one: Row, line: Line) -> list[ShownItem]:
        """In the order of the form; particulars masked, or gone."""
        form = self.pack.forms.get(line.form)
        items = form.items if form else {}
        plain: dict[str, Any] = orjson.loads(line.plain)
        plain |= sealing.open_text(one.pk, line.no, bytes(line.text_ct))
        own = sealing.open_personal(one.pk, line.no, bytes(line.personal_ct), self.keys.get(one.pk))
        shown = {name: self._item(name, items.get(name), answer) for name, answer in plain.items()}
        shown |= {
            name: self._item(name, items.get(name), answer, personal=True) for name, answer in (own or {}).items()
        }
        if own is None:
            shown |= {
                name: ShownItem(name, item.title, ERASED, item.type, erased=True)
                for name, item in items.items()
                if item.personal
            }
        ordered = [name for name in items if name in shown]
        return [shown[name] for name in (*ordered, *(name for name in shown if name not in items))]

    def _item(self, name: str, item: Item | None, answer: Any, *, personal: bool = False) -> ShownItem:
        text = worded(self.pack, item, answer, self.names) if item else str(answer)
        kind, token = (item.type if item else "text"), ""
        if kind == "file" and not personal:
            token = str(answer)
        title = item.title if item else name
        return ShownItem(name, title, masked(text) if personal else text, kind, masked=personal, token=token)

    def _state(self, one: Row, state: str) -> str:
        said = self.pack.registers.get(one.register)
        return said.states[state].title if said and state in said.states else state

    def _subject(self, subject: str) -> str:
        if subject in self.dossiers:
            return self.dossiers[subject].name
        return self._name(subject.removeprefix("staff:")) if subject.startswith("staff:") else subject

    def _name(self, username: str) -> str:
        return self.names.get(username, username)


def _staff_in(pack: Pack, one: Row) -> set[str]:
    items = forms.items_of(pack, one.register)
    return {str(answer) for name, answer in one.items.items() if name in items and items[name].type == "staff"}
