"""Bytes that are hashed are the bytes that are stored: framing, canonical JSON, packed id lists."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

_LENGTH = struct.Struct(">I")
_INTEGER = struct.Struct(">q")


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, as UTF-8: written once, hashed and stored as it is."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def frame(*parts: str | bytes | int | None) -> bytes:
    """An unambiguous byte string of column values: tag, length, content for each part.

    Two different tuples never give the same bytes, so a hash over a frame commits to every column.
    """
    out = bytearray()
    for part in parts:
        if part is None:
            out += b"n"
        elif isinstance(part, bool):
            raise TypeError("a frame holds text, bytes and integers; store a flag as 0 or 1")
        elif isinstance(part, int):
            out += b"i"
            out += _INTEGER.pack(part)
        else:
            raw = part.encode() if isinstance(part, str) else bytes(part)
            out += b"s" if isinstance(part, str) else b"b"
            out += _LENGTH.pack(len(raw))
            out += raw
    return bytes(out)


def pack_ids(ids: Iterable[int]) -> bytes:
    """Sorted distinct ids as delta varints: fifty ids of one page take about 120 bytes."""
    out = bytearray()
    last = 0
    for number in sorted(set(ids)):
        delta = number - last
        last = number
        while delta > 0x7F:
            out.append((delta & 0x7F) | 0x80)
            delta >>= 7
        out.append(delta)
    return bytes(out)


def unpack_ids(packed: bytes) -> Sequence[int]:
    """The ids of `pack_ids`, in rising order."""
    ids: list[int] = []
    last = shift = delta = 0
    for byte in packed:
        delta |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            continue
        last += delta
        ids.append(last)
        delta = shift = 0
    return ids
