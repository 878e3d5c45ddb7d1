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
from kedang.customers import drafts, sealing, searchable, selectors, states, twins, values
from kedang.customers.fields import FIELDS
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.searchable import TARGET
from kedang.customers.values import Reading
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import Invalid
from kedang.kernel.sql import write_rows
from kedang.standards import checkchar
from kedang.vault import blind, cipher, keyring, subjects
from kedang.vault.sequences import reserve

COLUMNS = (
    "id", "code", "kind", "name", "name_key", "short_name", "english_name", "credit_code", "identity_ct", "region",
    "address", "postcode", "industry", "org_type", "registered_on", "capital_fen", "capital_currency", "scale", "grade",
    "business_scope", "website", "source", "learned_on", "note", "level", "state", "filed_us", "unit_id", "owner_id",
    "version_no", "search_text", "findings", "created_us", "updated_us",
)  # fmt: skip
CONTACT_COLUMNS = ("id", "dossier_id", "is_main", "name_ct", "post", "phones_ct", "email_ct")
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
    sealed = _Sealed.of(rows, ids)
    texts = _search_texts(rows)
    now = clock.now_us()
    records = [
        _record(now + at, row, pk, code, key, text, sealed.identity[at], seat)
        for at, (row, pk, code, key, text) in enumerate(zip(rows, ids, codes, name_keys, texts, strict=True))
    ]
    column = pl.Series(texts, dtype=pl.String)
    if connection.vendor == "postgresql":
        tokens = search.array_column(column).to_list()
    else:
        tokens, records = search.words_column(column).to_list(), _with_text_dates(records)
    return Prepared(ids, _first_versions(rows, ids, sealed), records, tokens, sealed.contacts, sealed.tails)


def insert_many(rows: Sequence[Mapping[str, Any]], name_keys: Sequence[str], seat: Seat) -> Written:
    """`prepare_many` and write, for small numbers; inside the caller's transaction."""
    return prepare_many(rows, name_keys, seat).write()


def update_one(deed: Deed, dossier_id: int, reading: Reading, *, fill_only: bool = False) -> Version | None:
    """Change a stored dossier by one row of a batch; None when nothing differs.

    `fill_only` leaves alone what has a value. The rules of a single change hold: Refused(state) for a
    filed dossier or an erased person, Refused(invalid) for another kind, or a code or number that
    another dossier has. Update before inserting: both orders at once would wait for each other.
    """
    dossier = selectors.locked(Dossier.objects.filter(pk=dossier_id)).get()
    states.require_open(dossier.filed_us)
    draft = drafts.Draft.of(dossier)
    draft.apply(reading, fill_only=fill_only)
    if not draft.delta:
        return None
    twins.refuse_taken(deed.actor, draft)
    version = draft.update(deed.at_us)
    searchable.replace(dossier)
    return version


def match(
    credit_codes: Iterable[str], name_keys: Iterable[str]
) -> tuple[dict[str, int], dict[str, list[tuple[int, str, str]]]]:
    """Stored dossiers by credit code, and by name key as (id, region, credit code), across all units."""
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
            select = 'SELECT "name_key", "id", "region", "credit_code" FROM "customers_dossier" WHERE "name_key"'
            cursor.execute(_among(select), [_list(names)])
            for key, pk, region, code in cursor.fetchall():
                by_name.setdefault(key, []).append((pk, region, code))
    return by_code, by_name


