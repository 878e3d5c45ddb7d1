"""Blind indexes: find an encrypted telephone or identity number without a stored digest of it.

Eighteen keyed bits in all for a million values (CipherSweet's bound): 14 over the last four
characters, which people search by, and 4 over the whole value. Several values share each index, so
it narrows and never identifies: the caller decrypts the few candidates and compares.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from kedang.kernel.packing import frame
from kedang.vault.keyring import blind_key

TAIL_BITS, RESIDUAL_BITS = 14, 4


def tail_index(kind: str, value: str) -> int:
    """14 bits over the last four characters of a normalised value (E.164, upper-case number)."""
    return _bits(blind_key(), frame("tail", kind, value[-4:]), TAIL_BITS)


def residual_index(kind: str, value: str) -> int:
    """4 bits over the whole normalised value; cuts the candidates of a tail to a sixteenth."""
    return _bits(blind_key(), frame("whole", kind, value), RESIDUAL_BITS)


def indexes(kind: str, values: Sequence[str]) -> list[tuple[int, int]]:
    """(tail, residual) of many normalised values, for bulk writing."""
    key = blind_key()
    return [
        (
            _bits(key, frame("tail", kind, value[-4:]), TAIL_BITS),
            _bits(key, frame("whole", kind, value), RESIDUAL_BITS),
        )
        for value in values
    ]


def _bits(key: bytes, message: bytes, bits: int) -> int:
    return int.from_bytes(hmac.digest(key, message, "sha256")[:4], "big") >> (32 - bits)
