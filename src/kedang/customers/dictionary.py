"""The data dictionary: every value a dossier can hold under a regulation, whoever brought it in.

Built in are `fields.FIELDS` (with columns), `modules.CONTACT_FIELDS` and the fields of the modules. A key of
`pack.fields` that is none of these is an *added* field: without a dot it is on the dossier, `contact.x` on each
contact, `<module>.x` in the records of that module. What the regulation in force does not list may be shown where it
is stored, and is filled in by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from kedang.customers.fields import FIELDS, Field
from kedang.customers.modules import CONTACT_FIELDS, MODULES
from kedang.kernel.i18n import N_
from kedang.packs.schema import Pack, PackField
from kedang.packs.selectors import in_force, version_named, versions

Fields = Mapping[str, Field]

DOSSIER, CONTACT = "dossier", "contact"
PARTS = (DOSSIER, CONTACT, *MODULES)
ALWAYS = frozenset({"kind", "name", "level"})
"""Without these there is no dossier, whatever the regulation lists."""
BUILT_IN: Fields = MappingProxyType(
    FIELDS
    | {field.key: replace(field, category=CONTACT) for field in CONTACT_FIELDS}
    | {field.key: replace(field, category=module.category) for module in MODULES.values() for field in module.fields}
)
YES_NO = (("yes", N_("Yes")), ("no", N_("No")))
WIDTHS = {
    "text": 2000, "name": 200, "address": 300, "code": 64, "choice": 200, "yes_no": 8, "number": 20, "money": 32,
    "percent": 8, "date": 32, "capital": 64, "phones": 200, "email": 120, "url": 200, "region": 6, "postcode": 6,
    "industry": 64, "credit_code": 32, "identity_number": 32,
}  # fmt: skip
"""Most characters of an added value, by its standard."""
_PERSONAL = frozenset({"personal", "sensitive"})


def fields(pack: Pack | None = None) -> Fields:
    """Every field under a regulation (default: the one in force), by key: built in first, then added ones.

    A field whose `collect` is false is not filled in; it is here because an older value may stand.
    """
    return _whole(Same(pack or in_force()))


def of_part(part: str, pack: Pack | None = None) -> Fields:
    """The fields of the dossier itself (`dossier`), of a contact (`contact`) or of a module's records."""
    return _parts(Same(pack or in_force())).get(part, MappingProxyType({}))


def field_of(key: str, pack: Pack | None = None) -> Field:
    """A field by its key, to show what is stored: also one that only an earlier edition had; KeyError where none
    ever had it. Give the pack where many are asked for: without it each added field asks which one is in force."""
    if key in BUILT_IN and pack is None:
        return BUILT_IN[key]
    found = fields(pack).get(key)
    return found if found is not None else _of_editions(_editions())[key]


def known(key: str, pack: Pack | None = None) -> Field | None:
    """The same, None where no edition ever had it."""
    try:
        return field_of(key, pack)
    except KeyError:
        return None


def collected(part: str, pack: Pack | None = None) -> Fields:
    """The fields of a part that may be filled in."""
    return {key: field for key, field in of_part(part, pack).items() if field.collect}


def part_of(key: str) -> str:
    """Where a field is kept: on the dossier, on a contact, or in the records of a module."""
    part, dot, _ = key.partition(".")
    return part if dot else DOSSIER


def ever_added() -> Fields:
    """The added fields of all adopted editions, those no longer listed too; of one key the latest counts."""
    return _of_editions(_editions())


class Same:
    """A pack as the key of a cache: the very same one, because packs hold mappings and have no hash."""

    __slots__ = ("pack",)

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.pack is other.pack


@lru_cache(maxsize=64)
def _whole(key: Same) -> Fields:
    said = key.pack.fields
    found = {name: _under(field, said.get(name), key.pack) for name, field in BUILT_IN.items()}
    found |= {name: _added(name, field, key.pack) for name, field in said.items() if name not in BUILT_IN}
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def _parts(key: Same) -> Mapping[str, Fields]:
    found: dict[str, dict[str, Field]] = {part: {} for part in PARTS}
    for name, field in _whole(key).items():
        found.setdefault(field.part, {})[name] = field
    return MappingProxyType({part: MappingProxyType(those) for part, those in found.items()})


def _under(field: Field, said: PackField | None, pack: Pack) -> Field:
    """A field of the product as the regulation wants it; its nature stays the product's."""
    if said is None:
        return field if field.key in ALWAYS else replace(field, collect=False)
    own = field.choices or _choices(said)
    return replace(
        field, choices=own, collect=said.collect or field.key in ALWAYS, min_chars=said.min_chars,
        grammar=pack.grammars.get(said.grammar or ""), meaning=said.meaning or "",
    )  # fmt: skip


def _added(key: str, said: PackField, pack: Pack) -> Field:
    part = part_of(key)
    return Field(
        key, said.title, said.standard, key.rpartition(".")[2], WIDTHS[said.standard], category=said.category,
        personal=said.sensitivity in _PERSONAL, identifying=said.key, part=part, choices=_choices(said), extra=True,
        added=True, collect=said.collect, grammar=pack.grammars.get(said.grammar or ""), min_chars=said.min_chars,
        meaning=said.meaning or "",
        searched=said.searched and part == DOSSIER and said.sensitivity not in _PERSONAL,
    )  # fmt: skip


def _choices(said: PackField) -> tuple[tuple[str, str], ...]:
    """The only words allowed, each its own title."""
    return YES_NO if said.standard == "yes_no" else tuple((word, word) for word in said.options)


def _editions() -> tuple[tuple[str, str], ...]:
    """All adopted editions, the latest last, by version and digest."""
    return tuple(versions().order_by("effective_us", "pk").values_list("version", "digest"))


@lru_cache(maxsize=8)
def _of_editions(editions: tuple[tuple[str, str], ...]) -> Fields:
    """The added fields of all editions; of one key the latest counts. What is no longer listed is not collected."""
    found: dict[str, Field] = {}
    for version, _ in editions:
        pack = version_named(version)
        found |= {key: _added(key, said, pack) for key, said in pack.fields.items() if key not in BUILT_IN}
    return MappingProxyType({key: replace(field, collect=False) for key, field in found.items()})
