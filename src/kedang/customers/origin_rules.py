"""What a regulation asks of the coming of values, judged from what was said and what changes; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from kedang import standards
from kedang.customers import slots
from kedang.customers.origin_payloads import OriginIn
from kedang.kernel.i18n import N_
from kedang.packs.protection import Basis, Provenance, Source
from kedang.packs.schema import Pack
from kedang.standards import Finding
from kedang.standards.private import holds_personal_number

PART = "origin."
TITLES = {
    "origin.source": N_("Where from"),
    "origin.learned_on": N_("Day learned"),
    "origin.supplier": N_("Supplied by (outside)"),
    "origin.supplied_by": N_("Colleague who supplied it"),
    "origin.evidence": N_("Document"),
    "origin.basis": N_("Legal basis"),
    "origin.purpose": N_("Purpose"),
}
"""What the parts of an origin are called, by the keys that findings name."""
BASES: tuple[str, ...] = get_args(Basis)
Delta = Mapping[str, Sequence[Any]]
"""Before and after of each value that changes, by its slot."""
NOTHING = OriginIn()


@dataclass(frozen=True, slots=True)
class Said:
    """An origin as it is kept: the source by its code, the day read, the basis filled in."""

    source: str = ""
    learned_on: date | None = None
    supplier: str = ""
    supplied_by: str = ""
    evidence: str = ""
    basis: str = ""
    purpose: str = ""
    findings: tuple[Finding, ...] = ()


def kept(pack: Pack) -> Provenance | None:
    """What the regulation says about the coming of values, where it is in force."""
    return pack.provenance if pack.provenance is not None and pack.provenance.available else None


def read(pack: Pack, given: OriginIn | None, delta: Delta, today: date) -> Said:
    """What was said, filled up from the dossier's own fields `source` and `learned_on` where the deed sets them."""
    asked = given or NOTHING
    day, found = _day(asked, delta)
    source, wrong = _source(pack, asked, delta)
    findings = [*wrong, *found, *_words(pack, asked), *unfit("origin.evidence", asked.evidence)]
    if day is not None and day > today:
        findings.append(Finding("origin.learned_on", "origin.future", "error", day.isoformat()))
    return Said(
        source, day, asked.supplier, asked.supplied_by.lower(), asked.evidence, asked.basis or basis_of(pack, source),
        asked.purpose, tuple(findings),
    )  # fmt: skip


def unfit(field: str, text: str) -> list[Finding]:
    """What keeps a text out that is stored in plain: it cannot be read, or it holds a person's number."""
    if "\0" in text:
        return [Finding(field, "text.nul", "error", "")]
    return [Finding(field, "text.number", "error", "")] if holds_personal_number(text) else []


def basis_of(pack: Pack, source: str) -> str:
    """The legal basis on which data comes in by a source; empty for a source nobody knows."""
    known = pack.provenance.sources.get(source) if pack.provenance else None
    return known.basis if known else ""


def judged(pack: Pack, said: Said, delta: Delta, *, papers: bool) -> list[Finding]:
    """What is missing of the origin of these values; `papers`: a document was given with the deed."""
    rules = kept(pack)
    if rules is None:
        return []
    documented = papers or bool(said.evidence)
    found = list(_of_source(pack, rules.sources.get(said.source), said, documented=documented))
    for slot, (before, after) in delta.items():
        key = slots.parsed(slot).field
        if after is not None and key in rules.required_for and not (said.source and said.learned_on):
            found.append(Finding(key, "origin.required", "error", "", {"source": rules.article or ""}))
        if before is not None and key in rules.evidence_for and not documented:
            found.append(Finding(key, "origin.evidence", "error", ""))
    return found


def _of_source(pack: Pack, source: Source | None, said: Said, *, documented: bool) -> Iterator[Finding]:
    """What a source asks for by itself: a partner named, its form or a document given."""
    if source is None:
        return
    if source.partner and not said.supplier:
        yield Finding("origin.supplier", "origin.partner", "error", "", {"source": source.title})
    if documented:
        return
    if source.form:
        named = {"source": source.title, "form": pack.forms[source.form].title}
        yield Finding("origin.evidence", "origin.form", "error", "", named)
    elif source.document:
        yield Finding("origin.evidence", "origin.document", "error", "", {"source": source.title})


def _source(pack: Pack, asked: OriginIn, delta: Delta) -> tuple[str, list[Finding]]:
    """The source by its code. A word of the dossier's own field counts only where it names one."""
    own = str(_after(delta, "source") or "")
    if pack.provenance is None:
        return asked.source or own[:64], []
    known = pack.provenance.source_of(asked.source or own)
    if known or not asked.source:
        return known or ("" if kept(pack) else own[:64]), []
    if kept(pack) is None:
        return asked.source, []
    choices = "、".join(source.title for source in pack.provenance.sources.values())
    return "", [Finding("origin.source", "origin.unknown", "error", asked.source, {"choices": choices})]


def _day(asked: OriginIn, delta: Delta) -> tuple[date | None, tuple[Finding, ...]]:
    if not asked.learned_on:
        own = _after(delta, "learned_on")
        return (date.fromisoformat(own) if isinstance(own, str) else own), ()
    read_ = standards.check("date", asked.learned_on, field="origin.learned_on")
    return read_.value, tuple(each for each in read_.findings if each.severity == "error")


def _words(pack: Pack, asked: OriginIn) -> Iterator[Finding]:
    """Words that must be among those the regulation knows."""
    for name, word, known in (("basis", asked.basis, BASES), ("purpose", asked.purpose, tuple(pack.purposes))):
        if word and word not in known:
            yield Finding(PART + name, "code.unknown", "error", word, {"choices": ", ".join(known)})


def _after(delta: Delta, key: str) -> Any:
    return delta[key][1] if key in delta else None
