"""The closed vocabularies of a pack, and the types whose words depend on the pack they stand in.

A word such as a role code can only be judged against the pack around it. The loader hands the
names a pack defines to pydantic as validation context; without a context (a pack rebuilt from
stored, already checked bytes) such words pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema
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
]
ControlKind = Literal["enforced", "monitored", "attested", "observed"]
ControlType = Literal["DF", "VAL", "WF", "PERM", "REG", "DL", "REP", "PHY", "NOT", "SEC", "RET", "BAK"]
Relation = Literal["owner", "applicant", "same_unit", "in_scope", "outsider", "has_overdue", "self"]
StepKind = Literal["sign", "checklist", "bind", "carry_out", "witness"]
HeadOf = Literal["applicant_unit", "subject_unit"]


class Model(BaseModel):
    """Base of everything in a pack: frozen, and a key the schema does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Later(Model):
    """A construct the pack language has a place for and this version does not interpret: it stays empty."""


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
LevelKey = Annotated[Level, BeforeValidator(_level), WithJsonSchema({"enum": list(_LEVEL_KEYS)})]
RoleRef = Annotated[str, AfterValidator(_known("roles"))]
FieldRef = Annotated[str, AfterValidator(_known("fields"))]
KindRef = Annotated[str, AfterValidator(_known("kinds"))]
StateRef = Annotated[str, AfterValidator(_known("states"))]
PostRef = Annotated[str, AfterValidator(_known("posts"))]
FlowRef = Annotated[str, AfterValidator(_known("flows"))]
ArticleRef = Annotated[str, AfterValidator(_known("articles"))]
ControlRef = Annotated[str, AfterValidator(_known("controls"))]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=64)]
OperationName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=64), AfterValidator(_known("operations"))
]
