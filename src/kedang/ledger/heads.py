"""Blocks as rows and as heads: reading, signing and checking them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kedang.ledger.hashing import push
from kedang.ledger.rows import Head

COLUMNS = (
    "no", "first", "count", "horizon", "root32", "prev32", "peaks", "sealed_at_us", "alg", "key_id", "signature",
)  # fmt: skip
START32 = bytes(32)
"""What the first block has for the hash of the block before it."""


def from_row(chain: str, row: tuple[Any, ...]) -> tuple[Head, bytes]:
    """Head and signature of one row of a block table selected by `COLUMNS`."""
    no, first, count, horizon, root32, prev32, peaks, at_us, alg, key_id, signature = row
    head = Head(
        chain, no, first, count, horizon, bytes(root32), bytes(prev32), bytes(peaks), at_us, alg, key_id
    )  # fmt: skip
    return head, bytes(signature)


def selected(table: str, where: str = "") -> str:
    """The statement that reads blocks in order."""
    quoted = ", ".join(f'"{name}"' for name in COLUMNS)
    return f'SELECT {quoted} FROM "{table}" {where} ORDER BY "no"'  # noqa: S608 - names are ours


def follows(last: Head | None, head: Head) -> bool:
    """Whether a block is the next one after `last` (None: the first): number, count, hash and tree fit."""
    if last is None:
        return (head.no, head.first, head.prev32, head.peaks) == (1, 0, START32, b"")
    prev32 = last.hash32()
    wanted = (last.no + 1, last.first + last.count, prev32, push(last.peaks, last.no - 1, prev32))
    return (head.no, head.first, head.prev32, head.peaks) == wanted


def signed_by(keys: Mapping[int, bytes], key_id: int, signature: bytes, message: bytes) -> bool:
    """Whether one of these raw Ed25519 public keys made the signature under that number."""
    raw = keys.get(key_id)
    if raw is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def heads_after(cursor: Any, chain: str, table: str, no: int) -> Iterator[tuple[Head, bytes]]:
    """Heads of a chain with numbers above `no`, in order."""
    cursor.execute(selected(table, f'WHERE "no" > {int(no)}'))
    for row in cursor:
        yield from_row(chain, row)


def fingerprint(public_key: bytes) -> str:
    """A public key as a person compares it: the first half of its SHA-256, in groups of four hex digits."""
    text = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))
