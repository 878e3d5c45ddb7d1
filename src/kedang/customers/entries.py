"""The data dictionary as it is read: every field with what it means, who must give it, who may see it, and since when.

Nothing here is about any customer. Sentences of the product are English sources the doors translate; titles and
meanings of a regulation are in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from kedang.customers import dictionary
from kedang.customers.codes import CodeList, code_list
from kedang.customers.dictionary import Same
from kedang.customers.fields import Field
from kedang.customers.modules import MODULES
from kedang.kernel.i18n import N_
from kedang.packs import grammars
from kedang.packs.differences import Difference, differences
from kedang.packs.merging import LawfulPack, Override
from kedang.packs.schema import Pack, PackField
from kedang.packs.selectors import lawful_in_force, lawful_version, versions
from kedang.packs.vocabulary import ANY_STAFF

Translate = Callable[[str], str]
PARTS = {"dossier": N_("Dossier"), "contact": N_("Contacts")} | {key: each.title for key, each in MODULES.items()}
SENSITIVITIES = {
    "public": N_("Public"), "internal": N_("Internal"), "personal": N_("Personal"),
    "sensitive": N_("Sensitive personal"),
}  # fmt: skip
BASES = {
    "consent": N_("Consent"), "contract": N_("Contract"), "legal_duty": N_("Legal duty"),
    "public_interest": N_("Public interest"), "emergency": N_("Emergency"),
    "public_information": N_("Published lawfully"),
}  # fmt: skip
STANDARDS = {
    "credit_code": N_("Unified social credit code of 18 characters with check characters (GB 32100-2015)"),
    "identity_number": N_("Resident identity number of 18 characters with check character (GB 11643-1999)"),
    "phones": N_("Telephone numbers, kept in international form (ITU-T E.164)"),
    "email": N_("One e-mail address (RFC 5322)"),
    "postcode": N_("Six digits of the postcode"),
    "date": N_("A day: year, month, day (GB/T 7408)"),
    "capital": N_("An amount of money with its currency (ISO 4217), kept in hundredths"),
    "region": N_("Six-digit code of a region (GB/T 2260); names are read too"),
    "industry": N_("Code of an industry (GB/T 4754-2017); titles are read too"),
    "text": N_("Text in standard Chinese characters (GB 18030)"),
    "name": N_("A name on one line; rare and traditional characters may stand"),
    "address": N_("An address on one line"),
    "url": N_("An address of a web page"),
    "code": N_("A code"),
    "choice": N_("One of a list"),
    "number": N_("A whole number"),
    "money": N_("A sum in yuan, kept in fen"),
    "percent": N_("A whole percentage from 0 to 100"),
    "yes_no": N_("Yes or no"),
}
NOT_LISTED = N_("The regulation does not provide for it.")
SWITCHED_OFF = N_("The regulation says that it is not collected.")
COLLECTORS = {
    "dossier": ("customer.open", "customer.amend", "import.stage"),
    "contact": ("customer.open", "customer.amend", "contact.add", "contact.amend", "import.stage"),
}
OF_RECORDS = ("record.add", "record.amend")


@dataclass(frozen=True, slots=True)
class Required:
    """A kind of customer that must have the value to be in a state."""

    kind: str
    kind_title: str
    state: str
    state_title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the dictionary. `why_not` is empty where the value is collected."""

    key: str
    title: str
    product_title: str
    """What forms call it, where that is not the regulation's word."""
    meaning: str
    part: str
    category: str
    added: bool
    standard: str
    said: tuple[str, ...]
    """The standard in words, and what narrows it."""
    codes: CodeList | None
    required: tuple[Required, ...]
    always: bool
    """No dossier or record is without it."""
    key_field: bool
    sensitivity: str
    sealed: bool
    masked: bool
    clear_in_list: tuple[str, ...]
    clear_in_detail: tuple[str, ...]
    collectors: Mapping[str, tuple[str, ...]]
    """Titles of the roles that may, by operation."""
    purpose: str
    basis: str
    assessed: bool
    separate_consent: bool
    stale_days: int
    collected: bool
    why_not: str
    article: str
    controls: tuple[str, ...]
    since: str
    """The edition it came with; empty where no regulation lists it."""
    changes: tuple[Difference, ...]
    """What the edition in force changed in it."""
    overridden: tuple[Override, ...]
    """What standards and the law replaced in it."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The whole of it under the edition in force."""

    version: str
    title: str
    effective_us: int
    before: str
    """The edition before; empty where this is the first."""
    entries: tuple[Entry, ...]
    gone: tuple[str, ...]
    """Keys that the edition before listed and this one does not."""


