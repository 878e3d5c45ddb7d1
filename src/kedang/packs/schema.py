"""What a policy pack says, as frozen pydantic models. Nothing here knows a database.

A pack is one file. What the parts say stands beside this module: `organisation`, `operations`, `times`, `forms`,
`measures`, `protection`; here they are joined, with the dossier's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, get_args

from pydantic import Field

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs.forms import Checklist, Form, Grammar, Numbering, Register
from kedang.packs.measures import Measure, Report, Sanction, Score, Table
from kedang.packs.operations import Flow, OpRule, Probe, Step, TimeProbe
from kedang.packs.organisation import Post, Responsibility, Role, Undertaking, UnitTemplate
from kedang.packs.protection import (
    Channel,
    Copies,
    Custody,
    Document,
    Files,
    Outsiders,
    Overlays,
    Provenance,
    Purpose,
    Quota,
    Retention,
    Sharing,
)
from kedang.packs.times import Clock, Hours, Round, Span
from kedang.packs.vocabulary import (
    Category,
    ControlKind,
    ControlRef,
    ControlType,
    FieldName,
    FieldRef,
    Flag,
    GrammarRef,
    KindRef,
    Model,
    Module,
    Name,
    OperationName,
    Prose,
    PurposeRef,
    RoleRef,
    Sensitivity,
    Standard,
    StateRef,
    Tagged,
    Word,
)

__all__ = ["Article", "Control", "Kind", "Meta", "Pack", "PackField", "Post", "Role", "Step", "json_schema"]

RECORDS = frozenset(get_args(Module)) - {"contact"}
"""Parts of a dossier that hold records; their fields say nothing of the dossier itself."""


class Meta(Model):
    """The regulation as a controlled document."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
    title: Word
    number: Word
    edition: Word
    source: Prose
    pages: int = Field(default=0, ge=0)
    basis: tuple[Prose, ...] = ()
    """The laws and rules of higher rank it rests on."""


class LevelWords(Model):
    """What this company calls a classification."""

    title: Word
    aliases: tuple[Word, ...] = ()
    marked: Flag = False
    """Written into the remarks of every finding aid."""


class Guard(Tagged):
    """What must stand in a dossier before it enters a state (成交才转保有，半年无成交才算流失).

    At least so many records of a module; or, with `idle`, none for so long: the last of them, or the day the dossier
    was opened or became a retained customer, lies that far back.
    """

    record: Module
    least: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    idle: Span | None = None


class State(Tagged):
    """A state in the life of a dossier."""

    title: Word
    after: frozenset[StateRef] | None = Field(default=None, min_length=1)
    """The only states it is reached from; else from every other."""
    guards: tuple[Guard, ...] = ()
    by_grant: Flag = False
    """Only who was granted it may open a dossier in this state."""
    read_only: Flag = False


class Kind(Tagged):
    """A kind of customer: its one identity key, and its states in the order of its life."""

    title: Word
    identity: FieldRef
    states: Mapping[Name, State] = Field(min_length=1)


class Mask(Model):
    """The roles that see a masked field in clear, by place; everyone else sees it masked."""

    clear_in_list: frozenset[RoleRef] = frozenset()
    clear_in_detail: frozenset[RoleRef] = frozenset()


class PackField(Tagged):
    """What the regulation says about one value of the dossier."""

    title: Word
    category: Category
    standard: Standard
    sensitivity: Sensitivity = "internal"
    key: Flag = False
    """A key field: changing it asks for more than changing another."""
    required_at: Mapping[StateRef, frozenset[KindRef]] = Field(default_factory=dict)
    mask: Mask | None = None
    collect: Flag = True
    """Off: the value may not be collected."""
    purpose: PurposeRef | None = None
    grammar: GrammarRef | None = None
    options: tuple[Word, ...] = ()
    """The only words allowed."""
    min_chars: int = Field(default=0, ge=0, le=500)
    stale_days: int = Field(default=0, ge=0)
    """Older than this, the value counts as stale; 0: never."""
    meaning: Prose | None = None
    """What exactly is meant by it, for whoever fills it in."""
    searched: Flag = False
    """A field the regulation adds to the dossier is found by its words, like a name."""


class Control(Model):
    """How a demand of the regulation is met: by refusal, by a watch, by a signature, or by the product's nature.

    The parts of the pack that carry its id are the control; without them it is gone.
    """

    kind: ControlKind
    type: ControlType
    available: Flag = True
    """False while no code serves the control: shown as not yet available, never as met."""
    title: Word | None = None
    operations: frozenset[OperationName] = frozenset()
    """Operations of the product that bear the control by their own nature; their entries are its evidence."""
    invariant: Name | None = None
    """For an observed control: the nature of the product that is looked at, by its name in `governance.compliance`."""
    probes: tuple[Probe, ...] = ()
    times: tuple[TimeProbe, ...] = ()
    """For a monitored control: samples of its limits."""


