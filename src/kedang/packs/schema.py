"""What a policy pack says, as frozen pydantic models. Nothing here knows a database.

Every section DESIGN §4 names has its place. Those no code interprets yet are `Later`: they may
stand there empty, and the check refuses content in them instead of accepting what nobody obeys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import Field, PrivateAttr

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs.operations import Flow, OpRule, Step
from kedang.packs.vocabulary import (
    Category,
    ControlKind,
    ControlRef,
    ControlType,
    FieldName,
    FieldRef,
    Flag,
    KindRef,
    Later,
    LevelKey,
    Model,
    Name,
    OperationName,
    Prose,
    Reads,
    RoleRef,
    Scope,
    Sensitivity,
    Standard,
    StateRef,
    Word,
)

__all__ = ["Article", "Control", "Kind", "Meta", "Pack", "PackField", "Post", "Role", "Step", "json_schema"]


class Meta(Model):
    """The regulation as a controlled document."""

    name: Name
    title: Word
    number: Word
    edition: Word
    source: Prose


class Role(Model):
    """What a role may look at, and the widest scope and highest clearance it can carry."""

    title: Word
    reads: frozenset[Reads] = frozenset()
    max_scope: Scope = "own"
    max_clearance: LevelKey = Level.PUBLIC
    _code: str = PrivateAttr("")

    @property
    def code(self) -> str:
        """The key under which the pack defines the role."""
        return self._code

    @property
    def content(self) -> bool:
        """Whether the role reads dossiers at all."""
        return "dossier" in self.reads


class Post(Model):
    """A post of the company that a flow can name."""

    title: Word


class LevelWords(Model):
    """What this company calls a classification."""

    title: Word
    aliases: tuple[Word, ...] = ()


class State(Model):
    """A state in the life of a dossier."""

    title: Word


class Kind(Model):
    """A kind of customer: its one identity key, and its states in the order of its life."""

    title: Word
    identity: FieldRef
    states: Mapping[Name, State] = Field(min_length=1)


class Mask(Model):
    """The roles that see a masked field in clear, by place; everyone else sees it masked."""

    clear_in_list: frozenset[RoleRef] = frozenset()
    clear_in_detail: frozenset[RoleRef] = frozenset()


class PackField(Model):
    """What the regulation says about one value of the dossier."""

    title: Word
    category: Category
    standard: Standard
    sensitivity: Sensitivity = "internal"
    key: Flag = False
    """A key field: changing it asks for more than changing another."""
    required_at: Mapping[StateRef, frozenset[KindRef]] = Field(default_factory=dict)
    mask: Mask | None = None


class Control(Model):
    """How a demand of the regulation is met: by refusal, by a watch, by a signature, or by the product's nature."""

    kind: ControlKind
    type: ControlType
    operations: frozenset[OperationName] = frozenset()
    available: Flag = True
    """False while no code serves the control: shown as not yet available, never as met."""


class Article(Model):
    """An article of the regulation in our own words, and the controls that answer it."""

    title: Word
    text: Prose
    controls: tuple[ControlRef, ...] = ()


