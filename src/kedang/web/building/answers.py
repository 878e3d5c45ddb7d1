"""The section “What the regulation asks for” of a deed of the product, beforehand and after it was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance.registers import offers, uploads
from kedang.governance.registers.offers import Preview
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.operations import Step
from kedang.packs.schema import Pack
from kedang.web.building import matters
from kedang.web.findings import shown as finding_shown
from kedang.web.pages.asks import Asks
from kedang.web.pages.parts import FindingShown
from kedang.web.refusals import refusal_of
from kedang.web.sending import Sent


def asks(
    op: str,
    by: Actor,
    facts: Facts,
    sent: Sent | None = None,
    refused: Refused | None = None,
    *,
    reason: str = "always",
) -> Asks:
    """What goes with the deed. `reason`: when the section has the field for it: always, wanted, or never."""
    pack, sent = in_force(), sent or Sent()
    if op not in pack.operations:
        return Asks(reason_shown=reason == "always")
    said = _with_refusal(pack, op, offers.asks(pack, op, by, facts), refused)
    form = pack.forms[said.form] if said.form else None
    return Asks(
        form_title=" ".join(filter(None, (form.title, form.number, form.edition))) if form else "",
        items=matters.items(pack, form, by, sent.form, by_item(refused)) if form else (),
        statements=said.statements, confirmed=sent.confirmed,
        reason_shown=reason == "always" or (reason == "wanted" and bool(said.reason)),
        reason_wanted=said.reason, reason=sent.reason,
        evidence_wanted=said.evidence, evidence=evidence(by, sent.evidence),
        undertakings=undertakings(pack, by, said.undertakings), signers=signers(pack, said.steps),
        uncertain=said.uncertain, perhaps=said.perhaps, limit_mb=settings.UPLOAD_MAX_MB,
    )  # fmt: skip


def _with_refusal(pack: Pack, op: str, said: Preview, refused: Refused | None) -> Preview:
    """The gate knows better: what it found missing is wanted for certain."""
    missing = frozenset(getattr(refused, "missing", ()))
    rule = pack.operations[op]
    needs = [rule.needs, *(each.needs for each in rule.rules if each.needs)]
    form = said.form or (pack.form_of(op) if "form" in missing else "")
    stated = [need.statement for need in needs if need.statement]
    stated += [text for text in [pack.forms[form].statement if form else ""] if text]
    return replace(
        said,
        reason=said.reason or max((n.reason.min_chars for n in needs if n.reason), default=1) * ("reason" in missing),
        evidence=said.evidence or max(need.evidence for need in needs) * ("evidence" in missing),
        form=form,
        statements=said.statements or (tuple(dict.fromkeys(stated)) if "statement" in missing else ()),
        perhaps=said.perhaps - missing,
    )


def evidence(by: Actor, names: Sequence[str]) -> list[tuple[str, str]]:
    """Documents given already, each with what to call it."""
    return [(name, uploads.evidence_name(by, name)) for name in names]


def signers(pack: Pack, steps: Sequence[Step]) -> list[str]:
    """Whose signatures are needed, in words, in their order."""
    return list(dict.fromkeys(matters.party(pack, party) for step in steps for party in step.parties))


def undertakings(pack: Pack, by: Actor, names: Sequence[str]) -> list[tuple[str, str]]:
    """Where each undertaking that is still missing can be signed."""
    out = []
    for name in names:
        signing = next((op for op, said in pack.operations.items() if said.signs == name), "")
        title = pack.undertakings[name].title if name in pack.undertakings else name
        about = f"?subject=staff:{by.id}" if signing and pack.operations[signing].about == "staff" else ""
        out.append((title, reverse("matter", kwargs={"op": signing}) + about if signing else ""))
    return out


def _titled(pack: Pack, names: Sequence[str]) -> list[str]:
    return [pack.undertakings[name].title if name in pack.undertakings else name for name in names]


def by_item(refused: Refused | None) -> Mapping[str, Sequence[FindingShown]]:
    """What is wrong with single answers."""
    out: dict[str, list[FindingShown]] = {}
    for each in getattr(refused, "findings", ()):
        out.setdefault(each.field, []).append(finding_shown(each))
    return out


def problems(op: str, refused: Refused | None) -> list[FindingShown]:
    """What is wrong altogether, for the head of the form; each finding under the title of its field or item."""
    if refused is None:
        return []
    named = titles(op)
    found = [each for each in getattr(refused, "findings", ()) if each.severity == "error"]
    said = [(named.get(each.field, ""), finding_shown(each, labelled=True)) for each in found]
    return [replace(one, label=title or one.label) for title, one in said] or missing(refused)


def missing(refused: Refused) -> list[FindingShown]:
    """Why a deed was refused, with what is missing in words; undertakings by their titles."""
    refusal, pack = refusal_of(refused), in_force()
    named = [name for name in refusal.missing if not name.startswith("undertaking:")]
    unsigned = [name.partition(":")[2] for name in refused.missing if name.startswith("undertaking:")]
    named += _titled(pack, unsigned)
    return [FindingShown("error", refusal.detail or refusal.title, "、".join(named))]


def titles(op: str) -> Mapping[str, str]:
    """Titles of the items of the deed's form."""
    pack = in_force()
    name = pack.form_of(op) if op in pack.operations else ""
    return {key: item.title for key, item in pack.forms[name].items.items()} if name else {}


def note(pack: Pack, said: Preview) -> str:
    """In one line what a deed will ask for; empty where nothing."""
    named = "、".join(signers(pack, said.steps))
    first = "、".join(_titled(pack, said.undertakings))
    wants = [
        gettext("Sign first: %(names)s.") % {"names": first} if first else "",
        gettext("Needs approval by %(names)s.") % {"names": named} if named else "",
        gettext("May need approval, depending on what is written.") if said.uncertain and not named else "",
        gettext("Needs the form “%(title)s”.") % {"title": pack.forms[said.form].title} if _sure(said, "form") else "",
        gettext("Needs a supporting document.") if _sure(said, "evidence") else "",
        gettext("Needs a reason.") if _sure(said, "reason") else "",
    ]
    return " ".join(filter(None, wants))


def _sure(said: Preview, name: str) -> bool:
    return bool(getattr(said, name)) and name not in said.perhaps