def in_force(translate: Translate = str) -> Dictionary:
    """The dictionary of the edition in force, its sentences translated."""
    lawful = lawful_in_force()
    history = _history(lawful.pack.version)
    before = lawful_version(history[-2][0]).pack if len(history) > 1 else None
    return Dictionary(
        version=lawful.pack.version, title=lawful.pack.meta.title, effective_us=history[-1][1] if history else 0,
        before=before.version if before else "", entries=entries(lawful, before, _since(history), translate),
        gone=tuple(sorted(before.fields.keys() - lawful.pack.fields.keys())) if before else (),
    )  # fmt: skip


def entries(
    lawful: LawfulPack, before: Pack | None = None, since: Mapping[str, str] | None = None, translate: Translate = str
) -> tuple[Entry, ...]:
    """Every field under a pack, in the order of the dictionary: what is collected or was listed ever before."""
    changed = _changes(before, lawful.pack) if before else ()
    made = _Entries(lawful, changed, since or {}, translate)
    return tuple(made.entry(field) for field in dictionary.fields(lawful.pack).values())


class _Entries:
    """What is needed to write entries."""

    def __init__(
        self, lawful: LawfulPack, changed: Iterable[Difference], since: Mapping[str, str], translate: Translate
    ) -> None:
        self._pack, self._since, self._translate = lawful.pack, since, translate
        self._changed, self._overrides = tuple(changed), lawful.overrides

    def entry(self, field: Field) -> Entry:
        """One field."""
        said = self._pack.fields.get(field.key)
        mask = said.mask if said and field.personal else None
        purpose = self._pack.purposes.get(said.purpose or "") if said else None
        own = self._translate(field.title)
        overridden = tuple(each for each in self._overrides if _is_of(each.key, field.key))
        return Entry(
            key=field.key, title=said.title if said else own,
            product_title=own if said and not field.added and own != said.title else "",
            meaning=field.meaning, part=field.part, category=said.category if said else field.category,
            added=field.added, standard=field.standard, said=self._standard(field), codes=code_list(field, self._pack),
            required=self._required(said) if field.collect else (), always=_is_always(field),
            key_field=field.identifying,
            sensitivity=said.sensitivity if said else "personal" if field.personal else "internal",
            sealed=field.personal, masked=mask is not None,
            clear_in_list=self._roles(mask.clear_in_list) if mask else (),
            clear_in_detail=self._roles(mask.clear_in_detail) if mask else (),
            collectors=self._collectors(field), purpose=purpose.title if purpose else "",
            basis=self._translate(BASES.get(purpose.basis, purpose.basis)) if purpose else "",
            assessed=purpose.assessment if purpose else False,
            separate_consent=purpose.separate_consent if purpose else False,
            stale_days=said.stale_days if said else 0, collected=field.collect,
            why_not=self._why_not(field, said, overridden), article=(said.article or "") if said else "",
            controls=said.controls if said else (), since=self._since.get(field.key, ""),
            changes=tuple(each for each in self._changed if _is_of(each.key, field.key)), overridden=overridden,
        )  # fmt: skip

    def _standard(self, field: Field) -> tuple[str, ...]:
        words = [self._translate(STANDARDS[field.standard])]
        if field.grammar is not None:
            words.append(grammars.explain(field.grammar, self._translate))
        if field.min_chars:
            words.append(self._translate(N_("At least %(count)s characters")) % {"count": field.min_chars})
        if field.standard in ("text", "name", "address") and not field.choices:
            words.append(self._translate(N_("At most %(count)s characters")) % {"count": field.width})
        return tuple(words)

    def _required(self, said: PackField | None) -> tuple[Required, ...]:
        if said is None:
            return ()
        kinds = self._pack.kinds
        return tuple(
            Required(kind, kinds[kind].title, state, kinds[kind].states[state].title)
            for state, wanted in said.required_at.items()
            for kind in sorted(wanted)
            if kind in kinds and state in kinds[kind].states
        )

    def _collectors(self, field: Field) -> dict[str, tuple[str, ...]]:
        if not field.collect:
            return {}
        rules = self._pack.operations
        names = COLLECTORS.get(field.part, OF_RECORDS)
        return {name: self._roles(rules[name].who - rules[name].not_for) for name in names if name in rules}

    def _roles(self, codes: Iterable[str]) -> tuple[str, ...]:
        titled = {code: self._pack.roles[code].title for code in codes if code in self._pack.roles}
        every = [self._translate(N_("everybody"))] if ANY_STAFF in codes else []
        return tuple(every + [titled[code] for code in self._pack.roles if code in titled])

    def _why_not(self, field: Field, said: PackField | None, overridden: Iterable[Override]) -> str:
        if field.collect:
            return ""
        if said is None:
            return self._translate(NOT_LISTED)
        law = next((each.why for each in overridden if each.key.endswith(".collect")), "")
        return law or self._translate(SWITCHED_OFF)


