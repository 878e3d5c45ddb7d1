"""A presented dossier as a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers import slots
from kedang.customers.dictionary import known
from kedang.customers.fields import Field
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.ops import facts_of
from kedang.customers.present import ShownChange, ShownDossier, ShownEvent, ShownLook, ShownValue
from kedang.governance.registers import offers
from kedang.governance.registry import OPERATIONS, title_of
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import EMPTY
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.standards import industry, regions
from kedang.web import deeds, findings, formats, words
from kedang.web.building.form import ICONS
from kedang.web.pages.customers import Change, DossierHead, HistoryLine, LookLine, Section, ValueShown
from kedang.web.pages.parts import DeedShown

WIDE = frozenset({"business_scope", "note"})
MONEY = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MONO = frozenset({"credit_code", "identity_number"})
OFFERED = (
    ("customer.assign", N_("Assign"), "customer_assign", "users"),
    ("customer.advance", N_("Change the state"), "customer_advance", "arrow-right"),
    ("customer.file", N_("File the dossier"), "customer_file", "archive"),
    ("customer.remove", N_("Remove"), "customer_remove", "trash"),
    ("customer.amend", N_("Change"), "customer_edit", "edit"),
)
Marks = Mapping[str, tuple[str, str]]
"""By field, the sign beside a value and what it means."""
EVENT_ICONS = {
    "customer.verify": "shield-check",
    "consent.give": "signature",
    "consent.withdraw": "shield-x",
    "customer.open": "plus",
    "customer.assign": "users",
    "customer.file": "archive",
    "customer.hand_over": "users",
    "customer.advance": "arrow-right",
    "customer.restore": "arrow-back-up",
    "customer.remove": "trash",
    "customer.recover": "arrow-back-up",
    "customer.reveal": "eye",
    "file.attach": "paperclip",
    "file.detach": "trash",
    "file.view": "eye",
    "record.add": "plus",
    "record.remove": "trash",
    "contact.add": "user-plus",
    "contact.lead": "user-circle",
    "contact.remove": "trash",
    "import.commit": "database-import",
    "import.undo": "arrow-back-up",
}


def head(dossier: ShownDossier) -> DossierHead:
    """Name, code and standing."""
    return DossierHead(
        code=dossier.code,
        name=dossier.name,
        kind=dossier.kind,
        level=dossier.level,
        state=dossier.state,
        owner=dossier.owner,
        unit=dossier.unit,
        version=dossier.version_no,
        filed_us=dossier.filed_us,
        updated_us=dossier.updated_us,
    )


def row_head(row: Dossier, level: str) -> DossierHead:
    """The head of a dossier of which only the row was loaded; nothing personal is in it."""
    return DossierHead(
        code=row.code,
        name=row.name,
        kind=row.kind,
        level=level,
        state=row.standing,
        owner=row.owner.name if row.owner else "",
        unit=row.unit.name,
        version=row.version_no,
        filed_us=row.filed_us,
        updated_us=row.updated_us,
    )


def row_head_of(row: Dossier) -> DossierHead:
    """The same, with the classification as it stands in the row."""
    return row_head(row, Level(row.level).key)


def sections(dossier: ShownDossier, marks: Marks = EMPTY) -> list[Section]:
    """The cards of the dossier in the order of the data dictionary; the name stands in the head."""
    return [_section(dossier.code, title, group, marks) for title, group in dossier.groups]


def _section(code: str, title: str, group: Sequence[ShownValue], marks: Marks) -> Section:
    filled = [value(code, each, marks.get(each.key, ("", ""))) for each in group if each.text and each.key != "name"]
    return Section(gettext(title), _icon(group), filled, [gettext(each.title) for each in group if not each.text])


def _icon(group: Sequence[ShownValue]) -> str:
    first = known(group[0].key) if group else None
    return ICONS.get(first.category, "info-circle") if first else "info-circle"


def value(code: str, shown: ShownValue, mark: tuple[str, str] = ("", "")) -> ValueShown:
    """One value with its warnings; a masked one with the address of the reveal form."""
    reveal = reverse("customer_reveal", kwargs={"code": code}) + f"?field={shown.key}" if shown.masked else ""
    return ValueShown(
        field=shown.key,
        label=gettext(shown.title),
        text=gettext(shown.text) if shown.withheld else in_words(shown.key, shown.text),
        reveal=reveal,
        findings=findings.kept(shown.key, shown.warnings, shown.text, masked=shown.masked),
        wide=shown.key in WIDE,
        mono=shown.key in MONO,
        link=_link(shown),
        mark=mark[0],
        mark_title=mark[1],
        marked=reverse("customer_origins", kwargs={"code": code}) if mark[0] else "",
    )


def in_words(key: str, text: str) -> str:
    """Codes and stored forms said as people say them; everything else as it is."""
    say = SAID.get(key)
    if not text or say:
        return say(text) if text and say else ""
    return said(known(key), text)


def said(field: Field | None, text: str) -> str:
    """The same where the field is at hand."""
    say = SAID.get(field.key) if field is not None and text else None
    return say(text) if say else _of_its_kind(field, text)


def _of_its_kind(field: Field | None, text: str) -> str:
    """A choice by its title, a sum grouped and without empty cents."""
    if field is None:
        return text
    if field.standard == "money" and MONEY.fullmatch(text):
        whole, _, rest = text.partition(".")
        return formats.number(int(whole)) + (f".{rest}" if rest.strip("0") else "")
    titles = dict(field.choices)
    return gettext(titles[text]) if text in titles else text


def as_written(texts: Mapping[str, str]) -> dict[str, str]:
    """Values for a form: region and industry by name, which the standards read back as the same code."""
    return {key: SAID[key](text) if text and key in ("region", "industry") else text for key, text in texts.items()}


def _region(code: str) -> str:
    return regions.full_name(code) or code


def _industry(code: str) -> str:
    return f"{code} {industry.title_of(code)}".strip()


def _capital(text: str) -> str:
    amount, _, currency = text.partition(" ")
    whole, _, rest = amount.partition(".")
    said = formats.number(int(whole)) + (f".{rest}" if rest.strip("0") else "")
    return gettext("%(amount)s CNY") % {"amount": said} if currency == "CNY" else f"{said} {currency}"


def _phones(text: str) -> str:
    return "、".join(_national(number) for number in text.split("、"))


def _national(number: str) -> str:
    """A number of this country as it is dialled: mobile as it is, others with the 0 of the area code."""
    if not number.startswith("+86"):
        return number
    rest = number.removeprefix("+86")
    return rest if len(rest) == 11 and rest[0] == "1" and rest[1] in "3456789" else f"0{rest}"


SAID: dict[str, Callable[[str], str]] = {
    "kind": words.kind,
    "level": words.level,
    "state": words.state,
    "region": _region,
    "industry": _industry,
    "capital": _capital,
    "contact.phones": _phones,
}


def _link(shown: ShownValue) -> str:
    is_web = shown.key == "website" and shown.text.startswith(("http://", "https://"))
    return shown.text if is_web else ""


def offered(by: Actor, dossier: Dossier) -> list[DeedShown]:
    """The deeds this person may do on this dossier, each with what it will ask for."""
    facts = facts_of(by, dossier)
    out = []
    for op, title, view, icon in OFFERED:
        offer = deeds.offer(by, op, facts)
        if offer.allowed:
            address = reverse(view, kwargs={"code": dossier.code})
            out.append(DeedShown(gettext(title), address, icon, offer.note, primary=op == "customer.amend"))
    if offers.offered_on(in_force(), by, "dossier", facts):
        out.insert(0, DeedShown(gettext("Apply"), f"{reverse('matters')}?subject={dossier.ref}", "send"))
    return out


def lines(events: Iterable[ShownEvent]) -> list[HistoryLine]:
    """History entries in words."""
    return [_line(event) for event in events]


def change_label(change: ShownChange) -> str:
    """What changed, with the record it is in: “Contracts 3, Amount”."""
    slot = slots.parsed(f"{change.holder}.{slots.REMOVED}") if change.holder else None
    if slot is None:
        return gettext(change.title)
    where = gettext("Contact") if slot.module == slots.CONTACT else gettext(MODULES[slot.module].title)
    number = "" if slot.module == slots.CONTACT else f" {slot.no}"
    return gettext("%(where)s, %(what)s") % {"where": where + number, "what": gettext(change.title)}


def _articles(names: Iterable[str]) -> str:
    return f"{gettext('Article of the regulation:')} {'、'.join(names) or '—'}"


def _line(event: ShownEvent) -> HistoryLine:
    operation = OPERATIONS.get(event.op)
    changes = [
        Change(change_label(each), in_words(each.field, each.before), in_words(each.field, each.after))
        for each in event.changes
    ]
    return HistoryLine(
        entry=event.entry,
        at_us=event.at_us,
        title=gettext(operation.title if operation else title_of(in_force(), event.op)),
        who=event.by_name,
        credential="",
        reason=event.reason,
        icon=EVENT_ICONS.get(event.op, "edit"),
        changes=changes,
        sealed=event.sealed_block is not None,
        refused=[_articles(event.articles)] if event.refused else (),
    )


def looks(found: Iterable[ShownLook]) -> list[LookLine]:
    """Who looked, in words."""
    return [
        LookLine(
            look.at_us,
            look.by_name,
            look.kind,
            [findings.title_of(key) for key in look.fields if known(key)],
            look.purpose,
        )
        for look in found
    ]
