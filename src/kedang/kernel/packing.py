"""Bytes that are hashed are the bytes that are stored: framing, canonical JSON, packed id lists."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import orjson

_LENGTH = struct.Struct(">cI")
_INTEGER = struct.Struct(">cq")


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, as UTF-8: written once, hashed and stored as it is."""
    return orjson.dumps(value, default=_iso, option=orjson.OPT_SORT_KEYS)


def _iso(value: Any) -> str:
    """A kind of date the encoder does not know, written like any other."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def frame(*parts: str | bytes | int | None) -> bytes:
    """An unambiguous byte string of column values: tag, length, content for each part.

    Two different tuples never give the same bytes, so a hash over a frame commits to every column.
    """
    out: list[bytes] = []
    for part in parts:
        kind = type(part)
        if kind is str:
            raw = part.encode()  # type: ignore[union-attr]  # this loop runs for every row that is hashed
            out += (_LENGTH.pack(b"s", len(raw)), raw)
        elif kind is int:
            out.append(_INTEGER.pack(b"i", part))
        elif kind is bytes:
            out += (_LENGTH.pack(b"b", len(part)), part)  # type: ignore[arg-type]
        else:
            out.append(b"n" if part is None else frame(_plain(part)))
    return b"".join(out)


def _plain(part: Any) -> str | bytes | int:
    """A value of a derived type (an enum, a memoryview) as the plain one it stands for."""
    if isinstance(part, bool):
        raise TypeError("a frame holds text, bytes and integers; store a flag as 0 or 1")
    if isinstance(part, int):
        return int(part)
    return str.__str__(part) if isinstance(part, str) else bytes(memoryview(part))


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
