"""Hashes and Merkle trees of the ledger, as in RFC 6962: leaves start with 0x00, nodes with 0x01. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence

ALGORITHMS = ("sha256", "sm3")
EMPTY32 = bytes(32)
"""Commitment of an entry that has no values and no versions."""


class UnknownHash(ValueError):
    """A row or a setting names a hash that is neither sha256 nor sm3."""


def hasher(alg: str) -> Callable[[bytes], bytes]:
    """The 32-byte hash function of a name; raises UnknownHash."""
    try:
        return _HASHERS[alg]
    except KeyError:
        raise UnknownHash(f"unknown hash {alg!r}; one of: {', '.join(ALGORITHMS)}") from None


def leaf(alg: str, data: bytes) -> bytes:
    """Leaf hash of one row's bytes."""
    return hasher(alg)(b"\x00" + data)


def root(alg: str, leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash over leaf hashes; 32 zero bytes for none (a ledger block is never empty)."""
    if not leaves:
        return EMPTY32
    digest, level = hasher(alg), list(leaves)
    while len(level) > 1:
        level = _parents(digest, level)
    return level[0]


def path(alg: str, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of leaf `index`: the siblings from the leaf up, as `root_of_path` takes them."""
    digest, level, siblings = hasher(alg), list(leaves), []
    while len(level) > 1:
        if index ^ 1 < len(level):
            siblings.append(level[index ^ 1])
        level, index = _parents(digest, level), index >> 1
    return siblings


def root_of_path(alg: str, leaf32: bytes, index: int, size: int, siblings: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to, None when the path has not the length that `size` asks for."""
    digest, here, rest = hasher(alg), leaf32, iter(siblings)
    if not 0 <= index < size:
        return None
    while size > 1:
        if index ^ 1 < size:
            sibling = next(rest, None)
            if sibling is None:
                return None
            here = digest(b"\x01" + sibling + here) if index & 1 else digest(b"\x01" + here + sibling)
        index, size = index >> 1, (size + 1) >> 1
    return here if next(rest, None) is None else None


def mac(alg: str, key: bytes, leaf32: bytes) -> bytes:
    """The tag of a row that is not sealed yet: HMAC over its leaf, cut to 128 bits."""
    hasher(alg)
    return hmac.digest(key, leaf32, alg)[:16]


def push(peaks: bytes, count: int, leaf32: bytes) -> bytes:
    """Add one leaf to a growing tree of `count` leaves of which only the peaks are kept.

    Peaks are the roots of the full subtrees, largest first: one for each bit set in `count`. This
    tree runs over the hashes of blocks and uses SHA-256 whatever hash the blocks use themselves.
    """
    stack = [peaks[at : at + 32] for at in range(0, len(peaks), 32)]
    while count & 1:
        leaf32 = _sha256(b"\x01" + stack.pop() + leaf32)
        count >>= 1
    return b"".join([*stack, leaf32])


def peak_of(count: int, index: int) -> tuple[int, int, int]:
    """Where leaf `index` of `count` sits: number of its peak, its place under that peak, the peak's size."""
    start = number = 0
    for bit in range(count.bit_length() - 1, -1, -1):
        size = 1 << bit
        if not count & size:
            continue
        if index < start + size:
            return number, index - start, size
        start, number = start + size, number + 1
    raise IndexError(index)


def _parents(digest: Callable[[bytes], bytes], level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [digest(b"\x01" + left + right) for left, right in pairs]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


_HASHERS: dict[str, Callable[[bytes], bytes]] = {"sha256": _sha256, "sm3": _sm3}
