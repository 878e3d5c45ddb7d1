"""Checking a proof file from itself alone: no database, no key, no trust in who made it. Pure.

The public keys are in the file, so a person compares their fingerprints (`Verdict.keys`) with those
noted at installation; everything else is arithmetic.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from kedang.ledger import hashing, heads, proofs, rows
from kedang.ledger.rows import Head
from kedang.ledger.verdict import Counts, Report, Verdict

_COLUMNS = {"deeds": ("ledger_entry", rows.ENTRY), "looks": ("ledger_look", rows.LOOK)}
_BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, OverflowError, IndexError, zipfile.BadZipFile, zlib.error,
    EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What a damaged file raises on the way."""


def check(path: Path) -> Verdict:
    """Check a proof file: its own signature, every block, every record, every path; say where it fails."""
    report = Report()
    counts = {"deeds": Counts(), "looks": Counts()}
    keys: dict[int, bytes] = {}
    try:
        with zipfile.ZipFile(path) as file:
            manifest = orjson.loads(file.read(proofs.MANIFEST))
            if (manifest["format"], manifest["v"]) != (proofs.FORMAT, proofs.VERSION):
                raise proofs.NotAProof("not a proof file of this version")
            keys.update({int(number): bytes.fromhex(raw) for number, raw in manifest["keys"].items()})
            _check_trailer(path, keys, report)
            for chain, claimed in manifest["chains"].items():
                counts[chain] = _Chain(file, chain, keys, report).check(manifest["kind"], claimed)
    except _BROKEN as broken:
        report.add(str(path), f"damaged, cut short or not a proof file ({type(broken).__name__})")
    except OSError as broken:
        report.add(str(path), f"cannot be read: {broken.strerror or broken}")
    return report.verdict(counts["deeds"], counts["looks"], {n: heads.fingerprint(raw) for n, raw in keys.items()})


def heads_in(path: Path) -> Iterator[tuple[Head, bytes]]:
    """All blocks in a proof file, of both chains."""
    with zipfile.ZipFile(path) as file:
        for chain in orjson.loads(file.read(proofs.MANIFEST))["chains"]:
            for stored in _lines(file, proofs.blocks_member(chain)):
                yield proofs.head_in(stored)


def _check_trailer(path: Path, keys: dict[int, bytes], report: Report) -> None:
    key_id, signature = proofs.read_trailer(path)
    if not heads.signed_by(keys, key_id, signature, proofs.signed_message(path)):
        report.add(str(path), "a byte of the file was changed after it was signed")


def _lines(file: zipfile.ZipFile, member: str) -> Iterator[dict[str, Any]]:
    with file.open(member) as lines:
        for line in lines:
            yield orjson.loads(line)


