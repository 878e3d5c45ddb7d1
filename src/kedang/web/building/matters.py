"""The forms of matters, made from the forms of the regulation, and what is said of a matter before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance.registers import selectors, uploads
from kedang.governance.registers.offers import Offered
from kedang.governance.registers.typed import options_of
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs.forms import Answered, Form, Item
from kedang.packs.grammars import explain
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.people.selectors import colleagues, units
from kedang.web.pages.parts import FieldBox, FindingShown, Option
from kedang.web.pages.registers import ApplyRow, ItemBox

PREFIX = "i."
MOST_ROWS = 200
KINDS = {
    "long_text": "textarea",
    "date": "date",
    "number": "number",
    "percent": "text",
    "money": "text",
    "file": "file",
}
HINTS = {
    "money": N_("In yuan, such as 1200.50 or 3万元."),
    "percent": N_("A whole percentage, such as 15."),
    "dossier": N_("The code of a dossier, such as C00000001X."),
    "row": N_("The number of a row."),
}
ABOUT = {
    "site": N_("The company"),
    "dossier": N_("A customer"),
    "staff": N_("A colleague"),
    "unit": N_("A unit"),
    "row": N_("A row of a register"),
}
PERSONS = {
    "head_of:applicant_unit": N_("head of the applicant's unit"),
    "head_of:subject_unit": N_("head of the unit concerned"),
    "head_of:company": N_("head of the company"),
    "superior_of:applicant": N_("superior of the applicant"),
    "superior_of:owner": N_("superior of the account manager"),
    "person:applicant": N_("the applicant"),
    "person:owner": N_("the account manager"),
    "person:holder": N_("whoever holds it"),
}
Findings = Mapping[str, Sequence[FindingShown]]


def items(pack: Pack, form: Form, by: Actor, texts: Mapping[str, Any], found: Findings) -> list[ItemBox]:
    """The items of a form that a person fills in, with what was typed and what is wrong with it."""
    asked = {name: item for name, item in form.items.items() if item.type != "computed"}
    return [_item(pack, form, by, name, item, texts.get(name, ""), found.get(name, ())) for name, item in asked.items()]


def _item(
    pack: Pack, form: Form, by: Actor, name: str, item: Item, typed: Any, found: Sequence[FindingShown]
) -> ItemBox:  # fmt: skip
    options = _options(pack, by, item)
    text = "" if isinstance(typed, list) else str(typed)
    many = item.type == "choices"
    box = FieldBox(
        name=PREFIX + name, label=item.title, kind="select" if options and not many else KINDS.get(item.type, "text"),
        value=text, options=[] if many else _chosen(options, text), help=_help(pack, form, item),
        required=item.required and item.only_if is None, findings=found, full=item.type in ("long_text", "choices"),
        maxlength=item.max_chars if item.type in ("text", "long_text") else 0,
    )  # fmt: skip
    ticked = set(typed) if isinstance(typed, list) else set()
    checks = [Option(value, label, value in ticked) for value, label in options] if many else ()
    return ItemBox(box, checks, uploads.own_name(by, text) if item.type == "file" and text else "")


def _options(pack: Pack, by: Actor, item: Item) -> list[tuple[str, str]]:
    if item.type == "yes_no":
        return [("yes", gettext("Yes")), ("no", gettext("No"))]
    if item.type == "staff":
        return [(person.username, f"{person.name} · {person.unit.name}") for person in colleagues()]
    if item.type == "unit":
        return [(unit.code, unit.name) for unit in units()]
    if item.type == "row" and item.register_:
        rows = selectors.rows_for(pack, by, item.register_).order_by("-pk")[:MOST_ROWS]
        return [(row.number, row.number) for row in rows]
    return list(options_of(pack, item).items())


def _chosen(options: list[tuple[str, str]], text: str) -> list[Option]:
    if not options:
        return []
    known = [Option(value, label, value == text) for value, label in options]
    extra = [Option(text, text, True)] if text and not any(each.chosen for each in known) else []
    return [Option("", "—", not text), *extra, *known]


def _help(pack: Pack, form: Form, item: Item) -> str:
    said = [item.hint or "", gettext(HINTS[item.type]) if item.type in HINTS else ""]
    said.append(explain(pack.grammars[item.grammar], gettext) if item.grammar else "")
    said.append(_condition(pack, form, item.only_if, gettext("Only if %(condition)s.")))
    said.append(_condition(pack, form, item.required_if, gettext("Required if %(condition)s.")))
    if item.personal:
        said.append(gettext("Kept sealed and shown masked."))
    return " ".join(filter(None, said))


def _condition(pack: Pack, form: Form, condition: Answered | None, sentence: str) -> str:
    if condition is None or condition.item not in form.items:
        return ""
    other = form.items[condition.item]
    words = {"yes": gettext("Yes"), "no": gettext("No")} | options_of(pack, other)
    answers = "、".join(sorted(words.get(word, word) for word in condition.is_ or ()))
    if condition.range is not None:
        low, high = condition.range.min, condition.range.max
        answers = f"{'' if low is None else low} … {'' if high is None else high}".strip()
    said = f"“{other.title}”" + (f" = {answers}" if answers else "")
    return sentence % {"condition": said}


def row(pack: Pack, one: Offered, subject: str = "") -> ApplyRow:
    """A matter in a list, with whose signatures it asks for."""
    address = reverse("matter", kwargs={"op": one.name}) + (f"?subject={subject}" if subject else "")
    named = "、".join(party(pack, each) for each in one.parties)
    note = gettext("no signature needed")
    if named:
        sentence = gettext("signed by: %(names)s") if one.always else gettext("may have to be signed by: %(names)s")
        note = sentence % {"names": named}
    return ApplyRow(one.title, address, one.article, note)


def party(pack: Pack, said: Party) -> str:
    """Whom a regulation names."""
    if said.post:
        return pack.posts[said.post].title if said.post in pack.posts else said.post
    if said.role:
        return pack.roles[said.role].title if said.role in pack.roles else said.role
    if said.head_of and f"head_of:{said.head_of}" not in PERSONS:
        unit = pack.units[said.head_of].title if said.head_of in pack.units else said.head_of
        return gettext("head of %(unit)s") % {"unit": unit}
    kind = f"head_of:{said.head_of}" if said.head_of else f"superior_of:{said.superior_of}"
    kind = kind if said.head_of or said.superior_of else f"person:{said.person}"
    return gettext(PERSONS.get(kind, kind))
