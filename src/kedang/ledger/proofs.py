"""The form of a proof file: a zip of JSON lines whose last bytes sign all the bytes before them. Pure.

`manifest.json`         what the file claims: format, kind, counts, head per chain, public keys
`<chain>-blocks.jsonl`  blocks with their signatures, in order
`<chain>.jsonl`         records in sealed order, with the leaves of their rows (kind `full`), or with
                        audit paths row → entry → block → head (kind `subject`)

Bytes are base64, digests hex. Rows themselves (ciphertext) are in a subject's file only.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from kedang.kernel.packing import frame
from kedang.ledger.rows import Head

FORMAT = "kedang-ledger-proof"
VERSION = 1
MANIFEST = "manifest.json"
_BINARY = frozenset({"body", "commit32", "ids", "query_digest", "ct", "delta_ct"})
_TRAILER = "kedang proof key {key_id:05d} signature {signature}"
TRAILER_BYTES = len(_TRAILER.format(key_id=0, signature="0" * 128))
_PORTION = 1 << 20


class NotAProof(ValueError):
    """The file is no proof file, or its end was cut off."""


def blocks_member(chain: str) -> str:
    """Name of the member with the blocks of a chain."""
    return f"{chain}-blocks.jsonl"


def records_member(chain: str) -> str:
    """Name of the member with the records of a chain."""
    return f"{chain}.jsonl"


def row_out(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """A stored row as JSON."""
    return {
        name: base64.b64encode(bytes(value)).decode() if name in _BINARY else value
        for name, value in zip(names, values, strict=False)
    }


def row_in(names: Sequence[str], stored: Mapping[str, Any]) -> list[Any]:
    """The columns of a row from JSON, in hashing order; `KeyError` and `ValueError` when it is not one."""
    return [base64.b64decode(stored[name], validate=True) if name in _BINARY else stored[name] for name in names]


def leaves_out(leaves: Sequence[bytes]) -> str:
    """Many digests as one text."""
    return base64.b64encode(b"".join(leaves)).decode()


def leaves_in(stored: str) -> list[bytes]:
    """The digests of `leaves_out`."""
    raw = base64.b64decode(stored, validate=True)
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]


def head_out(head: Head, signature: bytes) -> dict[str, Any]:
    """A block as JSON."""
    stored = {field.name: getattr(head, field.name) for field in fields(Head)}
    hexed = {name: value.hex() if isinstance(value, bytes) else value for name, value in stored.items()}
    return {**hexed, "signature": signature.hex()}


def head_in(stored: Mapping[str, Any]) -> tuple[Head, bytes]:
    """Block and signature from JSON; `KeyError` and `ValueError` when it is not one."""
    parts = {field.name: stored[field.name] for field in fields(Head)}
    for name in ("root32", "prev32", "peaks"):
        parts[name] = bytes.fromhex(parts[name])
    return Head(**parts), bytes.fromhex(stored["signature"])


def trailer(key_id: int, signature: bytes) -> bytes:
    """The last bytes of a proof file (they are the comment of the zip)."""
    return _TRAILER.format(key_id=key_id, signature=signature.hex()).encode()


def sign(path: Path, key_id: int, signer: Callable[[bytes], bytes]) -> None:
    """Put the signature over all other bytes at the end of a file that was closed with an empty trailer."""
    signature = signer(signed_message(path))
    with path.open("r+b") as file:
        file.seek(-TRAILER_BYTES, 2)
        file.write(trailer(key_id, signature))


def signed_message(path: Path) -> bytes:
    """The bytes that the trailer's signature is over."""
    digest, left = hashlib.sha256(), path.stat().st_size - TRAILER_BYTES
    with path.open("rb") as file:
        while left > 0:
            portion = file.read(min(_PORTION, left))
            digest.update(portion)
            left -= len(portion)
    return frame("kedang ledger proof file", digest.digest())


def read_trailer(path: Path) -> tuple[int, bytes]:
    """Key number and signature at the end of a file; raises NotAProof."""
    if path.stat().st_size < TRAILER_BYTES:
        raise NotAProof("no signature at its end")
    with path.open("rb") as file:
        file.seek(-TRAILER_BYTES, 2)
        raw = file.read()
    try:
        words = raw.decode("ascii").split(" ")
        key_id, signature = int(words[3]), bytes.fromhex(words[5])
    except (ValueError, IndexError):
        raise NotAProof("no signature at its end") from None
    if trailer(key_id, signature) != raw:
        raise NotAProof("no signature at its end")
    return key_id, signature
