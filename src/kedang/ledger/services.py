"""The writers of the ledger: one entry for each deed, one for each refusal, one look for each page shown."""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from kedang.kernel.actor import Actor
from kedang.kernel.clock import now_us
from kedang.kernel.deeds import Deed, Value, Version
from kedang.kernel.errors import Invalid, KedangError, Refused
from kedang.kernel.packing import canonical_json, pack_ids
from kedang.kernel.sql import write_rows
from kedang.ledger import hashing, rows
from kedang.ledger.chains import DEEDS, LOOKS, Chain, next_place
from kedang.vault import cipher, keyring, subjects

LOOK_KINDS = ("list", "open", "search", "reveal")
SALT = 16
_PLAIN_SUBJECT = re.compile(
    r"-|(?!.*\d{10})(?:[a-z_]+:[A-Za-z0-9._+-]{1,60}|(?:record|contact):[A-Za-z0-9]{1,16}/(?:[a-z]{1,16}/)?\d{1,9})"
)
"""Ten digits in a row are a telephone or identity number typed as a code, not one of ours."""
_FINDINGS_KEPT = 50


class NoTransaction(KedangError):
    """An entry was about to be written outside the transaction of its deed."""

    code = "no_transaction"


class SubjectErased(KedangError):
    """A value shall be sealed for a subject whose key is destroyed or was never made."""

    code = "subject_erased"


def append(
    deed: Deed,
    op: str,
    *,
    subject: str,
    body: Mapping[str, Any],
    values: Sequence[Value] = (),
    versions: Sequence[Version] = (),
    batch: int = 0,
    n_rows: int = 1,
) -> int:
    """Write the entry of a deed in the caller's transaction and return its id.

    `body` holds no personal value; names of signers and digests of evidence are added from the deed.
    `values` are sealed under the keys of their subjects (SubjectErased when one has none); `versions`
    come as ciphertext, and their number is `n_rows`. NoTransaction outside a transaction.
    """
    _require_transaction(DEEDS)
    alg = _hash_in_force()
    vendor = DEEDS.connection.vendor
    with DEEDS.connection.cursor() as cursor:
        entry_id, xid = next_place(cursor, DEEDS)
        value_rows = _value_rows(alg, entry_id, values)
        version_rows = _version_rows(alg, entry_id, versions, batch)
        leaves = [row[-1] for row in value_rows] + [row[-1] for row in version_rows]
        entry = _who(deed.actor) | {
            "id": entry_id, "xid": xid, "at_us": deed.at_us, "op": op, "outcome": "done", "subject_ref": subject,
            "call_id": deed.call, "cause": deed.cause, "pack_version": deed.pack_version,
            "n_rows": len(version_rows) or n_rows, "body": canonical_json(_evidence(deed) | dict(body)),
            "commit32": hashing.root(alg, leaves), "alg": alg,
        }  # fmt: skip
        _write_record(cursor, DEEDS, entry)
        if value_rows:
            write_rows(cursor, vendor, "ledger_value", (*rows.VALUE, "leaf32"), value_rows)
        if version_rows:
            write_rows(cursor, vendor, "ledger_version", (*rows.VERSION, "leaf32"), version_rows)
    return entry_id


def append_refusal(
    op: str, by: Actor, subject: str, refused: Refused, pack_version: str = "",
    also: Callable[[int], None] = lambda entry: None,
) -> int:  # fmt: skip
    """Write the entry of a deed that was refused, in a transaction of its own, and return its id.

    Called after the deed's transaction was rolled back; inside one it raises `RuntimeError`. A
    subject that is not a plain `kind:code` was typed by a person and is kept as a keyed digest only.
    `also` writes what belongs to the entry in the same transaction.
    """
    alg = _hash_in_force()
    with transaction.atomic(using=DEEDS.alias, durable=True), DEEDS.connection.cursor() as cursor:
        entry_id, xid = next_place(cursor, DEEDS)
        entry = _who(by) | {
            "id": entry_id, "xid": xid, "at_us": now_us(), "op": op, "outcome": "refused",
            "subject_ref": _plain_subject(subject), "call_id": 0, "cause": "", "pack_version": pack_version,
            "n_rows": 0, "body": canonical_json(_why(refused)), "commit32": hashing.EMPTY32, "alg": alg,
        }  # fmt: skip
        _write_record(cursor, DEEDS, entry)
        also(entry_id)
    return entry_id


