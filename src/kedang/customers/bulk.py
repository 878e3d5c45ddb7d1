"""Many dossiers in one deed: matching, comparing, inserting, updating and taking back, by the chunk.

The rows, the versions and the tokens of a chunk are written in the caller's one transaction; the
keys of the persons in it are committed before (`subjects.create`). A single change goes through
`drafts`, and so does every *changed* row here: only new rows take the fast road.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl
from django.db import connection

from kedang import search
from kedang.customers import (
    consents,
    dictionary,
    drafts,
    origins,
    sealing,
    searchable,
    selectors,
    standing,
    states,
    twins,
    values,
)
from kedang.customers.fields import Field
from kedang.customers.models import Attachment, Consent, Contact, Dossier, Origin, Tail, Verification
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.sealed_rows import SealedRows
from kedang.customers.searchable import TARGET
from kedang.customers.values import Reading
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import Invalid
from kedang.kernel.sql import write_rows
from kedang.standards import checkchar
from kedang.vault import subjects
from kedang.vault.sequences import reserve

COLUMNS = (
    "id", "code", "kind", "name", "name_key", "short_name", "english_name", "credit_code", "identity_ct", "region",
    "address", "postcode", "industry", "org_type", "registered_on", "capital_fen", "capital_currency", "scale", "grade",
    "business_scope", "website", "source", "learned_on", "note", "level", "state", "filed_us", "unit_id", "owner_id",
    "version_no", "search_text", "findings", "extra", "removed_us", "created_us", "updated_us",
)  # fmt: skip
CONTACT_COLUMNS = ("id", "dossier_id", "is_main", "name_ct", "post", "phones_ct", "email_ct", "extra", "removed_us")
TAIL_COLUMNS = ("dossier_id", "contact_id", "kind", "tail", "residual")


@dataclass(frozen=True, slots=True)
class Seat:
    """Where new dossiers of a chunk belong."""

    unit_id: int
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a chunk wrote: the ids in row order and the versions for the ledger."""

    ids: list[int]
    versions: list[Version]


@dataclass(frozen=True, slots=True)
class Prepared:
    """New dossiers ready to be written: everything that costs time is done, outside any transaction."""

    ids: list[int]
    versions: list[Version]
    records: list[tuple[Any, ...]]
    tokens: list[Any]
    contacts: list[tuple[Any, ...]]
    tails: list[tuple[Any, ...]]

    @property
    def codes(self) -> list[str]:
        """The numbers of the dossiers, in row order."""
        at = COLUMNS.index("code")
        return [record[at] for record in self.records]

    def part(self, start: int, stop: int) -> Prepared:
        """The dossiers from one position up to another, with their contacts and index rows."""
        ids = self.ids[start:stop]
        low, high = (ids[0], ids[-1]) if ids else (0, -1)
        return Prepared(
            ids, self.versions[start:stop], self.records[start:stop], self.tokens[start:stop],
            [row for row in self.contacts if low <= row[1] <= high],
            [row for row in self.tails if low <= row[0] <= high],
        )  # fmt: skip

    def write(self) -> Written:
        """Insert the rows, the tokens and the blind index in the caller's transaction."""
        with connection.cursor() as cursor:
            _write_dossiers(cursor, self)
            write_rows(cursor, connection.vendor, Contact._meta.db_table, CONTACT_COLUMNS, self.contacts)
            write_rows(cursor, connection.vendor, Tail._meta.db_table, TAIL_COLUMNS, self.tails)
        return Written(self.ids, self.versions)


def prepare_many(rows: Sequence[Mapping[str, Any]], name_keys: Sequence[str], seat: Seat) -> Prepared:
    """Make one dossier per row of clean values by field key (as `values.read` gives them, empty ones left out).

    `findings` in a row is the text of kept warnings. Rows must be free of errors and of matches.
    Numbers and subject keys are taken at once, so this must run outside a transaction of long life. Each
    row gets a microsecond of its own: lists are walked in the order of change, and a million rows of one
    instant would be a single step of that walk.
    """
    first = reserve("dossier", len(rows))
    ids = list(range(first, first + len(rows)))
    codes = checkchar.codes_for(first, len(rows))
    sealed = SealedRows.of(rows, ids)
    texts = _search_texts(rows)
    now = clock.now_us()
    records = [
        _record(now + at, row, pk, code, key, text, (sealed.identity[at], sealed.bags[at]), seat)
        for at, (row, pk, code, key, text) in enumerate(zip(rows, ids, codes, name_keys, texts, strict=True))
    ]
    column = pl.Series(texts, dtype=pl.String)
    if connection.vendor == "postgresql":
        tokens = search.array_column(column).to_list()
    else:
        tokens, records = search.words_column(column).to_list(), _with_text_dates(records)
    return Prepared(ids, sealed.first_versions(rows, ids), records, tokens, sealed.contacts, sealed.tails)


