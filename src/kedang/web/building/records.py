"""Records and contacts as a dossier's tabs, cards and forms show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.contacts import ops as contact_ops
from kedang.customers.dictionary import CONTACT, Fields, field_of, of_part
from kedang.customers.fields import Field
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES, Module
from kedang.customers.present import RecordPage, ShownContact, ShownRecord, ShownValue
from kedang.customers.records import ops as record_ops
from kedang.customers.records.reading import fields_of
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.web import deeds, formats
from kedang.web.building import dossier as dossiers
from kedang.web.building import form as forms
from kedang.web.pages.customers import ValueShown
from kedang.web.pages.parts import DeedShown, FieldGroup, FindingShown
from kedang.web.pages.records import Cell, ContactCard, ModulePart, RecordRow

COLUMNS = 6
"""Values in a line of a table; what is more, or longer, stands on the record's own page."""
SHORT = 200
"""Fields that take more characters stand on a second line."""
TONES = {"open": "warn", "handling": "info", "closed": "good", "running": "good", "terminated": "bad", "met": "good"}
TITLE = 60


def part(
    by: Actor, dossier: Dossier, module: Module, page: RecordPage, pack: Pack, *, whole: bool = False
) -> ModulePart:  # fmt: skip
    """The records of a module as a table; `whole` on the page of that module alone."""
    listed = fields_of(module, pack)
    columns = _columns(module, listed)
    address = reverse("customer_records", kwargs={"code": dossier.code, "module": module.key})
    return ModulePart(
        key=module.key, title=gettext(module.title), icon=module.icon,
        headline=gettext(listed[module.headline].title),
        columns=[(gettext(field.title), _kind(field)) for field in columns],
        rows=[row(dossier, each, columns) for each in page.rows], count=page.tally.count,
        amount=formats.yuan(page.tally.amount_fen) if page.tally.amount_fen else "",
        add=add_address(by, dossier, module, pack), more="" if whole or page.next is None else address,
    )  # fmt: skip


def add_address(by: Actor, dossier: Dossier, module: Module, pack: Pack) -> str:
    """Where one more record of a module is written; empty where nothing is collected or this person may not."""
    if not any(field.collect for field in fields_of(module, pack).values()):
        return ""
    if not deeds.may(by, "record.add", record_ops.facts_of(by, dossier, module.key, {}, {})):
        return ""
    return reverse("customer_record_new", kwargs={"code": dossier.code, "module": module.key})


def row(dossier: Dossier, shown: ShownRecord, columns: Sequence[Field]) -> RecordRow:
    """A record as a line of a table with these columns."""
    return RecordRow(
        address=record_address(dossier, shown), title=title(shown), cells=[_cell(shown, field) for field in columns],
        module=gettext(MODULES[shown.module].title), icon=MODULES[shown.module].icon, day=shown.day,
        who=shown.by_name,
    )  # fmt: skip


def line(dossier: Dossier, shown: ShownRecord, pack: Pack) -> RecordRow:
    """A record as a line of the timeline: its short values, then what was said at length."""
    module = MODULES[shown.module]
    given = fields_of(module, pack)
    listed = [
        given.get(key) or field_of(key, pack) for key in shown.values if key not in (module.headline, module.day)
    ]  # fmt: skip
    short = [field for field in listed if field.width <= SHORT]
    long = [shown.values[field.key].text for field in listed if field.width > SHORT]
    return RecordRow(
        address=record_address(dossier, shown), title=title(shown), cells=[_cell(shown, field) for field in short],
        module=gettext(module.title), icon=module.icon, day=shown.day, detail=" ".join(long), who=shown.by_name,
    )  # fmt: skip


def title(shown: ShownRecord) -> str:
    """What a record is called: its headline, or its module and number."""
    head = shown.headline if len(shown.headline) <= TITLE else shown.headline[:TITLE] + "…"
    return head or f"{gettext(MODULES[shown.module].title)} {shown.no}"


def record_address(dossier: Dossier, shown: ShownRecord, view: str = "customer_record") -> str:
    """The page of a record, or of a deed on it."""
    return reverse(view, kwargs={"code": dossier.code, "module": shown.module, "no": shown.no})


def values(code: str, shown: Iterable[ShownValue], slot: str = "") -> list[ValueShown]:
    """Values as a card shows them; masked ones with the address of the reveal form."""
    pack = in_force()
    return [_value(code, each, field_of(each.key, pack), slot) for each in shown if each.text]


