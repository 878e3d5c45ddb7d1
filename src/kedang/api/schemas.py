"""What the API takes and gives, apart from deeds (see `doing.Answer`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from kedang.customers.browsing import MOST
from kedang.customers.origin_payloads import OriginIn

Values = dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=8000)]]
Reason = Annotated[str, Field(max_length=500)]
Cursor = Annotated[str | None, Field(max_length=500)]


FormAnswers = Annotated[
    dict[Annotated[str, Field(max_length=64)], Any],
    Field(max_length=100, description="Answers of the form the regulation wants with it, by item"),
]
Confirmed = Annotated[bool, Field(description="The sentence the regulation states is confirmed")]


class Strict(Schema):
    """What is sent must be known: a misspelt name is an error and never ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """RFC 9457. `code` is stable; `articles` name the regulation, `missing` what has to be given."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    articles: list[str] = []
    missing: list[str] = []
    findings: list[dict[str, Any]] = []


class CustomerFilter(Strict):
    """What narrows the list. A region or industry covers all below it."""

    q: Annotated[
        str, Field(max_length=200, description="part of a name or code, pinyin, end of a telephone number")
    ] = ""
    region: Annotated[str, Field(max_length=64)] = ""
    industry: Annotated[str, Field(max_length=64)] = ""
    kind: Annotated[str, Field(max_length=16)] = ""
    state: Annotated[str, Field(max_length=16)] = ""
    level: Annotated[str, Field(max_length=16)] = ""
    unit: Annotated[str, Field(max_length=32)] = ""
    owner: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class CustomerRow(Schema):
    """A dossier as one line of a list."""

    code: str
    name: str
    kind: str
    state: str
    level: str
    unit: str
    owner: str
    credit_code: str
    region: str
    industry: str
    updated: str
    warnings: int


class CustomerPage(Schema):
    """One page; `cursor` asks for the next one, null on the last. Totals are exact up to 1000."""

    items: list[CustomerRow]
    total: int
    total_exact: bool
    cursor: str | None


class Customer(Schema):
    """A dossier as this person may see it. `masked` names the values that are not shown in full."""

    id: int
    code: str
    name: str
    kind: str
    state: str
    level: str
    unit: str
    owner: str
    version: int
    created: str
    updated: str
    filed: str | None
    values: dict[str, str]
    masked: list[str]
    warnings: dict[str, list[str]]


class WithReason(Strict):
    """A deed: why it is done, and what the regulation wants with it."""

    reason: Reason = ""
    form: FormAnswers = {}
    confirmed: Confirmed = False


class OpenCustomer(WithReason):
    """A new dossier: values by field, as people write them."""

    values: Values
    unit: str = ""
    owner: str = ""
    confirm: bool = False
    origin: OriginIn | None = None


class AmendCustomer(WithReason):
    """Values to change; with `base_version` a field changed since then makes the deed stale."""

    values: Values
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False
    origin: OriginIn | None = None


class RevealValue(WithReason):
    """The masked field to show, and what for."""

    field: Annotated[str, Field(max_length=40)]
    slot: Annotated[str, Field(max_length=40, description="the contact or record it is in: contact#7")] = ""


class Revealed(Schema):
    """The full value, once."""

    call: int
    code: str
    field: str
    value: str


class AssignCustomer(WithReason):
    """The new account manager and, where it moves, the new unit; `keep_until`: who had it may read it until then."""

    owner: Annotated[str, Field(max_length=64)] = ""
    unit: Annotated[str, Field(max_length=32)] = ""
    keep_until: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


class Change(Schema):
    """A field before and after, masked as this person may see it."""

    field: str
    title: str
    before: str
    after: str


class Event(Schema):
    """One deed on a dossier, from the ledger; `block` once it is sealed."""

    entry: int
    at: str
    op: str
    by: str
    by_name: str
    reason: str
    version: int
    changes: list[Change]
    block: int | None


class HistoryFilter(Strict):
    """One page at a time: `before` is the entry the page before ended with."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST
    before: Annotated[int | None, Field(ge=1)] = None