def stored(ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Present values of dossiers by field key, in the JSON form of `values.as_json`, for comparing.

    Personal values are decrypted to compare and never leave the room otherwise.
    """
    out: dict[int, dict[str, Any]] = {}
    plain = [FIELDS[key] for key in keys if FIELDS[key].part == "dossier" and not FIELDS[key].personal]
    rows = {row.pk: row for row in Dossier.objects.filter(pk__in=list(ids))}
    for pk, row in rows.items():
        out[pk] = {field.key: values.as_json(values.plain_value(row, field)) for field in plain}
    if any(FIELDS[key].part == "contact" for key in keys):
        _stored_contacts(ids, keys, out)
    if "identity_number" in keys:
        _stored_identities(rows, out)
    return out


def facts_rows(ids: Sequence[int]) -> dict[int, Dossier]:
    """The rows of matched dossiers with what the gate has to know of them."""
    return {row.pk: row for row in Dossier.objects.filter(pk__in=list(ids)).select_related("unit", "owner")}


def take_back_created(deed: Deed, ids: Sequence[int]) -> Written:
    """Remove dossiers that a batch created and nobody touched since; their versions stay and one more says so."""
    found = selectors.locked(Dossier.objects.filter(pk__in=list(ids), version_no=1, filed_us=0)).order_by("pk")
    rows = [row for row in found if not _is_erased(row)]
    gone = [row.pk for row in rows]
    versions = [_removal(row) for row in rows]
    search.remove(connection, TARGET, [(row.pk, row.search_text) for row in rows])
    Tail.objects.filter(dossier_id__in=gone).delete()
    Contact.objects.filter(dossier_id__in=gone).delete()
    Dossier.objects.filter(pk__in=gone).delete()
    return Written(gone, versions)


def take_back_update(deed: Deed, dossier_id: int, version_no: int, delta_ct: bytes) -> Version | None:
    """Restore what a batch changed in a dossier; None when somebody changed it since, erased the person, or
    gave the code it had before to another dossier."""
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
    version = draft.update(deed.at_us)
    searchable.replace(dossier)
    return version


class _Sealed:
    """Ciphertext of the personal values of a chunk, and the index rows that find them."""

    def __init__(self, size: int) -> None:
        self.identity: list[bytes] = [b""] * size
        self.contacts: list[tuple[Any, ...]] = []
        self.tails: list[tuple[Any, ...]] = []
        self.deltas: list[dict[str, Any]] = [{} for _ in range(size)]
        self.person_keys: dict[int, bytes] = {}

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], ids: Sequence[int]) -> _Sealed:
        """Seal every personal value of the rows, each under the key of its own person."""
        self = cls(len(rows))
        persons = [at for at, row in enumerate(rows) if row.get("kind") == "person" or row.get("identity_number")]
        keys = subjects.create([sealing.person_ref(ids[at]) for at in persons]) if persons else []
        for at, key in zip(persons, keys, strict=True):
            self.person_keys[at] = key
            self._identity(at, ids[at], key, rows[at].get("identity_number"))
        named = [at for at, row in enumerate(rows) if any(row.get(name) for name in _CONTACT_KEYS)]
        if named:
            first = reserve("contact", len(named))
            keys = subjects.create([sealing.contact_ref(first + n) for n in range(len(named))])
            for n, (at, key) in enumerate(zip(named, keys, strict=True)):
                self._contact(at, ids[at], first + n, key, rows[at])
        return self

    def _identity(self, at: int, pk: int, key: bytes, number: str | None) -> None:
        if not number:
            return
        self.identity[at] = sealing.seal_value(key, sealing.DOSSIER_TABLE, pk, "identity_ct", number)
        self.deltas[at]["identity_number"] = [None, sealing.in_delta(pk, self.identity[at])]
        self._tails(pk, None, "identity", [number])

    def _contact(self, at: int, pk: int, contact: int, key: bytes, row: Mapping[str, Any]) -> None:
        sealed = {}
        for name in ("contact.name", "contact.phones", "contact.email"):
            column = FIELDS[name].column
            sealed[column] = sealing.seal_value(key, sealing.CONTACT_TABLE, contact, column, row.get(name))
            if sealed[column]:
                self.deltas[at][name] = [None, sealing.in_delta(contact, sealed[column])]
        post = row.get("contact.post") or ""
        if post:
            self.deltas[at]["contact.post"] = [None, post]
        self.contacts.append((contact, pk, True, sealed["name_ct"], post, sealed["phones_ct"], sealed["email_ct"]))
        self._tails(pk, contact, "phone", row.get("contact.phones") or [])

    def _tails(self, pk: int, contact: int | None, kind: str, numbers: Sequence[str]) -> None:
        for tail, residual in blind.indexes(kind, numbers):
            self.tails.append((pk, contact, kind, tail, residual))


_CONTACT_KEYS = ("contact.name", "contact.post", "contact.phones", "contact.email")


def _record(
    at_us: int, row: Mapping[str, Any], pk: int, code: str, name_key: str, text: str, identity: bytes, seat: Seat
) -> tuple[Any, ...]:
    plain = values.columns_of({key: row.get(key) for key in FIELDS if key in row})
    plain.setdefault("kind", "organisation")
    plain.setdefault("level", 1)
    made = {
        "id": pk, "code": code, "name_key": name_key[: values.NAME_KEY_WIDTH], "identity_ct": identity,
        "state": "prospect", "filed_us": 0,
        "unit_id": seat.unit_id, "owner_id": seat.owner_id, "version_no": 1, "search_text": text,
        "findings": row.get("findings", ""), "created_us": at_us, "updated_us": at_us,
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
    texts = search.compose_column(names, plain).to_list()
    for at, text in enumerate(texts):
        if len(text) > searchable.WIDTH:
            texts[at] = searchable.fitting(text, [each[at] for each in names], [each[at] for each in plain])
    return texts


def _first_versions(rows: Sequence[Mapping[str, Any]], ids: Sequence[int], sealed: _Sealed) -> list[Version]:
    """The sealed differences of new dossiers: the records key for organisations, the person's own for persons."""
    key_id, records_key = keyring.data_key("records")
    keys, plains, places = [], [], []
    for at, (row, pk) in enumerate(zip(rows, ids, strict=True)):
        delta = sealed.deltas[at]
        for key, value in row.items():
            if value and key in _PLAIN_KEYS:
                delta[key] = [None, value]
        keys.append(sealed.person_keys[at] if row.get("kind") == "person" else records_key)
        plains.append(orjson.dumps(delta, option=orjson.OPT_SORT_KEYS, default=str))
        places.append(cipher.aad("ledger_version", f"{pk}:1", "delta"))
    cts = cipher.seal_many(keys, plains, places, key_id)
    return [Version(pk, 1, ct) for pk, ct in zip(ids, cts, strict=True)]


_PLAIN_KEYS = frozenset(key for key, field in FIELDS.items() if not field.personal and field.part == "dossier")


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


def _stored_contacts(ids: Sequence[int], keys: Sequence[str], out: dict[int, dict[str, Any]]) -> None:
    contacts = list(Contact.objects.filter(dossier_id__in=list(ids), is_main=True))
    opened = subjects.get([sealing.contact_ref(contact.pk) for contact in contacts])
    for contact in contacts:
        key = opened.get(sealing.contact_ref(contact.pk))
        for name in keys:
            field = FIELDS[name]
            if field.part != "contact":
                continue
            raw = getattr(contact, field.column)
            many = field.standard == "phones"
            value = (
                sealing.open_value(key, sealing.CONTACT_TABLE, contact.pk, field.column, raw, many=many)
                if field.personal
                else raw
            )
            out[contact.dossier_id][name] = values.as_json(value)


def _stored_identities(rows: Mapping[int, Dossier], out: dict[int, dict[str, Any]]) -> None:
    holders = {pk: row for pk, row in rows.items() if row.identity_ct}
    opened = subjects.get([sealing.person_ref(pk) for pk in holders])
    for pk, row in holders.items():
        key = opened.get(sealing.person_ref(pk))
        number = sealing.open_value(key, sealing.DOSSIER_TABLE, pk, "identity_ct", row.identity_ct)
        out[pk]["identity_number"] = values.as_json(number)


def _among(select: str) -> str:
    """A membership test that keeps to the index with thousands of values."""
    if connection.vendor == "postgresql":
        return f"{select} = ANY(%s)"
    return f"{select} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - `select` is one of ours


def _list(items: list[str]) -> Any:
    return items if connection.vendor == "postgresql" else orjson.dumps(items).decode()
