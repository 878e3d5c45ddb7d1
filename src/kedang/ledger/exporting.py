"""Writing proof files: the whole ledger, or everything about one subject with the paths up to the head."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from kedang.kernel.clock import now_us
from kedang.kernel.packing import canonical_json
from kedang.ledger import hashing, heads, proofs, rows
from kedang.ledger.chains import CHAINS, DEEDS, Chain
from kedang.ledger.reading import Snapshot, snapshot
from kedang.ledger.rows import Head
from kedang.ledger.sealing import seal
from kedang.vault import keyring


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a proof file, by chain: entries, blocks and head."""

    path: Path
    chains: dict[str, dict[str, Any]]


def export(out: Path, subject: str | None = None, *, dossier: int | None = None) -> Exported:
    """Seal what is ready, then write a proof file that `check` verifies without the database.

    Without arguments it holds the whole of both chains. With `subject` (and `dossier`, the id whose
    versions bulk deeds wrote) it holds the entries on that subject, their sealed values and versions,
    and the audit paths to the newest head: small, however large the ledger is.
    """
    seal()
    fresh = out.with_name(f".{out.name}.new")
    fresh.touch(mode=0o600)
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = proofs.trailer(0, bytes(64))
        if subject is None:
            chains = {chain.name: _whole(file, chain) for chain in CHAINS}
        else:
            chains = {DEEDS.name: _about(file, subject, dossier)}
        _write_manifest(file, "full" if subject is None else "subject", subject or "", chains)
    key_id, key = keyring.signing_key()
    proofs.sign(fresh, key_id, key.sign)
    fresh.replace(out)
    return Exported(out, chains)


def _write_manifest(file: zipfile.ZipFile, kind: str, subject: str, chains: dict[str, dict[str, Any]]) -> None:
    keys = {str(number): raw.hex() for number, raw in keyring.public_keys().items()}
    manifest = {
        "format": proofs.FORMAT, "v": proofs.VERSION, "kind": kind, "subject": subject,
        "made_us": now_us(), "keys": keys, "chains": chains,
    }  # fmt: skip
    file.writestr(proofs.MANIFEST, canonical_json(manifest))


def _line(member: IO[bytes], value: dict[str, Any]) -> None:
    member.write(canonical_json(value) + b"\n")


def _whole(file: zipfile.ZipFile, chain: Chain) -> dict[str, Any]:
    claim: dict[str, Any] = {"entries": 0, "blocks": 0, "head": ""}
    with snapshot(chain) as db:
        with file.open(proofs.blocks_member(chain.name), "w", force_zip64=True) as member:
            for row in db.stream(heads.selected(chain.blocks)):
                head, signature = heads.from_row(chain.name, row)
                _line(member, proofs.head_out(head, signature))
                claim["blocks"] += 1
                claim["head"] = head.hash32().hex()
        with file.open(proofs.records_member(chain.name), "w", force_zip64=True) as member:
            for line in _records(db, chain):
                _line(member, line)
                claim["entries"] += 1
    return claim


def _records(db: Snapshot, chain: Chain) -> Iterator[dict[str, Any]]:
    """Records in sealed order; entries with the leaves of their values and versions."""
    kin = [_leaves(db, table, order) for table, order in _KIN] if chain is DEEDS else []
    for row in db.stream(
        f"SELECT {chain.selected} FROM {chain.sealed} s JOIN {chain.table} e ON e.id = s.entry_id "  # noqa: S608
        "ORDER BY s.block, s.pos"
    ):
        line: dict[str, Any] = {"row": proofs.row_out(chain.columns, row)}
        if kin:
            values, versions = kin[0].of(row[0]), kin[1].of(row[0])
            line |= {"leaves": proofs.leaves_out(values + versions), "versions": len(versions)}
        yield line


_KIN = (("ledger_value", "v.pos"), ("ledger_version", "v.dossier, v.no"))


