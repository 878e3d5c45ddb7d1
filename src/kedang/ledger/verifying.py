"""Verifying the whole ledger from what is stored: every row, every block, every head.

Streams once over records with their values and versions, once over the places in blocks; memory does
not grow with the ledger, except by the size of one bulk entry.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from kedang.ledger import anchors, hashing, heads, rows
from kedang.ledger.chains import CHAINS, DEEDS, Chain
from kedang.ledger.reading import Snapshot, snapshot
from kedang.ledger.sealing import heads_path
from kedang.ledger.triggers import missing_triggers
from kedang.ledger.verdict import Counts, Report, Verdict
from kedang.ledger.witness import Witness
from kedang.vault import keyring

UNREADABLE = (TypeError, ValueError, AttributeError, OverflowError, struct.error)
"""What broken stored values raise when they are framed."""

RowLeaf = Callable[[str, tuple[Any, ...]], bytes]


def verify(against: Path | None = None) -> Verdict:
    """Check every row of both chains and say where the first bad one is.

    `against` is a proof file (`export`) or a copy of a heads file: the ledger must still hold every head
    in it, so entries cut off or rewritten since are found even by one who trusts nothing here.
    """
    report = Report()
    for name in missing_triggers():
        report.add(name, "the append-only trigger is missing or switched off")
    witness = Witness.read(against, report) if against else Witness()
    counts = {chain.name: _verify_chain(chain, witness, report) for chain in CHAINS}
    keys = {number: heads.fingerprint(raw) for number, raw in keyring.public_keys().items()}
    return report.verdict(counts["deeds"], counts["looks"], keys)


def _verify_chain(chain: Chain, witness: Witness, report: Report) -> Counts:
    counts = Counts()
    path = heads_path(chain)
    written = anchors.size(path)  # before the snapshot: each of these lines has a block in it
    with snapshot(chain) as db:
        _check_records(db, chain, counts, report)
        last = _Blocks(db, chain, witness, anchors.read(path, written), report).check(counts)
        _check_unsealed(db, chain, last, counts, report)
    _check_heads_file(path, chain, counts, report)
    return counts


def _check_records(db: Snapshot, chain: Chain, counts: Counts, report: Report) -> None:
    """Leaf, tag and commitment of every record; rows that belong to no record; gaps where there can be none."""
    kin = _kin(db, report) if chain is DEEDS else ()
    keys: dict[int, bytes] = {}
    statement = f"SELECT {chain.selected}, e.leaf32, e.mac FROM {chain.table} e ORDER BY e.id"  # noqa: S608
    expected = 1
    for row in db.stream(statement):
        where = f"{chain.table} {row[0]}"
        record = dict(zip(chain.columns, row, strict=False))
        if db.vendor == "sqlite" and row[0] != expected:
            report.add(f"{chain.table} {expected}", f"missing: the next record is {row[0]}")
        expected = row[0] + 1
        counts.entries += 1
        _check_record(chain, row, keys, where, report)
        if kin:
            counts.rows += _check_commitment(record, kin, where, report)
    for rest in kin:
        rest.none_left()
    if db.vendor == "sqlite":
        _check_sequence(db, chain, expected, report)


def _check_sequence(db: Snapshot, chain: Chain, expected: int, report: Report) -> None:
    """SQLite counts ids without gaps and never back: a counter ahead of the last id means deleted records."""
    for (seq,) in db.stream(f"SELECT seq FROM sqlite_sequence WHERE name = '{chain.table}'"):  # noqa: S608
        if seq != expected - 1:
            report.add(f"{chain.table} {expected}", f"missing: records up to {seq} were written")


def _check_record(chain: Chain, row: tuple[Any, ...], keys: dict[int, bytes], where: str, report: Report) -> None:
    columns, leaf32, tag = row[:-2], row[-2], row[-1]
    alg = columns[-1]
    try:
        if rows.record_leaf(chain.table, alg, columns) != leaf32:
            report.add(where, "changed: the leaf is not that of the stored columns")
        key_id = rows.key_of_tag(tag)
        if key_id not in keys:
            keys[key_id] = keyring.mac_key(key_id)[1]
        if not hmac.compare_digest(rows.tag(alg, key_id, keys[key_id], leaf32), tag):
            report.add(where, "forged: the tag was not made by this installation")
    except keyring.UnknownKey:
        report.add(where, "forged: the tag names a key that does not exist")
    except UNREADABLE:
        report.add(where, "unreadable: a column holds what the ledger never writes")


def _check_commitment(record: Mapping[str, Any], kin: tuple[_Kin, ...], where: str, report: Report) -> int:
    """The entry's commitment against the leaves of its values and versions; returns the number of versions."""
    try:
        leaves = [kin[0].leaves_of(record["id"], record["alg"]), kin[1].leaves_of(record["id"], record["alg"])]
        if hashing.root(record["alg"], leaves[0] + leaves[1]) != record["commit32"]:
            report.add(where, "its values or versions were changed, added, removed or moved")
        elif leaves[1] and len(leaves[1]) != record["n_rows"]:
            report.add(where, f"n_rows is {record['n_rows']}, but it has {len(leaves[1])} versions")
    except UNREADABLE:
        report.add(where, "unreadable: the commitment cannot be recomputed")
        return 0
    return len(leaves[1])