class History(Schema):
    """What happened to a dossier, newest first; `before` asks for the next page, null on the last."""

    items: list[Event]
    before: int | None = None


class Look(Schema):
    """Somebody saw a dossier."""

    at: str
    by: str
    by_name: str
    kind: str
    fields: list[str]
    purpose: str


class Looks(Schema):
    """Who saw a dossier, newest first."""

    items: list[Look]


class EntryFilter(Strict):
    """What narrows the ledger."""

    actor: Annotated[str, Field(max_length=80)] = ""
    op: Annotated[str, Field(max_length=64)] = ""
    subject: Annotated[str, Field(max_length=80)] = ""
    outcome: Literal["", "done", "refused"] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class Entry(Schema):
    """One entry of the ledger."""

    id: int
    at: str
    op: str
    outcome: str
    actor: str
    credential: str
    subject: str
    rows: int
    pack: str
    body: dict[str, Any]


class EntryPage(Schema):
    """One page, newest first."""

    items: list[Entry]
    cursor: str | None


class Verdict(Schema):
    """What a check of the whole ledger found."""

    ok: bool
    entries: int
    blocks: int
    head: str
    first_bad: str | None
    problems: list[str]


class Head(Schema):
    """The newest sealed head: keep it elsewhere, and nothing before it can change unseen."""

    blocks: int
    entries: int
    head: str
    sealed: str | None


class Me(Schema):
    """Who asks, with the rights of this moment."""

    user: str
    name: str
    unit: str
    roles: list[str]
    clearance: int
    reads: list[str]
    pack: str
    can: list[str]


class Page(Strict):
    """A page of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class StageImport(WithReason):
    """How the file is to be read; what is left out is found in the file itself.

    `mapping` is TOML: a table [columns] of titles and fields. With it, or with `confirm`, no column is asked about.
    """

    sheet: Annotated[str, Field(max_length=200)] = ""
    header_row: Annotated[int | None, Field(ge=0)] = None
    mapping: Annotated[str, Field(max_length=60_000)] = ""
    confirm: bool = False
    on_duplicate: Literal["skip", "update", "flag"] = "skip"
    unit: Annotated[str, Field(max_length=32)] = ""
    owner: Annotated[str, Field(max_length=64)] = ""
    origin: Annotated[
        str, Field(max_length=2000, description="where all values come from, as a JSON object like that of a customer")
    ] = ""


class Staged(Schema):
    """A staged file. Unless `certain`, the columns have to be confirmed before it can be committed."""

    batch: int
    state: str
    call: int
    certain: bool
    sheet: str
    header_row: int
    columns: dict[str, Any]


class CommitImport(WithReason):
    """Write, or only check and count."""

    dry_run: bool = False


class Batch(Schema):
    """An import. rows = created + updated + rejected + duplicates + unchanged."""

    batch: int
    state: str
    request: int | None
    rows: int
    created: int
    updated: int
    rejected: int
    duplicates: int
    unchanged: int
    warnings: int
    seconds: float
    reverted: int = 0
    kept: int = 0
    error: str = ""
    progress: dict[str, Any] | None
    file: str
    by: str
    unit: str
    certain: bool
    created_at: str


class BatchPage(Schema):
    """One page, newest first."""

    items: list[Batch]
    cursor: str | None


class ProblemFilter(Page):
    """Which rows: those refused, those that repeat a customer, or both."""

    kind: Literal["rejected", "duplicate", "all"] = "all"


class ProblemRow(Schema):
    """A row that did not go in: its number, its cells as they stood, and what was found."""

    row: int
    kind: str
    cells: list[str]
    findings: list[dict[str, Any]]


class ProblemPage(Schema):
    """One page, in the order of the file."""

    items: list[ProblemRow]
    cursor: str | None
