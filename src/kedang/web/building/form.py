"""The form of a dossier, made from the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from kedang.customers.dictionary import CONTACT, DOSSIER, of_part
from kedang.customers.fields import CATEGORIES, Field
from kedang.customers.modules import MODULES
from kedang.kernel.i18n import N_
from kedang.packs import grammars
from kedang.people.selectors import colleagues
from kedang.standards import industry
from kedang.web.pages.parts import FieldBox, FieldGroup, FindingShown, Option

LONG = frozenset({"business_scope", "note"})
LINE = 80
"""A text of an added field, of which nobody said how long it is, gets several lines once it is longer."""
LONG_FROM = 500
"""A text of so many characters is written into several lines."""
WIDE = frozenset({"name", "address"})
MONO = frozenset({"credit_code", "identity_number", "postcode"})
HELP = {
    "region": N_("Name or code of province, city or county."),
    "contact.phones": N_("Several numbers are separated by a semicolon."),
    "capital": N_("Such as 500万元 or 1,000,000 USD."),
    "registered_on": N_("Such as 2019-03-08."),
    "learned_on": N_("Such as 2019-03-08."),
}
HELP_OF = {
    "date": N_("Such as 2019-03-08."),
    "money": N_("In yuan, such as 1200.50 or 35万元."),
    "capital": N_("Such as 500万元 or 1,000,000 USD."),
    "percent": N_("A whole percentage, such as 85."),
    "number": N_("A whole number."),
    "phones": N_("Several numbers are separated by a semicolon."),
}
"""What is said beside a field of no help of its own, by its standard."""
ICONS = {
    "basic": "id", "contact": "phone", "business": "package", "consumption": "receipt", "interaction": "messages",
    "demand": "bulb", "other": "info-circle",
}  # fmt: skip

Texts = Mapping[str, str]
Findings = Mapping[str, Sequence[FindingShown]]


def groups(
    texts: Texts, required: frozenset[str], found: Findings, *, masked: frozenset[str] = frozenset(), new: bool = True
) -> list[FieldGroup]:
    """The form's groups in the order of the data dictionary. `masked` fields come empty and stay unchanged
    when left empty; one that is no longer collected is there while it holds something."""
    every = (*of_part(DOSSIER).values(), *of_part(CONTACT).values())
    fields = [field for field in every if (field.collect or texts.get(field.key)) and (new or field.key != "kind")]
    out = []
    for category, title in CATEGORIES:
        boxes = [box(field, texts, required, found, masked) for field in fields if field.category == category]
        if boxes:
            out.append(FieldGroup(gettext(title), boxes, ICONS.get(category, "")))
    return out


def box(field: Field, texts: Texts, required: frozenset[str], found: Findings, masked: frozenset[str]) -> FieldBox:
    """One field of a form, whatever part of the dossier it is in."""
    text = texts.get(field.key, "")
    return FieldBox(
        name=field.key,
        label=gettext(field.title),
        kind=_kind(field, text),
        value=text,
        options=_options(field, text),
        help=_help(field, field.key in masked),
        required=field.key in required,
        key=field.identifying,
        maxlength=field.width,
        findings=found.get(field.key, ()),
        wide=field.key in WIDE,
        full=_kind(field, text) == "textarea",
        mono=field.key in MONO,
        suggestions=_divisions() if field.standard == "industry" else (),
    )


def _kind(field: Field, text: str) -> str:
    if field.choices:
        return "select"
    long = field.key in LONG or (field.part in MODULES and not field.added and field.width >= LONG_FROM)
    long = long or (field.added and field.standard == "text" and ("\n" in text or len(text) > LINE))
    return "textarea" if long else "tel" if field.standard == "phones" else "text"


def _options(field: Field, text: str) -> list[Option]:
    chosen = text or {"kind": "organisation", "level": "internal"}.get(field.key, "")
    none = [] if field.key in ("kind", "level") or (chosen and field.key.endswith(".status")) else [Option("", "—")]
    gone = [] if not text or text in dict(field.choices) else [Option(text, text, True)]
    return none + [Option(key, gettext(title), key == chosen) for key, title in field.choices] + gone


def _help(field: Field, masked: bool) -> str:
    if masked:
        return gettext("Masked. Leave it empty to keep what is there; what you write replaces it.")
    if field.key in HELP:
        return gettext(HELP[field.key])
    said = [field.meaning] if field.meaning else []
    said += [grammars.explain(field.grammar, gettext)] if field.grammar else []
    said += [gettext("At least %(count)s characters.") % {"count": field.min_chars}] if field.min_chars else []
    said += [gettext(HELP_OF[field.standard])] if field.standard in HELP_OF else []
    return " ".join(said)


def _divisions() -> Sequence[str]:
    return [f"{code} {industry.title_of(code)}" for code in industry.divisions()]


def seat(units: Sequence[tuple[str, str]], unit: str, owner: str) -> FieldGroup:
    """Whose dossier it is: the unit and the account manager."""
    people = [Option("", "—", not owner)]
    people += [Option(person.username, person.name, person.username == owner) for person in colleagues()]
    return FieldGroup(
        gettext("Responsible"),
        [
            FieldBox("unit", gettext("Unit"), "select", options=[Option(c, n, c == unit) for c, n in units]),
            FieldBox("owner", gettext("Account manager"), "select", options=people),
        ],
        "users",
    )
