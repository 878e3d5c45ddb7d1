"""Where values come from: the section of every form that writes values, and the tab of a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from pydantic import ValidationError

from kedang.customers.consents import binds
from kedang.customers.dictionary import known
from kedang.customers.models import Dossier
from kedang.customers.origin_ops import VERDICTS
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.origin_rules import BASES, PART, TITLES, kept
from kedang.customers.provenance import (
    EXPIRED,
    IN_FORCE,
    WITHDRAWN,
    Mark,
    ShownConsent,
    ShownOrigin,
    ShownPerson,
)
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import colleagues
from kedang.web import formats
from kedang.web.building import dossier as dossiers
from kedang.web.forms import Posted
from kedang.web.pages.origins import ConsentRow, OriginRow
from kedang.web.pages.parts import FieldBox, FieldGroup, FindingShown, Option

BASIS_WORDS = {
    "consent": N_("consent"),
    "contract": N_("contract"),
    "legal_duty": N_("legal duty"),
    "emergency": N_("emergency"),
    "public_interest": N_("public interest"),
    "public_information": N_("public information"),
}
STATES = {
    IN_FORCE: (N_("consent in force"), "good"),
    WITHDRAWN: (N_("withdrawn"), "bad"),
    EXPIRED: (N_("expired"), "warn"),
}
TONES = {"right": "good", "wrong": "bad", "missing": "warn", "outdated": "warn"}
TOO_LONG = N_("This is too long for the field.")
Findings = Mapping[str, Sequence[FindingShown]]


def section(posted: Posted, found: Findings) -> list[FieldGroup]:
    """The section “Where it comes from” of a form; none where the regulation says nothing about sources."""
    pack = in_force()
    if pack.provenance is None:
        return []
    said = posted.extra
    boxes = [
        _select("source", _sources(pack), said, found),
        _text("learned_on", said, found, 32, gettext("Such as 2019-03-08.")),
        _select("supplied_by", [(each.username, each.name) for each in colleagues()], said, found, gettext("Yourself")),
        _text("supplier", said, found, 100, gettext("The partner or person it comes from; kept sealed.")),
        _text("evidence", said, found, 200, gettext("The document it stands in, or its number.")),
        _select("basis", [(name, gettext(BASIS_WORDS[name])) for name in BASES], said, found, gettext("As the source")),
    ]
    return [FieldGroup(gettext("Where it comes from"), boxes, "sitemap", _asked_for(pack))]


def given(posted: Posted) -> OriginIn | None:
    """What was said in that section; None where nothing was. Refused(invalid) for what is too long."""
    texts = {name: posted.extra.get(PART + name, "") for name in OriginIn.model_fields}
    try:
        said = OriginIn(**texts)
    except ValidationError as wrong:
        missing = sorted({PART + str(each["loc"][0]) for each in wrong.errors() if each["loc"]})
        raise Refused("invalid", missing=missing, detail=TOO_LONG) from None
    return said if said.says else None


def _asked_for(pack: Pack) -> str:
    """Which fields ask for it, in words."""
    rules = kept(pack)
    named = [pack.fields[key].title for key in pack.fields if rules and key in rules.required_for]
    return gettext("Needed with: %(fields)s") % {"fields": "、".join(named)} if named else ""


def _sources(pack: Pack) -> list[tuple[str, str]]:
    return [(name, each.title) for name, each in pack.provenance.sources.items()] if pack.provenance else []


def _select(
    name: str, options: Sequence[tuple[str, str]], said: Mapping[str, str], found: Findings, none: str = "—"
) -> FieldBox:
    chosen = said.get(PART + name, "")
    listed = [Option("", none, not chosen), *(Option(value, label, value == chosen) for value, label in options)]
    return FieldBox(
        PART + name, gettext(TITLES[PART + name]), "select", options=listed, findings=found.get(PART + name, ())
    )


def _text(name: str, said: Mapping[str, str], found: Findings, width: int, help_: str) -> FieldBox:
    return FieldBox(
        PART + name, gettext(TITLES[PART + name]), value=said.get(PART + name, ""), help=help_, maxlength=width,
        findings=found.get(PART + name, ()),
    )  # fmt: skip


def mark(shown: Mark) -> tuple[str, str]:
    """The sign beside a value and what it means; empty where nothing is to say."""
    verdict = gettext(VERDICTS[shown.verdict]) if shown.verdict else ""
    source = gettext("Source: %(source)s") % {"source": shown.source} if shown.source else ""
    if shown.verdict == "right":
        return "verified", " · ".join(filter(None, (gettext("Checked"), source)))
    if shown.verdict:
        return "doubtful", " · ".join(filter(None, (gettext("Checked: %(verdict)s") % {"verdict": verdict}, source)))
    if shown.wanted:
        return "unverified", " · ".join(filter(None, (gettext("Not checked yet"), source)))
    return ("sourced", source) if source else ("", "")


def row(shown: ShownOrigin, chosen: frozenset[str]) -> OriginRow:
    """One value in a line of the tab."""
    field = known(shown.key)
    basis = gettext(BASIS_WORDS[shown.basis]) if shown.basis in BASIS_WORDS else shown.basis
    people = [(gettext("supplied by"), shown.supplier), (gettext("answered for by"), shown.supplied_by)]
    if shown.entered_by != shown.supplied_by:
        people.append((gettext("entered by"), shown.entered_by))
    return OriginRow(
        key=shown.key, label=gettext(field.title) if field else shown.key, text=_text_of(shown),
        source=shown.mark.source, basis=basis,
        learned_us=shown.learned_us, entered_us=shown.entered_us, delay=_delay(shown),
        late=bool(shown.delay and shown.delay.late), people=[each for each in people if each[1]],
        evidence=shown.evidence, verdict=gettext(VERDICTS[shown.mark.verdict]) if shown.mark.verdict else "",
        tone=TONES.get(shown.mark.verdict, ""), checked=_checked(shown), wanted=shown.mark.wanted,
        consent=gettext("consent in force") if shown.consent == IN_FORCE else "", consent_tone="good",
        chosen=shown.key in chosen,
    )  # fmt: skip


def _text_of(shown: ShownOrigin) -> str:
    value = shown.value
    return gettext(value.text) if value.withheld else dossiers.in_words(shown.key, value.text)


def _delay(shown: ShownOrigin) -> str:
    if shown.delay is None:
        return ""
    days = ngettext("%(num)s day later", "%(num)s days later", shown.delay.days) % {"num": shown.delay.days}
    if not shown.delay.due_us:
        return days
    return gettext("%(days)s; limit %(day)s") % {"days": days, "day": formats.day(shown.delay.due_us)}


def _checked(shown: ShownOrigin) -> str:
    day = formats.day(shown.checked_us) if shown.checked_us else ""
    return " · ".join(filter(None, (shown.method, shown.document, shown.checked_by, day)))


def consent_row(dossier: Dossier, shown: ShownConsent, *, may_end: bool) -> ConsentRow:
    """One consent in a line of the tab."""
    word, tone = STATES[shown.state]
    address = reverse("consent_end", kwargs={"code": dossier.code})
    end = f"{address}?person={shown.person.ref}&purpose={shown.purpose}" if may_end and not shown.withdrawn_us else ""
    return ConsentRow(
        person=shown.person.name, purpose=shown.title, state=gettext(word), tone=tone,
        how=" · ".join(filter(None, (shown.method, shown.evidence))), given_us=shown.given_us,
        until_us=max(shown.until_us - 1, 0), withdrawn_us=shown.withdrawn_us, by=shown.by_name,
        other_text=not shown.told, end=end if shown.person.ref else "",
    )  # fmt: skip


def check_group(texts: Mapping[str, str], found: Findings) -> FieldGroup:
    """The fields by which the marked values are compared."""
    verdict = texts.get("verdict", "right")
    return FieldGroup(
        gettext("Compare the marked values"),
        [
            FieldBox(
                "verdict", gettext("Result"), "select", findings=found.get("verdict", ()),
                options=[Option(key, gettext(word), key == verdict) for key, word in VERDICTS.items()],
            ),
            FieldBox(
                "method", gettext("Method"), value=texts.get("method", ""), maxlength=64, required=True,
                findings=found.get("method", ()), suggestions=_methods(),
            ),
            FieldBox(
                "document", gettext("Compared with"), value=texts.get("document", ""), maxlength=200,
                help=gettext("The original or the official source, with its number."),
                findings=found.get("document", ()),
            ),
            FieldBox(
                "on", gettext("On"), value=texts.get("on", ""), maxlength=32, findings=found.get("on", ()),
                help=gettext("Empty: today."),
            ),
        ],
        "shield-check",
    )  # fmt: skip


def _methods() -> list[str]:
    return [gettext("original seen"), gettext("official register"), gettext("telephone call"), gettext("visit")]


def consent_group(texts: Mapping[str, str], found: Findings, persons: Sequence[ShownPerson]) -> FieldGroup:
    """The fields of a consent: whose, to what, how, since when and until when."""
    purposes = [(name, said.title) for name, said in in_force().purposes.items() if binds(said)]
    chosen = texts.get("person", ""), texts.get("purpose", "")
    ways = [gettext("signed in person"), gettext("online form"), gettext("recorded call"), gettext("letter or mail")]
    return FieldGroup(
        gettext("Consent"),
        [
            FieldBox(
                "person", gettext("Who agrees"), "select", findings=found.get("person", ()),
                options=[Option(each.ref, each.name, each.ref == chosen[0]) for each in persons],
            ),
            FieldBox(
                "purpose", gettext("Purpose"), "select", findings=found.get("purpose", ()),
                options=[Option(name, title, name == chosen[1]) for name, title in purposes],
            ),
            FieldBox(
                "method", gettext("How it was given"), value=texts.get("method", ""), maxlength=64, required=True,
                findings=found.get("method", ()), suggestions=ways,
            ),
            FieldBox(
                "evidence", gettext("Document"), value=texts.get("evidence", ""), maxlength=200,
                help=gettext("The document it stands in, or its number."), findings=found.get("evidence", ()),
            ),
            FieldBox(
                "given_on", gettext("Given on"), value=texts.get("given_on", ""), maxlength=32,
                help=gettext("Empty: today."), findings=found.get("given_on", ()),
            ),
            FieldBox(
                "until", gettext("Until"), value=texts.get("until", ""), maxlength=32,
                help=gettext("Empty: until it is withdrawn."), findings=found.get("until", ()),
            ),
        ],
        "signature",
    )  # fmt: skip


def notices() -> list[tuple[str, str]]:
    """What people are told about each purpose that needs their consent."""
    return [(said.title, said.notice) for said in in_force().purposes.values() if binds(said) and said.notice]