def insert_many(rows: Sequence[Mapping[str, Any]], name_keys: Sequence[str], seat: Seat) -> Written:
    """`prepare_many` and write, for small numbers; inside the caller's transaction."""
    return prepare_many(rows, name_keys, seat).write()


def update_one(
    deed: Deed, dossier_id: int, reading: Reading, *, fill_only: bool = False, origin: OriginIn | None = None
) -> Version | None:
    """Change a stored dossier by one row of a batch; None when nothing differs.

    `fill_only` leaves alone what has a value. The rules of a single change hold: Refused(state) for a
    filed dossier, one in the recycle bin or an erased person, Refused(invalid) for another kind, or a code or
    number that another dossier has. Update before inserting: both orders at once would wait for each other.
    """
    dossier = selectors.locked(Dossier.objects.filter(pk=dossier_id)).get()
    states.require_kept(dossier.removed_us)
    states.require_open(dossier.filed_us)
    draft = drafts.Draft.of(dossier)
    draft.apply(reading, fill_only=fill_only)
    if not draft.delta:
        return None
    twins.refuse_taken(deed.actor, draft)
    version = draft.update(deed.at_us)
    origins.record_origin(deed, dossier, draft.delta, origin)
    searchable.replace(dossier)
    return version


def match(
    credit_codes: Iterable[str], name_keys: Iterable[str]
) -> tuple[dict[str, int], dict[str, list[tuple[int, str, str]]]]:
    """Stored dossiers by credit code, those in the recycle bin too, and by name key as (id, region, credit code),
    across all units."""
    by_code: dict[str, int] = {}
    by_name: dict[str, list[tuple[int, str, str]]] = {}
    codes, names = [code for code in credit_codes if code], [key for key in name_keys if key]
    with connection.cursor() as cursor:
        if codes:
            cursor.execute(
                _among('SELECT "credit_code", "id" FROM "customers_dossier" WHERE "credit_code"'), [_list(codes)]
            )
            by_code = dict(cursor.fetchall())
        if names:
            select = (
                'SELECT "name_key", "id", "region", "credit_code" FROM "customers_dossier" '
                'WHERE "removed_us" = 0 AND "name_key"'
            )
            cursor.execute(_among(select), [_list(names)])
            for key, pk, region, code in cursor.fetchall():
                by_name.setdefault(key, []).append((pk, region, code))
    return by_code, by_name