class Article(Model):
    """An article of the regulation in our own words, and the controls that answer it."""

    title: Word
    text: Prose
    controls: tuple[ControlRef, ...] = ()


class Pack(Model):
    """A regulation a company runs by."""

    meta: Meta
    document: Document = Document()
    hours: Hours = Hours()
    units: Mapping[Name, UnitTemplate] = Field(default_factory=dict)
    roles: Mapping[Name, Role] = Field(min_length=1)
    exclusive: tuple[frozenset[RoleRef], ...] = ()
    """Sets of roles of which one person may hold only one."""
    posts: Mapping[Name, Post] = Field(default_factory=dict)
    responsibilities: tuple[Responsibility, ...] = ()
    undertakings: Mapping[Name, Undertaking] = Field(default_factory=dict)
    levels: Mapping[Name, LevelWords] = Field(default_factory=dict)
    kinds: Mapping[Name, Kind] = Field(default_factory=dict)
    fields: Mapping[FieldName, PackField] = Field(default_factory=dict)
    purposes: Mapping[Name, Purpose] = Field(default_factory=dict)
    provenance: Provenance | None = None
    files: Files = Files()
    grammars: Mapping[Name, Grammar] = Field(default_factory=dict)
    numbering: Mapping[Name, Numbering] = Field(default_factory=dict)
    forms: Mapping[Name, Form] = Field(default_factory=dict)
    checklists: Mapping[Name, Checklist] = Field(default_factory=dict)
    registers: Mapping[Name, Register] = Field(default_factory=dict)
    operations: Mapping[OperationName, OpRule]
    flows: Mapping[Name, Flow] = Field(default_factory=dict)
    clocks: Mapping[Name, Clock] = Field(default_factory=dict)
    rounds: Mapping[Name, Round] = Field(default_factory=dict)
    channels: Mapping[Name, Channel] = Field(default_factory=dict)
    quotas: Mapping[Name, Quota] = Field(default_factory=dict)
    sharing: Sharing | None = None
    outsiders: Outsiders | None = None
    copies: Copies | None = None
    custody: Custody | None = None
    retention: Mapping[Name, Retention] = Field(default_factory=dict)
    measures: Mapping[Name, Measure] = Field(default_factory=dict)
    scores: Mapping[Name, Score] = Field(default_factory=dict)
    tables: Mapping[Name, Table] = Field(default_factory=dict)
    reports: Mapping[Name, Report] = Field(default_factory=dict)
    sanctions: Mapping[Name, Sanction] = Field(default_factory=dict)
    overlays: Overlays | None = None
    articles: Mapping[Word, Article]
    controls: Mapping[Word, Control]

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
        return frozenset(name for name in self._required(kind, state) if name.partition(".")[0] not in RECORDS)

    def required_in(self, module: str, kind: str, state: str) -> frozenset[str]:
        """Fields that every record of a module must have, in a dossier of this kind and state.

        Raises Refused(denied) like `required`.
        """
        return frozenset(name for name in self._required(kind, state) if name.startswith(f"{module}."))

    def _required(self, kind: str, state: str) -> Iterator[str]:
        order = tuple(self.kinds[kind].states) if kind in self.kinds else ()
        if state not in order:
            raise Refused("denied", detail=N_("The regulation in force does not provide for this kind of customer."))
        reached = order[: order.index(state) + 1]
        for name, field in self.fields.items():
            if field.collect and any(kind in field.required_at.get(earlier, ()) for earlier in reached):
                yield name

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

    def form_of(self, operation: str) -> str:
        """The form that goes with an operation, by its rule or by one of its rules' lines; empty without one."""
        said = self.operations[operation]
        named = (said.needs.form, *(rule.needs.form for rule in said.rules if rule.needs))
        return next((name for name in named if name), "")

    def matters(self) -> frozenset[str]:
        """Operations that this regulation defines itself."""
        return frozenset(name for name, said in self.operations.items() if said.is_matter)

    def key_fields(self) -> frozenset[str]:
        """Names of the key fields."""
        return frozenset(name for name, field in self.fields.items() if field.key)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a pack file, for editors."""
    schema = Pack.model_json_schema(mode="validation")
    return {**schema, "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Kedang policy pack"}


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