def _is_always(field: Field) -> bool:
    if field.part in MODULES:
        return field.key in MODULES[field.part].always
    return field.key in dictionary.ALWAYS


def _is_of(key: str, field: str) -> bool:
    """Whether a key of the regulation (`fields.grade.title`, `fields['contact.name'].title`) is of a field."""
    return key.startswith((f"fields.{field}.", f"fields['{field}']")) or key == f"fields.{field}"


def _history(version: str) -> list[tuple[str, int]]:
    """Editions up to one, the first first, with the instant each came in force."""
    rows = list(versions().order_by("effective_us", "pk").values_list("version", "effective_us"))
    at = next((n for n, row in enumerate(rows) if row[0] == version), len(rows) - 1)
    return rows[: at + 1]


def _since(history: Iterable[tuple[str, int]]) -> dict[str, str]:
    """The edition from which on each field is listed without a break."""
    found: dict[str, str] = {}
    for version, _ in history:
        listed = lawful_version(version).pack.fields
        found = {key: found.get(key, version) for key in listed}
    return found


def _changes(before: Pack, now: Pack) -> tuple[Difference, ...]:
    return _changed_between(Same(before), Same(now))


@lru_cache(maxsize=4)
def _changed_between(before: Same, now: Same) -> tuple[Difference, ...]:
    return tuple(each for each in differences(before.pack, now.pack) if each.key.startswith("fields"))


def as_json(entry: Entry) -> dict[str, Any]:
    """An entry as the API and the command line give it."""
    return {
        "key": entry.key, "title": entry.title, "product_title": entry.product_title, "meaning": entry.meaning,
        "part": entry.part, "category": entry.category, "added": entry.added, "standard": entry.standard,
        "said": list(entry.said), "always": entry.always, "key_field": entry.key_field,
        "codes": asdict(entry.codes) if entry.codes else None,
        "required": [asdict(each) for each in entry.required], "sensitivity": entry.sensitivity,
        "sealed": entry.sealed, "masked": entry.masked, "clear_in_list": list(entry.clear_in_list),
        "clear_in_detail": list(entry.clear_in_detail),
        "collectors": {op: list(roles) for op, roles in entry.collectors.items()},
        "purpose": entry.purpose, "basis": entry.basis, "assessed": entry.assessed,
        "separate_consent": entry.separate_consent, "stale_days": entry.stale_days, "collected": entry.collected,
        "why_not": entry.why_not, "article": entry.article, "controls": list(entry.controls), "since": entry.since,
        "changes": [asdict(each) for each in entry.changes],
        "overridden": [asdict(each) for each in entry.overridden],
    }  # fmt: skip
