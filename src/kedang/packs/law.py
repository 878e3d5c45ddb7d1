"""The law above every pack: merged last, and able only to tighten (C10, C11, C14, C15 and what else leaves no choice).

`law.yaml` knows no company's role names. A role holds the office it states; where a pack states none, it is recognised
by its deeds: a role that may create accounts is a system office, one that may grant rights a security office, one that
may take the ledger out an audit office. Offices read no dossier, are held by different people, and keep away from the
deeds on content whatever other role their holder has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field
from ruamel.yaml import YAML

from kedang.packs.merging import LawfulPack, Merge, Override
from kedang.packs.norms import conform, shipped_standards
from kedang.packs.offices import OfficeLaw, named, separate
from kedang.packs.operations import Needs, ReasonNeed, Rule, When
from kedang.packs.schema import Mask, Pack
from kedang.packs.vocabulary import SENSITIVITIES, Count, Model, Name, Prose, Sensitivity, Word

__all__ = ["Law", "LawfulPack", "Override", "lawful", "shipped_law", "tighten"]


class ScopeLaw(Model):
    """Operations that never reach beyond the row scope."""

    why: Prose
    operations: tuple[Word, ...]


class ReasonLaw(Model):
    """The least reason for an operation, in characters."""

    why: Prose
    min_chars: Mapping[Word, Count]


class MaskLaw(Model):
    """Fields that no list shows in clear."""

    why: Prose
    fields: tuple[Word, ...]


class SensitiveLaw(Model):
    """Sensitive values need a purpose with an assessment and a consent of their own, or a duty by law (C10)."""

    why: Prose


class CollectionLaw(Model):
    """What the regulation does not provide for is not collected, by none of these ways."""

    why: Prose
    operations: tuple[Word, ...]


class MarketingLaw(Model):
    """Nothing is advertised to people who did not agree (C11)."""

    why: Prose
    operations: tuple[Word, ...]
    item: Name
    """The item of the deed's form that says whether those concerned agreed."""
    answers: frozenset[Word]


class ChannelLaw(Model):
    """What may go out by a way that is not encrypted (C15)."""

    why: Prose
    most: Sensitivity


class Law(Model):
    """What no pack may loosen."""

    edition: Word
    offices: OfficeLaw
    scope: ScopeLaw
    reasons: ReasonLaw
    masks: MaskLaw
    sensitive: SensitiveLaw
    collection: CollectionLaw
    marketing: MarketingLaw
    channels: ChannelLaw
    sources: tuple[Prose, ...] = Field(min_length=1)


@cache
def shipped_law() -> Law:
    """The law that comes with the product."""
    path = Path(__file__).with_name("law.yaml")
    return Law.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def lawful(pack: Pack) -> LawfulPack:
    """A pack under the standards and the law of this product: law before standard before pack before default."""
    standard = conform(pack, shipped_standards())
    under = tighten(standard.pack, shipped_law())
    return LawfulPack(under.pack, (*standard.overrides, *under.overrides))


def tighten(pack: Pack, law: Law) -> LawfulPack:
    """Merge the law into a pack. What the result allows, the pack allowed."""
    merge = Merge(pack)
    for step in _STEPS:
        step(merge, law)
    return merge.result()


def _separate_offices(merge: Merge, law: Law) -> None:
    separate(merge, law.offices)


def _keep_in_scope(merge: Merge, law: Law) -> None:
    for name in named(merge.operations, law.scope.operations):
        merge.put("operations", name, "in_scope", True, law.scope.why)


def _ask_reasons(merge: Merge, law: Law) -> None:
    for name, least in law.reasons.min_chars.items():
        if (rule := merge.operations.get(name)) is None:
            continue
        asked = rule.needs.reason.min_chars if rule.needs.reason else 0
        if asked < least:
            needs: Needs = rule.needs.model_copy(update={"reason": ReasonNeed(min_chars=least)})
            merge.replace("operations", name, rule.model_copy(update={"needs": needs}))
            merge.note(f"operations['{name}'].needs.reason.min_chars", asked, least, law.reasons.why)


def _mask_lists(merge: Merge, law: Law) -> None:
    for name in law.masks.fields:
        if (field := merge.section("fields").get(name)) is None:
            continue
        mask = field.mask or Mask()
        if field.mask is None or mask.clear_in_list:
            hidden = mask.model_copy(update={"clear_in_list": frozenset()})
            merge.replace("fields", name, field.model_copy(update={"mask": hidden}))
            seen = mask.clear_in_list if field.mask else "everyone"
            merge.note(f"fields['{name}'].mask.clear_in_list", seen, frozenset(), law.masks.why)


def _switch_off(merge: Merge, law: Law) -> None:
    for name, field in merge.section("fields").items():
        purpose = merge.pack.purposes.get(field.purpose or "")
        asked = purpose is not None and (purpose.separate_consent or purpose.basis == "legal_duty")
        lawful_ = purpose is not None and asked and purpose.assessment
        if field.sensitivity == "sensitive" and not lawful_:
            merge.put("fields", name, "collect", False, law.sensitive.why)


def _collect_no_more(merge: Merge, law: Law) -> None:
    rule = Rule(when=When(uncollected=True), deny=True, why=law.collection.why[:200])
    for name in named(merge.operations, law.collection.operations):
        if rule not in merge.operations[name].rules:
            said = merge.operations[name]
            merge.replace("operations", name, said.model_copy(update={"rules": (rule, *said.rules)}))


def _ask_consent(merge: Merge, law: Law) -> None:
    said = law.marketing
    marketing = frozenset(name for name, purpose in merge.pack.purposes.items() if purpose.marketing)
    for name in sorted(marketing):
        merge.put("purposes", name, "basis", "consent", said.why)
    agreed = When(items={said.item: said.answers})
    harmless = frozenset(merge.pack.purposes) - marketing
    for name in named(merge.operations, said.operations):
        unless = When(any=(agreed, When(purpose=harmless))) if harmless else agreed
        rule = Rule(when=When(unless=unless), deny=True, why=said.why[:200])
        merge.forbid(name, rule, "consent", said.why)
    for name in sorted(set(merge.operations) - set(named(merge.operations, said.operations))):
        if marketing and _has_purpose(merge.pack, name):
            rule = Rule(when=When(purpose=marketing, unless=agreed), deny=True, why=said.why[:200])
            merge.forbid(name, rule, "consent", said.why)


def _has_purpose(pack: Pack, operation: str) -> bool:
    form = pack.form_of(operation)
    return bool(form) and any(item.type == "purpose" for item in pack.forms[form].items.values())


def _cap_channels(merge: Merge, law: Law) -> None:
    most = SENSITIVITIES.index(law.channels.most)
    for name, way in merge.section("channels").items():
        if not way.encrypted and way.direction != "in" and SENSITIVITIES.index(way.most) > most:
            merge.put("channels", name, "most", law.channels.most, law.channels.why)


_STEPS = (
    _separate_offices,
    _keep_in_scope,
    _ask_reasons,
    _mask_lists,
    _switch_off,
    _collect_no_more,
    _ask_consent,
    _cap_channels,
)