class _Leaves:
    """Leaves by entry, read in step with the entries in sealed order."""

    def __init__(self, stream: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(stream, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, entry_id: int) -> list[bytes]:
        if self._next is None or self._next[0] != entry_id:
            return []
        leaves = [bytes(leaf32) for _, leaf32 in self._next[1]]
        self._next = next(self._groups, None)
        return leaves


def _leaves(db: Snapshot, table: str, order: str) -> _Leaves:
    return _Leaves(
        db.stream(
            f"SELECT v.entry_id, v.leaf32 FROM {DEEDS.sealed} s JOIN {table} v ON v.entry_id = s.entry_id "  # noqa: S608
            f"ORDER BY s.block, s.pos, {order}"
        )
    )


@dataclass(slots=True)
class _Paths:
    """Audit paths out of one snapshot, with what was read for them."""

    db: Snapshot
    hashes: list[bytes] = field(default_factory=list)
    found: dict[int, tuple[Head, bytes]] = field(default_factory=dict)
    leaves: dict[int, list[bytes]] = field(default_factory=dict)

    def block(self, no: int) -> tuple[Head, bytes]:
        """A block and its signature."""
        if no not in self.found:
            row = next(self.db.stream(heads.selected(DEEDS.blocks, f'WHERE "no" = {int(no)}')))
            self.found[no] = heads.from_row(DEEDS.name, row)
        return self.found[no]

    def to_root(self, no: int, pos: int) -> list[bytes]:
        """From a record up to the root of its block."""
        if no not in self.leaves:
            self.leaves[no] = [
                bytes(leaf32)
                for (leaf32,) in self.db.stream(
                    f"SELECT e.leaf32 FROM {DEEDS.sealed} s JOIN {DEEDS.table} e ON e.id = s.entry_id "  # noqa: S608
                    f"WHERE s.block = {int(no)} ORDER BY s.pos"
                )
            ]
        return hashing.path(self.block(no)[0].alg, self.leaves[no], pos)

    def to_head(self, no: int) -> list[bytes]:
        """From a block up to its peak in the newest head; empty for the newest block itself."""
        earlier = len(self.hashes) - 1
        if no > earlier:
            return []
        _, index, size = hashing.peak_of(earlier, no - 1)
        start = no - 1 - index
        return hashing.path("sha256", self.hashes[start : start + size], index)


def _about(file: zipfile.ZipFile, subject: str, dossier: int | None) -> dict[str, Any]:
    with snapshot(DEEDS) as db:
        paths = _Paths(db)
        for row in db.stream(heads.selected(DEEDS.blocks)):
            paths.hashes.append(heads.from_row(DEEDS.name, row)[0].hash32())
        entries = 0
        with file.open(proofs.records_member(DEEDS.name), "w") as member:
            for row in db.stream(_entries_about(subject, dossier)):
                _line(member, _proved(paths, row, dossier))
                entries += 1
        if paths.hashes:
            paths.block(len(paths.hashes))
        with file.open(proofs.blocks_member(DEEDS.name), "w") as member:
            for no in sorted(paths.found):
                _line(member, proofs.head_out(*paths.found[no]))
    newest = paths.hashes[-1].hex() if paths.hashes else ""
    return {"entries": entries, "blocks": len(paths.found), "head": newest}


def _entries_about(subject: str, dossier: int | None) -> str:
    quoted = subject.replace("'", "''").replace("\0", "")
    wanted = f"e.subject_ref = '{quoted}'"
    if dossier is not None:
        of_dossier = f"SELECT v.entry_id FROM ledger_version v WHERE v.dossier = {int(dossier)}"  # noqa: S608
        wanted = f"({wanted} OR e.id IN ({of_dossier}))"
    return (
        f"SELECT {DEEDS.selected}, s.block, s.pos FROM {DEEDS.sealed} s "  # noqa: S608 - quoted above
        f"JOIN {DEEDS.table} e ON e.id = s.entry_id WHERE {wanted} ORDER BY s.block, s.pos"
    )


def _proved(paths: _Paths, row: tuple[Any, ...], dossier: int | None) -> dict[str, Any]:
    """An entry with its rows and the paths row → entry → block → head."""
    columns, block, pos = row[:-2], row[-2], row[-1]
    entry = proofs.row_out(rows.ENTRY, columns)
    leaves, shown = _rows_of(paths.db, row[0], entry["alg"], dossier)
    return {
        "row": entry,
        "block": block,
        "pos": pos,
        "path": _hexed(paths.to_root(block, pos)),
        "link": _hexed(paths.to_head(block)),
        "size": len(leaves),
        "rows": [part | {"path": _hexed(hashing.path(entry["alg"], leaves, part["index"]))} for part in shown],
    }


def _rows_of(db: Snapshot, entry_id: int, alg: str, dossier: int | None) -> tuple[list[bytes], list[dict[str, Any]]]:
    """All leaves of an entry, and its values and this dossier's versions as they are stored."""
    leaves: list[bytes] = []
    shown: list[dict[str, Any]] = []
    for kind, names, table, order in (
        ("value", rows.VALUE, "ledger_value", "pos"),
        ("version", rows.VERSION, "ledger_version", "dossier, no"),
    ):
        listed = ", ".join(names)
        for row in db.stream(f"SELECT {listed}, leaf32 FROM {table} WHERE entry_id = {int(entry_id)} ORDER BY {order}"):  # noqa: S608
            if kind == "value" or dossier is None or row[1] == dossier:
                shown.append({"kind": kind, "index": len(leaves), "row": proofs.row_out(names, row)})
            leaves.append(bytes(row[-1]))
    return leaves, shown


def _hexed(digests: Sequence[bytes]) -> list[str]:
    return [digest.hex() for digest in digests]
