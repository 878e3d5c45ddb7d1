"""What of each ledger row is hashed: every column, in the order given here, as stored bytes. Pure.

Other programs verify proof files by these lists; columns are added at the end of a new list under a
new name, never changed.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kedang.kernel.packing import frame
from kedang.ledger.hashing import hasher, leaf, mac

ENTRY = (
    "id", "xid", "at_us", "op", "outcome", "actor_id", "actor_kind", "credential", "on_behalf", "unit",
    "subject_ref", "call_id", "cause", "pack_version", "n_rows", "body", "commit32", "alg",
)  # fmt: skip
LOOK = (
    "id", "xid", "at_us", "kind", "actor_id", "actor_kind", "credential", "on_behalf", "unit",
    "purpose", "call_id", "fields", "n_ids", "first_id", "last_id", "ids", "query_digest", "alg",
)  # fmt: skip
VALUE = ("entry_id", "pos", "subject_ref", "field", "key_id", "ct")
VERSION = ("entry_id", "dossier", "no", "batch", "delta_ct")

_VERSION_HEAD = frame("ledger_version")
_VERSION_FRAME = struct.Struct(">cqcqcqcqcI")
_MAC_KEY = struct.Struct(">H")


def record_leaf(table: str, alg: str, columns: Sequence[Any]) -> bytes:
    """Leaf of an entry or a look over all its columns (`ENTRY`, `LOOK`)."""
    return leaf(alg, frame(table, *columns))


def value_leaf(alg: str, columns: Sequence[Any]) -> bytes:
    """Leaf of a sealed value over `VALUE`."""
    return leaf(alg, frame("ledger_value", *columns))


def version_leaf(alg: str, entry_id: int, dossier: int, no: int, batch: int, delta_ct: bytes) -> bytes:
    """Leaf of a version over `VERSION`; the same bytes as a `frame`, made three times faster."""
    numbers = _VERSION_FRAME.pack(b"i", entry_id, b"i", dossier, b"i", no, b"i", batch, b"b", len(delta_ct))
    return hasher(alg)(b"\x00" + _VERSION_HEAD + numbers + delta_ct)


def tag(alg: str, key_id: int, key: bytes, leaf32: bytes) -> bytes:
    """The stored `mac` of a record: number of the key, then the tag over its leaf."""
    return _MAC_KEY.pack(key_id) + mac(alg, key, leaf32)


def key_of_tag(stored: bytes) -> int:
    """The key number in a stored `mac`; `ValueError` when it is not one."""
    if len(stored) != _MAC_KEY.size + 16:
        raise ValueError("not a tag")
    return int(_MAC_KEY.unpack_from(stored)[0])


@dataclass(frozen=True, slots=True)
class Head:
    """A block as it is hashed and signed: what it holds and all that came before it.

    `first` counts the records sealed before this block, `horizon` tells the sealer where it may go on,
    `prev32` is the hash of the block before, `peaks` the tree over the hashes of all blocks before.
    """

    chain: str
    no: int
    first: int
    count: int
    horizon: int
    root32: bytes
    prev32: bytes
    peaks: bytes
    sealed_at_us: int
    alg: str
    key_id: int

    def hash32(self) -> bytes:
        """The head of the ledger as of this block."""
        return hasher(self.alg)(
            frame(
                "kedang ledger block", self.chain, self.no, self.first, self.count, self.horizon, self.root32,
                self.prev32, self.peaks, self.sealed_at_us, self.alg, self.key_id,
            )
        )  # fmt: skip

    def message(self) -> bytes:
        """The bytes that the block's signature is over."""
        return frame("kedang ledger head", self.hash32())


def anchor_message(chain: str, block: int, place: str, at_us: int, key_id: int, head32: bytes) -> bytes:
    """The bytes that the receipt of an anchor is over."""
    return frame("kedang ledger anchor", chain, block, place, at_us, key_id, head32)