@dataclass(slots=True)
class _Chain:
    """One chain of a proof file."""

    file: zipfile.ZipFile
    name: str
    keys: dict[int, bytes]
    report: Report

    def check(self, kind: str, claimed: dict[str, Any]) -> Counts:
        """Check what is there and compare it with what the manifest claims."""
        counts = Counts()
        if kind == "full":
            self._check_full(counts)
        else:
            self._check_subject(counts)
        found = {"entries": counts.entries, "blocks": counts.blocks, "head": counts.head}
        for what, value in found.items():
            if claimed[what] != value:
                self.report.add(proofs.MANIFEST, f"claims {what} {claimed[what]} of {self.name}, but {value} is there")
        return counts

    def _check_full(self, counts: Counts) -> None:
        records = _lines(self.file, proofs.records_member(self.name))
        last: Head | None = None
        for stored in _lines(self.file, proofs.blocks_member(self.name)):
            head = self._signed(stored)
            if not heads.follows(last, head):
                self.report.add(f"block {head.no} of {self.name}", f"does not follow block {last.no if last else 0}")
            leaves = [self._record(record, counts) for record in islice(records, head.count)]
            if len(leaves) != head.count or hashing.root(head.alg, leaves) != head.root32:
                self.report.add(f"block {head.no} of {self.name}", "its records are not those that were sealed")
            counts.blocks, counts.head, last = counts.blocks + 1, head.hash32().hex(), head
        for record in records:
            self.report.add(f"{_COLUMNS[self.name][0]} {record['row']['id']}", "belongs to no block")

    def _signed(self, stored: dict[str, Any]) -> Head:
        head, signature = proofs.head_in(stored)
        if head.chain != self.name or not heads.signed_by(self.keys, head.key_id, signature, head.message()):
            self.report.add(f"block {head.no} of {self.name}", "the signature does not fit")
        return head

    def _record(self, stored: dict[str, Any], counts: Counts) -> bytes:
        """Leaf of a record recomputed from its columns, after checking its commitment."""
        table, names = _COLUMNS[self.name]
        row = stored["row"]
        alg = row["alg"]
        counts.entries += 1
        if self.name == "deeds":
            leaves = proofs.leaves_in(stored["leaves"])
            if hashing.root(alg, leaves).hex() != proofs.row_in(["commit32"], row)[0].hex():
                self.report.add(f"{table} {row['id']}", "its values or versions are not those committed to")
            counts.rows += stored["versions"]
        return rows.record_leaf(table, alg, proofs.row_in(names, row))

    def _check_subject(self, counts: Counts) -> None:
        blocks = [self._signed(stored) for stored in _lines(self.file, proofs.blocks_member(self.name))]
        by_no = {head.no: head for head in blocks}
        newest = max(blocks, key=lambda head: head.no, default=None)
        for stored in _lines(self.file, proofs.records_member(self.name)):
            head = by_no.get(stored["block"])
            where = f"{_COLUMNS[self.name][0]} {stored['row']['id']}"
            if head is None or newest is None:
                self.report.add(where, f"block {stored['block']} is not in the file")
                continue
            self._check_inclusion(stored, head, where)
            if not _reaches(head, newest, stored["link"]):
                self.report.add(where, f"block {head.no} does not lead to head {newest.no}")
            counts.entries += 1
            counts.rows += len(stored["rows"])
        counts.blocks, counts.head = len(blocks), newest.hash32().hex() if newest else ""

    def _check_inclusion(self, stored: dict[str, Any], head: Head, where: str) -> None:
        table, names = _COLUMNS[self.name]
        columns = proofs.row_in(names, stored["row"])
        leaf32 = rows.record_leaf(table, stored["row"]["alg"], columns)
        if _root(head.alg, leaf32, stored["pos"], head.count, stored["path"]) != head.root32:
            self.report.add(where, f"is not in block {head.no} as it stands here")
        commit32 = columns[names.index("commit32")]
        for shown in stored["rows"]:
            if not _committed(stored["row"], shown, stored["size"], commit32):
                self.report.add(f"{where} row {shown['index']}", "is not among the rows the entry committed to")


def _root(alg: str, leaf32: bytes, index: int, size: int, siblings: list[str]) -> bytes | None:
    return hashing.root_of_path(alg, leaf32, index, size, [bytes.fromhex(sibling) for sibling in siblings])


def _committed(entry: dict[str, Any], shown: dict[str, Any], size: int, commit32: bytes) -> bool:
    """Whether a value or version belongs to the entry it names and lies under its commitment."""
    alg = entry["alg"]
    if shown["row"]["entry_id"] != entry["id"]:
        return False
    if shown["kind"] == "value":
        leaf32 = rows.value_leaf(alg, proofs.row_in(rows.VALUE, shown["row"]))
    else:
        leaf32 = rows.version_leaf(alg, *proofs.row_in(rows.VERSION, shown["row"]))
    return _root(alg, leaf32, shown["index"], size, shown["path"]) == commit32


def _reaches(head: Head, newest: Head, link: list[str]) -> bool:
    """Whether a block lies in the tree over earlier blocks that the newest head carries."""
    if head.no == newest.no:
        return head == newest
    number, index, size = hashing.peak_of(newest.no - 1, head.no - 1)
    peak = newest.peaks[number * 32 : number * 32 + 32]
    return _root("sha256", head.hash32(), index, size, link) == peak