def stored(ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Present values of dossiers by field key, in the JSON form of `values.as_json`, for comparing.

    Personal values are decrypted to compare and never leave the room otherwise.
    """
    known = dictionary.fields()
    own, contact = (
        [known[key] for key in keys if known[key].part == part] for part in (dictionary.DOSSIER, dictionary.CONTACT)
    )
    rows = {row.pk: row for row in Dossier.objects.filter(pk__in=list(ids))}
    out = {pk: {field.key: _plain(row, field) for field in own if not field.personal} for pk, row in rows.items()}
    if contact:
        contacts = Contact.objects.filter(dossier_id__in=list(ids), is_main=True)
        _open_into(out, {each.dossier_id: each for each in contacts}, contact)
    if secret := [field for field in own if field.personal]:
        _open_into(out, {pk: row for pk, row in rows.items() if standing.has_person(row)}, secret)
    return out


def _plain(row: standing.Row, field: Field) -> Any:
    return values.as_json(standing.plain_of(row, field))


def _open_into(out: dict[int, dict[str, Any]], rows: Mapping[int, standing.Row], fields: Sequence[Field]) -> None:
    """Add what stands in these fields of rows, given by the id of their dossier; None where a person was erased."""
    refs = {pk: sealing.place_of(fields[0].part, row.pk)[1] for pk, row in rows.items()}
    opened = subjects.get(list(refs.values()))
    for pk, row in rows.items():
        for field in fields:
            out[pk][field.key] = values.as_json(standing.value_of(row, field, opened.get(refs[pk])))


def facts_rows(ids: Sequence[int]) -> dict[int, Dossier]:
    """The rows of matched dossiers with what the gate has to know of them."""
    return {row.pk: row for row in Dossier.objects.filter(pk__in=list(ids)).select_related("unit", "owner")}


def take_back_created(deed: Deed, ids: Sequence[int]) -> Written:
    """Remove dossiers that a batch created and nobody touched since; their versions stay and one more says so."""
    untouched = Dossier.objects.filter(pk__in=list(ids), version_no=1, filed_us=0, removed_us=0)
    found = selectors.locked(untouched).order_by("pk")
    used = _hung_on(ids)
    rows = [row for row in found if row.pk not in used and not _is_erased(row)]
    gone = [row.pk for row in rows]
    versions = [_removal(row) for row in rows]
    search.remove(connection, TARGET, [(row.pk, row.search_text) for row in rows])
    Tail.objects.filter(dossier_id__in=gone).delete()
    Origin.objects.filter(dossier_id__in=gone).delete()
    Contact.objects.filter(dossier_id__in=gone).delete()
    Dossier.objects.filter(pk__in=gone).delete()
    return Written(gone, versions)


def take_back_update(deed: Deed, dossier_id: int, version_no: int, delta_ct: bytes) -> Version | None:
    """Restore what a batch changed in a dossier; None when somebody changed it since, erased the person, gave the
    code it had before to another dossier, or the person no longer agrees to what stood there."""
    dossier = selectors.locked(Dossier.objects.filter(pk=dossier_id)).get()
    if dossier.version_no != version_no:
        return None
    delta = sealing.open_delta(dossier.kind, dossier.pk, version_no, delta_ct)
    if delta is None:
        return None
    draft = drafts.Draft.of(dossier)
    draft.restore(delta)
    try:
        twins.refuse_taken(deed.actor, draft)
    except Invalid:
        return None
    if consents.lacking(dossier, [key for key, (_, after) in draft.delta.items() if after is not None]):
        return None
    version = draft.update(deed.at_us)
    origins.record_origin(deed, dossier, draft.delta, None, demand=False)
    searchable.replace(dossier)
    return version


def _hung_on(ids: Sequence[int]) -> set[int]:
    """Dossiers on which something hangs that is no version: a check, a consent, an attachment."""
    kinds = (Verification, Consent, Attachment)
    return {pk for kind in kinds for pk in kind.objects.filter(dossier_id__in=ids).values_list("dossier_id", flat=True)}


def _record(
    at_us: int, row: Mapping[str, Any], pk: int, code: str, name_key: str, text: str, sealed: tuple[bytes, bytes],
    seat: Seat,
) -> tuple[Any, ...]:  # fmt: skip
    plain = values.columns_of(row)
    plain.setdefault("kind", "organisation")
    plain.setdefault("level", 1)
    made = {
        "id": pk, "code": code, "name_key": name_key[: values.NAME_KEY_WIDTH], "identity_ct": sealed[0],
        "state": "prospect", "filed_us": 0,
        "unit_id": seat.unit_id, "owner_id": seat.owner_id, "version_no": 1, "search_text": text,
        "findings": row.get("findings", ""), "extra": sealed[1], "removed_us": 0,
        "created_us": at_us, "updated_us": at_us,
        "credit_code": None, "registered_on": None, "capital_fen": None, "capital_currency": "", "learned_on": None,
    } | plain  # fmt: skip
    return tuple(made.get(column, "") for column in COLUMNS)


def _write_dossiers(cursor: Any, prepared: Prepared) -> None:
    if connection.vendor == "postgresql":
        rows = ((*record, array) for record, array in zip(prepared.records, prepared.tokens, strict=True))
        write_rows(cursor, "postgresql", TARGET.table, (*COLUMNS, TARGET.tokens_column), rows)
        return
    write_rows(cursor, "sqlite", TARGET.table, COLUMNS, prepared.records)
    search.put_words(connection, TARGET, zip(prepared.ids, prepared.tokens, strict=True))


def _with_text_dates(records: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """SQLite keeps a date as ISO text."""
    dates = [COLUMNS.index("registered_on"), COLUMNS.index("learned_on")]
    if all(record[at] is None for record in records for at in dates):
        return records
    return [
        tuple(value.isoformat() if at in dates and value is not None else value for at, value in enumerate(record))
        for record in records
    ]


def _search_texts(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    def column(key: str) -> pl.Series:
        return pl.Series([row.get(key) or "" for row in rows], dtype=pl.String)

    names = [column(key) for key in searchable.NAMES]
    plain = [column(key) for key in searchable.PLAIN]
    plain += [
        pl.Series([values.as_text(field, row.get(field.key)) for row in rows], dtype=pl.String)
        for field in searchable.searched()
    ]
    texts = search.compose_column(names, plain).to_list()
    for at, text in enumerate(texts):
        if len(text) > searchable.WIDTH:
            texts[at] = searchable.fitting(text, [each[at] for each in names], [each[at] for each in plain])
    return texts


def _is_erased(row: Dossier) -> bool:
    """A person's dossier without its key can have no further version; it goes by erasure, not by undo."""
    ref = sealing.person_ref(row.pk)
    return row.kind == "person" and subjects.get([ref])[ref] is None


def _removal(row: Dossier) -> Version:
    key_id, key = sealing.delta_key(row.kind, row.pk)
    return Version(
        row.pk,
        row.version_no + 1,
        sealing.seal_delta(key_id, key, row.pk, row.version_no + 1, {"removed": [None, True]}),
    )


def _among(select: str) -> str:
    """A membership test that keeps to the index with thousands of values."""
    if connection.vendor == "postgresql":
        return f"{select} = ANY(%s)"
    return f"{select} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - `select` is one of ours


def _list(items: list[str]) -> Any:
    return items if connection.vendor == "postgresql" else orjson.dumps(items).decode()