def record_deeds(by: Actor, dossier: Dossier, shown: ShownRecord) -> list[DeedShown]:
    """The deeds this person may do on a record, each with what it will ask for."""
    facts = record_ops.facts_of(by, dossier, shown.module, {}, {})
    offered = (
        ("record.remove", gettext("Take out"), "customer_record_remove", "trash"),
        ("record.amend", gettext("Change"), "customer_record_edit", "edit"),
    )
    out = []
    for op, name, view, icon in offered:
        offer = deeds.offer(by, op, facts)
        if offer.allowed:
            address = record_address(dossier, shown, view)
            out.append(DeedShown(name, address, icon, offer.note, primary=op == "record.amend"))
    return out


def card(by: Actor, dossier: Dossier, shown: ShownContact, allowed: frozenset[str]) -> ContactCard:
    """A contact with the deeds this person may do on it."""
    name = shown.values["contact.name"].text if "contact.name" in shown.values else ""
    rest = [each for key, each in shown.values.items() if key != "contact.name" or each.masked]
    return ContactCard(
        id=shown.id, name=name or gettext("Switchboard"), is_main=shown.is_main,
        values=values(dossier.code, rest, shown.slot), actions=_contact_deeds(dossier, shown, allowed),
    )  # fmt: skip


def contact_deeds_allowed(by: Actor, dossier: Dossier) -> frozenset[str]:
    """Which deeds on contacts of this dossier the regulation allows this person."""
    facts = contact_ops.facts_of(by, dossier, {})
    ops = ("contact.add", "contact.amend", "contact.remove", "contact.lead")
    return frozenset(op for op in ops if deeds.may(by, op, facts))


def _contact_deeds(dossier: Dossier, shown: ShownContact, allowed: frozenset[str]) -> list[DeedShown]:
    offered = [
        ("contact.amend", gettext("Change"), "customer_contact_edit", "edit"),
        ("contact.lead", gettext("Make the main one"), "customer_contact_lead", "user-circle"),
        ("contact.remove", gettext("Take out"), "customer_contact_remove", "trash"),
    ]
    return [
        DeedShown(name, reverse(view, kwargs={"code": dossier.code, "contact": shown.id}), icon)
        for op, name, view, icon in offered
        if op in allowed and not (op == "contact.lead" and shown.is_main)
    ]


def record_groups(
    module: Module, texts: Mapping[str, str], required: frozenset[str],
    found: Mapping[str, Sequence[FindingShown]], masked: frozenset[str] = frozenset(),
) -> list[FieldGroup]:  # fmt: skip
    """The fields of a record as a form."""
    return [_group(gettext(module.title), module.icon, fields_of(module), texts, required, found, masked)]


def contact_groups(
    texts: Mapping[str, str], required: frozenset[str], found: Mapping[str, Sequence[FindingShown]],
    masked: frozenset[str] = frozenset(),
) -> list[FieldGroup]:  # fmt: skip
    """The fields of a contact as a form."""
    return [_group(gettext("Contact"), "user", of_part(CONTACT), texts, required, found, masked)]


def _group(
    name: str, icon: str, listed: Fields, texts: Mapping[str, str], required: frozenset[str],
    found: Mapping[str, Sequence[FindingShown]], masked: frozenset[str],
) -> FieldGroup:  # fmt: skip
    given = [field for field in listed.values() if field.collect or texts.get(field.key)]
    return FieldGroup(name, [forms.box(field, texts, required, found, masked) for field in given], icon)


def _columns(module: Module, listed: Fields) -> list[Field]:
    """Day, standing and amount first, then the other short fields that are collected."""
    first = [key for key in (module.day, module.status, module.amount) if key and listed[key].collect]
    rest = [key for key, field in listed.items() if field.collect and field.width <= SHORT and key not in first]
    return [listed[key] for key in (*first, *rest) if key != module.headline][:COLUMNS]


def _kind(field: Field) -> str:
    if field.key.endswith(".status"):
        return "badge"
    return "money" if field.standard == "money" else "day" if field.standard == "date" else "text"


def _cell(shown: ShownRecord, field: Field) -> Cell:
    text = shown.values[field.key].text if field.key in shown.values else ""
    tone = TONES.get(text, "") if _kind(field) == "badge" else ""
    return Cell(gettext(field.title), dossiers.said(field, text), _kind(field), tone)


def _value(code: str, shown: ShownValue, field: Field, slot: str) -> ValueShown:
    reveal = reverse("customer_reveal", kwargs={"code": code}) + f"?field={shown.key}&slot={slot.replace('#', '%23')}"
    return ValueShown(
        field=shown.key, slot=slot, label=gettext(shown.title),
        text=dossiers.said(field, shown.text), reveal=reveal if shown.masked else "", wide=field.width > SHORT,
    )  # fmt: skip