class Pack(Model):
    """A regulation a company runs by."""

    meta: Meta
    roles: Mapping[Name, Role] = Field(min_length=1)
    posts: Mapping[Name, Post] = Field(default_factory=dict)
    levels: Mapping[Name, LevelWords] = Field(default_factory=dict)
    kinds: Mapping[Name, Kind] = Field(default_factory=dict)
    fields: Mapping[FieldName, PackField] = Field(default_factory=dict)
    operations: Mapping[OperationName, OpRule]
    flows: Mapping[Name, Flow] = Field(default_factory=dict)
    articles: Mapping[Word, Article]
    controls: Mapping[Word, Control]
    exclusive: tuple[frozenset[RoleRef], ...] = ()
    """Sets of roles of which one person may hold only one."""

    org: Later | None = None
    numbering: Later | None = None
    purposes: Later | None = None
    provenance: Later | None = None
    forms: Later | None = None
    registers: Later | None = None
    clocks: Later | None = None
    rounds: Later | None = None
    reports: Later | None = None
    retention: Later | None = None
    custody: Later | None = None
    channels: Later | None = None
    outsiders: Later | None = None
    copies: Later | None = None
    quotas: Later | None = None
    scores: Later | None = None
    responsibilities: Later | None = None
    undertakings: Later | None = None
    sanctions: Later | None = None
    overlays: Later | None = None

    def model_post_init(self, context: Any) -> None:
        """Tell each role its own code."""
        for code, role in self.roles.items():
            role._code = code

    @property
    def version(self) -> str:
        """The name by which a decision, a call and a ledger entry remember this pack."""
        return f"{self.meta.name}/{self.meta.edition}"

    @property
    def role_codes(self) -> frozenset[str]:
        """Codes of all roles a person can hold."""
        return frozenset(self.roles)

    def role(self, code: str) -> Role:
        """The role of a code; `KeyError` when the pack has none."""
        return self.roles[code]

    def conflicts(self, roles: Iterable[str]) -> tuple[frozenset[str], ...]:
        """The groups of roles among `roles` that one person may not hold together."""
        held = frozenset(roles)
        return tuple(held & group for group in self.exclusive if len(held & group) > 1)

    def reads_of(self, roles: Iterable[str]) -> frozenset[str]:
        """What the holder of these roles may look at; one who holds roles that exclude each other reads no dossier."""
        held = self.role_codes.intersection(roles)
        reads: frozenset[str] = frozenset(kind for code in held for kind in self.roles[code].reads)
        return reads - {"dossier"} if self.conflicts(held) else reads

    def required(self, kind: str, state: str) -> frozenset[str]:
        """Fields a customer of this kind must have to be in this state, those of earlier states included.

        Raises Refused(denied) for a kind or state the regulation does not provide for.
        """
        order = tuple(self.kinds[kind].states) if kind in self.kinds else ()
        if state not in order:
            raise Refused("denied", detail=N_("The regulation in force does not provide for this kind of customer."))
        reached = order[: order.index(state) + 1]
        return frozenset(
            name
            for name, field in self.fields.items()
            if any(kind in field.required_at.get(earlier, ()) for earlier in reached)
        )

    def is_masked(self, field: str, roles: Iterable[str], *, place: str) -> bool:
        """Whether these roles see a field masked in a `list` or in the `detail` of one dossier."""
        mask = self.fields[field].mask if field in self.fields else None
        if mask is None:
            return False
        clear = mask.clear_in_detail if place == "detail" else mask.clear_in_list
        return clear.isdisjoint(roles)

    def level_of(self, word: str) -> Level | None:
        """The classification a company's own word stands for, or None."""
        for key, words in self.levels.items():
            if word in (key, words.title, *words.aliases):
                return Level.of(key)
        return None

    def key_fields(self) -> frozenset[str]:
        """Names of the key fields."""
        return frozenset(name for name, field in self.fields.items() if field.key)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a pack file, for editors."""
    schema = Pack.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Kedang policy pack", **schema}


def model_at(path: Sequence[str | int]) -> type[Model] | None:
    """The model that stands at a path of the file, or None where a plain value or nothing stands."""
    here: Any = Pack
    for part in path:
        if isinstance(here, type) and issubclass(here, Model):
            field = here.model_fields.get(str(part))
            here = _bare(field.annotation) if field else None
        else:
            here = _bare(get_args(here)[0 if isinstance(part, int) else -1]) if get_args(here) else None
    return here if isinstance(here, type) and issubclass(here, Model) else None


def _bare(annotation: Any) -> Any:
    """An annotation without `| None` and without `Annotated`."""
    options = [option for option in get_args(annotation) if option is not type(None)]
    optional = len(options) == 1 and type(None) in get_args(annotation)
    return options[0] if optional else annotation