def _kin(db: Snapshot, report: Report) -> tuple[_Kin, ...]:
    values = db.stream("SELECT entry_id, pos, subject_ref, field, key_id, ct, leaf32 FROM ledger_value ORDER BY 1, 2")
    versions = db.stream(
        "SELECT entry_id, dossier, no, batch, delta_ct, leaf32 FROM ledger_version ORDER BY entry_id, dossier, no"
    )
    return (
        _Kin("ledger_value", values, lambda alg, row: rows.value_leaf(alg, row[:-1]), report),
        _Kin("ledger_version", versions, lambda alg, row: rows.version_leaf(alg, *row[:-1]), report),
    )


class _Kin:
    """Rows that belong to entries, read in step with the entries."""

    def __init__(self, table: str, stream: Iterator[tuple[Any, ...]], leaf_of: RowLeaf, report: Report) -> None:
        self._table, self._leaf_of, self._report = table, leaf_of, report
        self._groups = groupby(stream, key=itemgetter(0))
        self._next = next(self._groups, None)

    def leaves_of(self, entry_id: int, alg: str) -> list[bytes]:
        """Leaves recomputed from the stored rows of one entry; a row whose own leaf differs is reported."""
        self._pass_orphans(entry_id)
        if self._next is None or self._next[0] != entry_id:
            return []
        leaves = []
        for row in self._next[1]:
            leaf32 = self._leaf(alg, row)
            if leaf32 != row[-1]:
                self._report.add(self._name(row), "changed: the leaf is not that of the stored columns")
            leaves.append(leaf32)
        self._next = next(self._groups, None)
        return leaves

    def none_left(self) -> None:
        """Report the rows after the last entry."""
        self._pass_orphans(None)

    def _leaf(self, alg: str, row: tuple[Any, ...]) -> bytes:
        try:
            return self._leaf_of(alg, row)
        except UNREADABLE:
            return b"unreadable"

    def _pass_orphans(self, below: int | None) -> None:
        while self._next is not None and (below is None or self._next[0] < below):
            for row in self._next[1]:
                self._report.add(self._name(row), f"belongs to entry {row[0]}, which does not exist")
            self._next = next(self._groups, None)

    def _name(self, row: tuple[Any, ...]) -> str:
        return (
            f"{self._table} {row[0]}/{row[1]}" if self._table == "ledger_value" else f"{self._table} {row[1]}/{row[2]}"
        )


