"""Heads written down outside the database: one line per block in `KEDANG_HOME/anchors`.

Whoever rewrites or cuts the database cannot make these lines agree; whoever copies them away (print,
mail, another disk) can show it later, by `verify(against=…)`. Pure file work; a line that a crash cut
short is dropped before the next one is written.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from kedang.kernel.packing import canonical_json
from kedang.ledger.rows import Head


@dataclass(frozen=True, slots=True)
class Line:
    """One head as it is written down; `no` is 0 for a line that cannot be read."""

    chain: str
    no: int
    hash32: bytes


_LONGEST_LINE = 4096
UNREADABLE = Line("", 0, b"")


def line_of(head: Head, signature: bytes) -> dict[str, Any]:
    """A head as a JSON object: what a person keeps, and another program can check the signature of."""
    return {
        "chain": head.chain,
        "no": head.no,
        "size": head.first + head.count,
        "head": head.hash32().hex(),
        "alg": head.alg,
        "at_us": head.sealed_at_us,
        "key_id": head.key_id,
        "signature": signature.hex(),
    }


def write_down(path: Path, heads: Iterable[tuple[Head, bytes]]) -> None:
    """Add the heads that come after the last line of the file, in order, and force them to disk.

    Any number of sealers may call this at once with overlapping heads: each block gets one line.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, whole = _last_whole_line(file)
        file.truncate(whole)
        fresh = [canonical_json(line_of(head, signature)) + b"\n" for head, signature in heads if head.no > last]
        file.seek(0, os.SEEK_END)
        file.write(b"".join(fresh))
        file.flush()
        os.fsync(file.fileno())


def last_line_no(path: Path) -> int:
    """Number of the block on the last whole line; 0 when there is none."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return _last_whole_line(file)[0]


def size(path: Path) -> int:
    """Bytes in the file now, 0 when there is no file."""
    return path.stat().st_size if path.exists() else 0


def read(path: Path, upto: int) -> Iterator[Line]:
    """The lines among the first `upto` bytes; a last line without its end is a write cut short and left out."""
    if upto == 0:
        return
    with path.open("rb") as file:
        while (room := upto - file.tell()) > 0:
            raw = file.readline(room)
            if raw.endswith(b"\n"):
                yield _parsed(raw)


def _parsed(raw: bytes) -> Line:
    try:
        stored = orjson.loads(raw)
        return Line(str(stored["chain"]), int(stored["no"]), bytes.fromhex(stored["head"]))
    except (ValueError, KeyError, TypeError):
        return UNREADABLE


def _last_whole_line(file: Any) -> tuple[int, int]:
    """Block number on the last whole line, and where that line ends in the file."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _LONGEST_LINE))
    raw = file.read()
    whole = raw[: raw.rfind(b"\n") + 1]
    return (_parsed(whole.splitlines()[-1]).no if whole else 0), end - (len(raw) - len(whole))