def look(
    by: Actor,
    kind: str,
    ids: Iterable[int],
    fields: Iterable[str] = (),
    purpose: str = "",
    call: int = 0,
    query: str = "",
) -> int:
    """Record that a person saw these dossiers and fields, as one row per page; return its id.

    It has a database of its own and never waits for a writer of records. Of the query only a keyed
    digest is kept. `ValueError` for a kind that is not one of `LOOK_KINDS`.
    """
    if kind not in LOOK_KINDS:
        raise ValueError(f"unknown kind of look {kind!r}")
    seen, alg = sorted(set(ids)), _hash_in_force()
    with transaction.atomic(using=LOOKS.alias), LOOKS.connection.cursor() as cursor:
        look_id, xid = next_place(cursor, LOOKS)
        record = _who(by) | {
            "id": look_id, "xid": xid, "at_us": now_us(), "kind": kind, "purpose": purpose, "call_id": call,
            "fields": ",".join(sorted(set(fields))), "n_ids": len(seen), "first_id": seen[0] if seen else 0,
            "last_id": seen[-1] if seen else 0, "ids": pack_ids(seen), "query_digest": query_digest(query), "alg": alg,
        }  # fmt: skip
        _write_record(cursor, LOOKS, record)
    return look_id


def query_digest(query: str) -> bytes:
    """The keyed digest under which a look keeps what was searched for; empty for no query."""
    return _keyed(query) if query else b""


def _keyed(text: str) -> bytes:
    return hmac.digest(keyring.data_key("looks", 1)[1], text.encode("utf-8", "surrogatepass"), "sha256")


def _write_record(cursor: Any, chain: Chain, record: Mapping[str, Any]) -> None:
    leaf32 = rows.record_leaf(chain.table, record["alg"], [record[name] for name in chain.columns])
    key_id, key = keyring.mac_key()
    row = {**record, "leaf32": leaf32, "mac": rows.tag(record["alg"], key_id, key, leaf32)}
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO {chain.table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


def _who(by: Actor) -> dict[str, Any]:
    return {
        "actor_id": by.id,
        "actor_kind": by.kind,
        "credential": by.credential,
        "on_behalf": by.on_behalf or "",
        "unit": by.unit,
    }


def _evidence(deed: Deed) -> dict[str, Any]:
    given = {"signers": list(deed.signers), "evidence": list(deed.evidence)}
    return {name: value for name, value in given.items() if value}


def _value_rows(alg: str, entry_id: int, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    keys = subjects.get([value.subject for value in values]) if values else {}
    out: list[tuple[Any, ...]] = []
    for pos, value in enumerate(values):
        key = keys[value.subject]
        if key is None:
            raise SubjectErased(f"{value.subject} has no key")
        plain = os.urandom(SALT) + canonical_json([value.before, value.after])
        ct = cipher.seal(key, plain, value_place(entry_id, value.subject, value.field))
        row = (entry_id, pos, value.subject, value.field, 0, ct)
        out.append((*row, rows.value_leaf(alg, row)))
    return out


def value_place(entry_id: int, subject: str, field: str) -> bytes:
    """What a sealed value of the ledger is bound to."""
    return cipher.aad("ledger_value", f"{entry_id} {subject}", field)


def _version_rows(alg: str, entry_id: int, versions: Sequence[Version], batch: int) -> list[tuple[Any, ...]]:
    ordered = sorted(versions, key=lambda version: (version.dossier, version.no))
    return [
        (
            entry_id,
            v.dossier,
            v.no,
            batch,
            v.delta_ct,
            rows.version_leaf(alg, entry_id, v.dossier, v.no, batch, v.delta_ct),
        )
        for v in ordered
    ]


def _why(refused: Refused) -> dict[str, Any]:
    """Code, articles and names of rules; never the detail sentence or a value found, which may be personal."""
    why: dict[str, Any] = {"refused": refused.code, "articles": refused.articles, "missing": refused.missing}
    if isinstance(refused, Invalid):
        named = [[getattr(found, "field", ""), getattr(found, "rule", "")] for found in refused.findings]
        why["findings"] = named[:_FINDINGS_KEPT]
    return why


def _plain_subject(subject: str) -> str:
    if _PLAIN_SUBJECT.fullmatch(subject):
        return subject
    return f"unknown:{_keyed(subject).hex()[:32]}"


def _hash_in_force() -> str:
    hashing.hasher(settings.LEDGER_HASH)
    return str(settings.LEDGER_HASH)


def _require_transaction(chain: Chain) -> None:
    if not connections[chain.alias].in_atomic_block:
        raise NoTransaction("a ledger entry is written in the transaction of its deed")