class _Blocks:
    """The walk along the chain of blocks, with places, anchors, written heads and the witness beside it."""

    def __init__(
        self, db: Snapshot, chain: Chain, witness: Witness, lines: Iterator[anchors.Line], report: Report
    ) -> None:
        self._db, self._chain, self._witness, self._lines, self._report = db, chain, witness, lines, report
        self._keys = keyring.public_keys()
        self._line = next(lines, None)
        places = db.stream(
            f"SELECT s.block, s.pos, s.entry_id, e.leaf32 FROM {chain.sealed} s "  # noqa: S608 - names are ours
            f"LEFT JOIN {chain.table} e ON e.id = s.entry_id ORDER BY s.block, s.pos"
        )
        receipts = db.stream(
            f"SELECT block, place, at_us, key_id, receipt FROM {chain.anchors} ORDER BY block, place"  # noqa: S608
        )
        self._places = groupby(places, key=itemgetter(0))
        self._receipts = groupby(receipts, key=itemgetter(0))
        self._place, self._receipt = next(self._places, None), next(self._receipts, None)
        self._last: rows.Head | None = None

    def check(self, counts: Counts) -> rows.Head | None:
        """Check all blocks in order and return the last readable one."""
        for row in self._db.stream(heads.selected(self._chain.blocks)):
            where = f"{self._chain.blocks} {row[0]}"
            counts.blocks += 1
            self._pass_places(row[0])
            self._pass_receipts(row[0])
            try:
                head, signature = heads.from_row(self._chain.name, row)
                head32 = head.hash32()
            except UNREADABLE:
                self._report.add(where, "unreadable: a column holds what the ledger never writes")
                continue
            self._check_link(head, signature, where)
            self._check_root(head, where)
            self._check_receipts(head, head32, where)
            self._check_line(head, head32)
            self._witness.meet(self._chain.name, head.no, head32, where, self._report)
            self._last, counts.head = head, head32.hex()
        self._finish()
        return self._last

    def _check_link(self, head: rows.Head, signature: bytes, where: str) -> None:
        if not heads.follows(self._last, head):
            before = self._last.no if self._last else 0
            self._report.add(where, f"does not follow block {before}: it was changed, or one was removed")
        if not heads.signed_by(self._keys, head.key_id, signature, head.message()):
            self._report.add(where, "the signature is not ours: the block was changed or forged")

    def _check_root(self, head: rows.Head, where: str) -> None:
        leaves: list[bytes] = []
        if self._place is not None and self._place[0] == head.no:
            for _, pos, entry_id, leaf32 in self._place[1]:
                if leaf32 is None:
                    self._report.add(f"{self._chain.table} {entry_id}", f"missing: it was sealed in block {head.no}")
                if pos != len(leaves):
                    self._report.add(f"{self._chain.sealed} {entry_id}", f"place {pos} of block {head.no} is wrong")
                leaves.append(leaf32 or b"")
            self._place = next(self._places, None)
        if len(leaves) != head.count:
            self._report.add(where, f"sealed {head.count} records, but {len(leaves)} have a place in it")
        elif hashing.root(head.alg, leaves) != head.root32:
            self._report.add(where, "a record sealed in it was changed, replaced or moved")

    def _check_receipts(self, head: rows.Head, head32: bytes, where: str) -> None:
        places = set()
        if self._receipt is not None and self._receipt[0] == head.no:
            for row in self._receipt[1]:
                places.add(row[1])
                self._check_receipt(head32, row)
            self._receipt = next(self._receipts, None)
        if self._chain.heads_file not in places:
            self._report.add(where, f"has no row in {self._chain.anchors} for {self._chain.heads_file}")

    def _check_receipt(self, head32: bytes, row: tuple[Any, ...]) -> None:
        block, place, at_us, key_id, receipt = row
        try:
            message = rows.anchor_message(self._chain.name, block, place, at_us, key_id, head32)
            good = heads.signed_by(self._keys, key_id, bytes(receipt), message)
        except UNREADABLE:
            good = False
        if not good:
            self._report.add(f"{self._chain.anchors} {block}/{place}", "changed or forged: the receipt does not fit")

    def _check_line(self, head: rows.Head, head32: bytes) -> None:
        while self._line is not None and self._line.no < head.no:
            what = "a written-down head has no block" if self._line.no else "a line cannot be read"
            self._report.add(f"{self._chain.heads_file} {self._line.no or '?'}", what)
            self._line = next(self._lines, None)
        if self._line is not None and self._line.no > head.no:
            self._report.add(f"{self._chain.heads_file} {head.no}", "the head of this block is missing between others")
        elif self._line is not None:
            if self._line.hash32 != head32:
                self._report.add(f"{self._chain.blocks} {head.no}", "is not the block whose head was written down")
            self._line = next(self._lines, None)

    def _pass_places(self, below: int | None) -> None:
        while self._place is not None and (below is None or self._place[0] < below):
            for block, _, entry_id, _ in self._place[1]:
                self._report.add(f"{self._chain.sealed} {entry_id}", f"names block {block}, which does not exist")
            self._place = next(self._places, None)

    def _pass_receipts(self, below: int | None) -> None:
        while self._receipt is not None and (below is None or self._receipt[0] < below):
            for block, place, *_ in self._receipt[1]:
                self._report.add(f"{self._chain.anchors} {block}/{place}", f"names block {block}, which does not exist")
            self._receipt = next(self._receipts, None)

    def _finish(self) -> None:
        self._pass_places(None)
        self._pass_receipts(None)
        ends = f"the ledger ends at block {self._last.no if self._last else 0}"
        while self._line is not None:
            self._report.add(f"{self._chain.blocks} {self._line.no}", f"missing: its head was written down, but {ends}")
            self._line = next(self._lines, None)
        self._witness.finish(self._chain.name, self._chain.blocks, ends, self._report)


def _check_unsealed(db: Snapshot, chain: Chain, last: rows.Head | None, counts: Counts, report: Report) -> None:
    """Records the sealer passed by: it never leaves a genuine one behind."""
    order = "e.id" if db.vendor == "sqlite" else "e.xid"
    for number, at in db.stream(
        f"SELECT e.id, {order} FROM {chain.table} e "  # noqa: S608 - names are ours
        f"WHERE NOT EXISTS (SELECT 1 FROM {chain.sealed} s WHERE s.entry_id = e.id) ORDER BY e.id"
    ):
        counts.unsealed += 1
        if last is not None and at < last.horizon:
            report.add(f"{chain.table} {number}", f"is in no block, though block {last.no} was sealed after it")


def _check_heads_file(path: Path, chain: Chain, counts: Counts, report: Report) -> None:
    """The file of heads may lag by the block being written down at this moment, not by more."""
    written = sum(1 for line in anchors.read(path, anchors.size(path)) if line.no)
    if counts.blocks > written + 1:
        report.add(chain.heads_file, f"holds {written} heads of {counts.blocks} blocks")
