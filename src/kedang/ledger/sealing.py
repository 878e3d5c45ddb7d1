"""Sealing: records that can no longer be joined by an earlier one go into signed Merkle blocks.

One sealer at a time and chain; writers never wait for it. On PostgreSQL a record is ready when its
transaction is older than every open one (an id says nothing: id 2 may commit before id 1); on SQLite
ids are in order of commit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from kedang.kernel.clock import now_us
from kedang.kernel.sql import write_rows
from kedang.ledger import anchors, hashing, heads, rows
from kedang.ledger.chains import CHAINS, HEADS_PLACE, Chain
from kedang.ledger.rows import Head
from kedang.vault import keyring

BLOCK_MAX = 10_000
"""Records in one block, at most."""
_LOCK = 0x6B65_6461

log = logging.getLogger(__name__)

_READY = {
    "sqlite": """
        SELECT {selected}, e.leaf32, e.mac, e.id + 1
        FROM {table} e
        WHERE e.id >= {horizon} AND NOT EXISTS (SELECT 1 FROM {sealed} s WHERE s.entry_id = e.id)
        ORDER BY e.id LIMIT {limit}
    """,
    # A record whose transaction number is not given out yet was restored from another cluster.
    "postgresql": """
        WITH open AS MATERIALIZED (
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS low,
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS high
        )
        SELECT {selected}, e.leaf32, e.mac, (SELECT low FROM open)
        FROM {table} e
        WHERE e.xid >= (SELECT CASE WHEN {horizon} > high THEN 0 ELSE {horizon} END FROM open)
          AND (e.xid < (SELECT low FROM open) OR e.xid >= (SELECT high FROM open))
          AND NOT EXISTS (SELECT 1 FROM {sealed} s WHERE s.entry_id = e.id)
        ORDER BY e.xid, e.id LIMIT {limit}
    """,
}


@dataclass(frozen=True, slots=True)
class _Ready:
    """Records that may be sealed now, and how far the sealer may go on next time."""

    ids: Sequence[int]
    leaves: Sequence[bytes]
    horizon: int


def seal(limit: int | None = None, *, thorough: bool = False) -> int:
    """Seal what is ready on both chains and return the number of blocks made.

    `limit` bounds the blocks per chain. `thorough` looks at every record again instead of those since
    the last block: once after a restore. A record without a valid tag is left out and reported in
    the log and by `verify`. `RuntimeError` inside a transaction.
    """
    return sum(_seal_chain(chain, limit, thorough) for chain in CHAINS)


def heads_path(chain: Chain) -> Path:
    """The file of written-down heads of a chain."""
    return Path(settings.KEDANG_HOME) / HEADS_PLACE / chain.heads_file


def _seal_chain(chain: Chain, limit: int | None, thorough: bool) -> int:
    made = 0
    with _alone(chain) as alone:
        if not alone:
            return 0
        _write_down(chain)
        while limit is None or made < limit:
            if not _seal_one(chain, thorough):
                break
            _write_down(chain)
            made += 1
    return made


def _seal_one(chain: Chain, thorough: bool) -> bool:
    """Make the next block; False when nothing is ready, or another sealer on SQLite was faster."""
    before = _last(chain)
    ready = _ready(chain, 0 if thorough or before is None else before.horizon)
    if not ready.ids:
        return False
    try:
        key_id, key = keyring.signing_key()
        _store(chain, _next_head(chain, before, ready, key_id), ready.ids, key)
    except IntegrityError:
        return False
    return True


def _last(chain: Chain) -> Head | None:
    with chain.connection.cursor() as cursor:
        newest = f'WHERE "no" = (SELECT max("no") FROM "{chain.blocks}")'  # noqa: S608 - names are ours
        cursor.execute(heads.selected(chain.blocks, newest))
        row = cursor.fetchone()
    return heads.from_row(chain.name, row)[0] if row else None


def _ready(chain: Chain, horizon: int) -> _Ready:
    statement = _READY[chain.connection.vendor].format(
        selected=chain.selected, table=chain.table, sealed=chain.sealed, horizon=int(horizon), limit=BLOCK_MAX
    )
    with chain.connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall()
    keys: dict[int, bytes] = {}
    good = [row for row in found if _genuine(chain, row, keys)]
    if not good:
        return _Ready((), (), horizon)
    return _Ready([row[0] for row in good], [bytes(row[-3]) for row in good], _horizon(chain, found))


def _horizon(chain: Chain, found: Sequence[tuple[Any, ...]]) -> int:
    """Below this every record is dealt with: an id on SQLite, a transaction on PostgreSQL."""
    if chain.connection.vendor == "sqlite":
        return int(found[-1][-1])
    low = int(found[-1][-1])
    return low if len(found) < BLOCK_MAX else min(low, int(found[-1][chain.columns.index("xid")]))


def _genuine(chain: Chain, row: tuple[Any, ...], keys: dict[int, bytes]) -> bool:
    """Whether the record is as this installation wrote it: leaf over all columns, tag over the leaf."""
    columns, leaf32, mac = row[:-3], bytes(row[-3]), bytes(row[-2])
    alg = columns[-1]
    try:
        same = rows.record_leaf(chain.table, alg, columns) == leaf32
        key_id = rows.key_of_tag(mac)
        if key_id not in keys:
            keys[key_id] = keyring.mac_key(key_id)[1]
        genuine = same and rows.tag(alg, key_id, keys[key_id], leaf32) == mac
    except (ValueError, TypeError, keyring.UnknownKey):
        genuine = False
    if not genuine:
        log.error("%s %s carries no valid tag and is not sealed", chain.table, row[0])
    return genuine


def _next_head(chain: Chain, before: Head | None, ready: _Ready, key_id: int) -> Head:
    alg, count = str(settings.LEDGER_HASH), len(ready.ids)
    root32 = hashing.root(alg, ready.leaves)
    at_us = now_us()
    if before is None:
        return Head(
            chain.name, 1, 0, count, ready.horizon, root32, heads.START32, b"", at_us, alg, key_id
        )  # fmt: skip
    prev32 = before.hash32()
    return Head(
        chain.name, before.no + 1, before.first + before.count, count, ready.horizon, root32,
        prev32, hashing.push(before.peaks, before.no - 1, prev32), at_us, alg, key_id,
    )  # fmt: skip


def _store(chain: Chain, head: Head, ids: Sequence[int], key: Ed25519PrivateKey) -> None:
    """Block, places and anchor in one short transaction; the number of the block decides a race."""
    vendor = chain.connection.vendor
    receipt = key.sign(
        rows.anchor_message(chain.name, head.no, chain.heads_file, head.sealed_at_us, head.key_id, head.hash32())
    )
    block = (
        head.no, head.first, head.count, head.horizon, head.root32, head.prev32, head.peaks,
        head.sealed_at_us, head.alg, head.key_id, key.sign(head.message()),
    )  # fmt: skip
    anchor = (head.no, chain.heads_file, head.sealed_at_us, head.key_id, receipt)
    with transaction.atomic(using=chain.alias, durable=True), chain.connection.cursor() as cursor:
        write_rows(cursor, vendor, chain.blocks, heads.COLUMNS, [block])
        places = ((entry_id, head.no, pos) for pos, entry_id in enumerate(ids))
        write_rows(cursor, vendor, chain.sealed, ("entry_id", "block", "pos"), places)
        write_rows(cursor, vendor, chain.anchors, ("block", "place", "at_us", "key_id", "receipt"), [anchor])


def _write_down(chain: Chain) -> None:
    """Bring the file of heads up to the committed blocks; also mends what a crash left out."""
    path = heads_path(chain)
    with chain.connection.cursor() as cursor:
        anchors.write_down(path, heads.heads_after(cursor, chain.name, chain.blocks, anchors.last_line_no(path)))


@contextmanager
def _alone(chain: Chain) -> Iterator[bool]:
    """Hold the sealer's lock of a chain (PostgreSQL: advisory, for the session); False when another holds it."""
    if chain.connection.vendor == "sqlite":
        yield True
        return
    number = _LOCK + CHAINS.index(chain)
    with chain.connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        got = bool(cursor.fetchone()[0])
        try:
            yield got
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
