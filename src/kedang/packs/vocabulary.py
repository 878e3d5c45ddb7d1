"""The closed vocabularies of a pack, and the types whose words depend on the pack they stand in.

A word such as a role code can only be judged against the pack around it. The loader hands the
names a pack defines to pydantic as validation context; without a context (a pack rebuilt from
stored, already checked bytes) such words pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from kedang.kernel.levels import Level

ANY_STAFF = "any_staff"
"""In `who`: every person who works here, whatever the role."""
SYSTEM = "system"
"""In `who`: the product's own housekeeping tasks."""
RESERVED_ROLES = frozenset({ANY_STAFF, SYSTEM})

NEW = "new"
"""The state of a dossier that is being opened."""

Scope = Literal["own", "unit", "unit_below", "all"]
Reads = Literal["dossier", "ledger", "compliance", "people", "settings"]
Category = Literal["basic", "business", "consumption", "contact", "interaction", "demand", "other"]
Sensitivity = Literal["public", "internal", "personal", "sensitive"]
SENSITIVITIES = ("public", "internal", "personal", "sensitive")
"""From the least to the most."""
Standard = Literal[
    "credit_code",
    "identity_number",
    "phones",
    "email",
    "postcode",
    "date",
    "capital",
    "region",
    "industry",
    "text",
    "name",
    "address",
    "url",
    "code",
    "choice",
    "number",
    "money",
    "percent",
    "yes_no",
]
ControlKind = Literal["enforced", "monitored", "attested", "observed"]
ControlType = Literal["DF", "VAL", "WF", "PERM", "REG", "DL", "REP", "PHY", "NOT", "SEC", "RET", "BAK"]
Relation = Literal["owner", "applicant", "same_unit", "in_scope", "outsider", "has_overdue", "self", "founding"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Office = Literal["system", "security", "audit"]
Module = Literal[
    "contact", "department", "product", "contract", "transaction", "preference", "interaction", "complaint", "credit",
    "need", "competition", "opinion", "partner", "remark",
]  # fmt: skip
"""Parts of a dossier that hold several records each; a field of one is named `<module>.<field>`."""
About = Literal["site", "dossier", "staff", "unit", "row"]
"""What a deed of the pack's own is about; `row` is a row of the register it moves."""


class Model(BaseModel):
    """Base of everything in a pack: frozen, and a key the schema does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _known(names: str) -> Callable[[str, ValidationInfo], str]:
    def check(word: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(names)
        if known is None or word in known:
            return word
        listed = ", ".join(sorted(known)) or "-"
        raise PydanticCustomError(f"unknown_{names}", "one of: {known}", {"known": listed})

    return check


def _level(word: Any) -> Any:
    if isinstance(word, Level):
        return word
    if isinstance(word, str) and word in _LEVEL_KEYS:
        return Level.of(word)
    raise PydanticCustomError("unknown_levels", "one of: {known}", {"known": ", ".join(_LEVEL_KEYS)})


_LEVEL_KEYS = tuple(level.key for level in Level)
Word = Annotated[str, Field(min_length=1, max_length=200)]
Prose = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""A code the pack gives to something of its own: lower-case letters, digits, underscore."""
Count = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]
LevelKey = Annotated[
    Level,
    BeforeValidator(_level),
    PlainSerializer(lambda level: level.key, return_type=str, when_used="json"),
    WithJsonSchema({"enum": list(_LEVEL_KEYS)}),
]
"""Read and written by its key, so that a step stored with a call is read again."""
RoleRef = Annotated[str, AfterValidator(_known("roles"))]
FieldRef = Annotated[str, AfterValidator(_known("fields"))]
KindRef = Annotated[str, AfterValidator(_known("kinds"))]
StateRef = Annotated[str, AfterValidator(_known("states"))]
PostRef = Annotated[str, AfterValidator(_known("posts"))]
FlowRef = Annotated[str, AfterValidator(_known("flows"))]
ArticleRef = Annotated[str, AfterValidator(_known("articles"))]
ControlRef = Annotated[str, AfterValidator(_known("controls"))]
FormRef = Annotated[str, AfterValidator(_known("forms"))]
RegisterRef = Annotated[str, AfterValidator(_known("registers"))]
ClockRef = Annotated[str, AfterValidator(_known("clocks"))]
ChecklistRef = Annotated[str, AfterValidator(_known("checklists"))]
NumberingRef = Annotated[str, AfterValidator(_known("numbering"))]
GrammarRef = Annotated[str, AfterValidator(_known("grammars"))]
PurposeRef = Annotated[str, AfterValidator(_known("purposes"))]
ChannelRef = Annotated[str, AfterValidator(_known("channels"))]
UndertakingRef = Annotated[str, AfterValidator(_known("undertakings"))]
MeasureRef = Annotated[str, AfterValidator(_known("measures"))]
ScoreRef = Annotated[str, AfterValidator(_known("scores"))]
TableRef = Annotated[str, AfterValidator(_known("tables"))]
QuotaRef = Annotated[str, AfterValidator(_known("quotas"))]
UnitRef = Annotated[str, AfterValidator(_known("units"))]
RoundRef = Annotated[str, AfterValidator(_known("rounds"))]
DeedRef = Annotated[str, AfterValidator(_known("deeds"))]
"""An operation the pack itself has a rule for."""
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""Company time; `24:00` is the end of the day."""
DayOfYear = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*[0-9]{0,2}(\.[a-z][a-z_]*[0-9]{0,2})?$", max_length=40)]
"""Named in ledger entries as it is, so no number of anybody can hide in it."""
OperationName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=64), AfterValidator(_known("operations"))
]


class Tagged(Model):
    """A part of a pack that answers an article and carries controls: without it they are gone."""

    article: ArticleRef | None = None
    controls: tuple[ControlRef, ...] = ()


class Range(Model):
    """A whole number from `min` to `max`, both included; None is open."""

    min: Annotated[int, Field(strict=True)] | None = None
    max: Annotated[int, Field(strict=True)] | None = None

    def holds(self, number: int) -> bool:
        """Whether the number lies in the range."""
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)
