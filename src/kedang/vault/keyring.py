"""The keys of this installation, in files beside the database and never inside it.

`KEDANG_HOME/keys` (mode 0700) holds three rings, each one file of mode 0600 made once:

* `master`   data keys that are nobody's in particular, tags, blind indexes: all derived from it;
* `subjects` wraps the random key of each data subject, so those can be re-wrapped and an old ring key retired;
* `signing`  Ed25519 keys that sign the heads of the ledger.

A ring keeps every key under a small number. Rotating adds a key and makes it current; what older
keys sealed stays readable.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kedang.kernel.clock import now_us
from kedang.kernel.errors import KedangError

RINGS = ("master", "subjects", "signing")
LAST_ID = 0xFFFF


class KeyFileTooOpen(KedangError):
    """A key file or its folder may be read by others; nothing is read from it until that is mended."""

    code = "key_file_too_open"

    def __init__(self, path: Path, mode: int, wanted: int) -> None:
        super().__init__(f"{path} has mode {mode:04o}; run: chmod {wanted:o} {path}")


class UnknownKey(KedangError):
    """A value names a key that this ring does not hold (another installation's keys, or one retired)."""

    code = "unknown_key"


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring: its keys by number, and the number that new values use."""

    current: int
    keys: dict[int, bytes] = field(repr=False)

    def key(self, key_id: int | None = None) -> tuple[int, bytes]:
        """Number and bytes of one key, the current one by default; raises UnknownKey."""
        wanted = self.current if key_id is None else key_id
        if wanted not in self.keys:
            raise UnknownKey(f"there is no key number {wanted}")
        return wanted, self.keys[wanted]


def data_key(purpose: str, key_id: int | None = None) -> tuple[int, bytes]:
    """Number and bytes of the 32-byte key for one non-personal purpose: records, files, calls, …"""
    return _derived("master", f"data {purpose}", key_id)


def mac_key(key_id: int | None = None) -> tuple[int, bytes]:
    """Number and bytes of the key that tags ledger rows before they are sealed."""
    return _derived("master", "mac", key_id)


def blind_key() -> bytes:
    """The key of the blind indexes: of the first master key for good, as stored indexes must keep matching."""
    ring = _ring("master")
    return _derived("master", "blind", min(ring.keys))[1]


def wrapping_key(key_id: int | None = None) -> tuple[int, bytes]:
    """Number and bytes of the key that wraps subject keys."""
    return _derived("subjects", "wrap", key_id)


def signing_key() -> tuple[int, Ed25519PrivateKey]:
    """Number and private key that sign ledger heads now."""
    key_id, raw = _ring("signing").key()
    return key_id, Ed25519PrivateKey.from_private_bytes(raw)


def public_keys() -> dict[int, bytes]:
    """Raw public keys (32 bytes) of all signing keys this installation ever used, by number."""
    return {number: _public(raw) for number, raw in _ring("signing").keys.items()}


def rotate(ring: str) -> int:
    """Add a key to a ring, make it current and return its number; older keys stay readable."""
    path = _path(ring)
    _ring(ring)
    with _locked(path.parent):
        old = _read(path)
        number = max(old.keys) + 1
        if number > LAST_ID:
            raise KedangError("a ring holds at most 65535 keys")
        _put(path, Ring(number, {**old.keys, number: secrets.token_bytes(32)}))
    return number


def retire(ring: str, key_id: int) -> None:
    """Destroy an old key of a ring, once nothing that it protects is wanted; the current one cannot be retired."""
    path = _path(ring)
    with _locked(path.parent):
        old = _read(path)
        if key_id == old.current:
            raise KedangError("the current key cannot be retired; rotate first")
        old.key(key_id)
        _put(path, replace(old, keys={n: k for n, k in old.keys.items() if n != key_id}))


def _derived(ring: str, info: str, key_id: int | None) -> tuple[int, bytes]:
    number, raw = _ring(ring).key(key_id)
    return number, _hkdf(raw, info)


@lru_cache(maxsize=256)
def _hkdf(raw: bytes, info: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) of one key for one use."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"kedang " + info.encode()).derive(raw)


@lru_cache(maxsize=256)
def _public(raw: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()


def _path(ring: str) -> Path:
    if ring not in RINGS:
        raise ValueError(f"unknown ring {ring!r}; one of: {', '.join(RINGS)}")
    return Path(settings.KEDANG_HOME) / "keys" / f"{ring}.json"


_READ: dict[Path, tuple[tuple[int, ...], Ring]] = {}


def _ring(name: str) -> Ring:
    """The ring as it is on disk now, made when it does not exist yet; re-read only after a change."""
    path = _path(name)
    try:
        state = path.stat()
    except FileNotFoundError:
        _make(path)
        state = path.stat()
    stamp = (state.st_ino, state.st_mtime_ns, state.st_size, state.st_mode, path.parent.stat().st_mode)
    held = _READ.get(path)
    if held is None or held[0] != stamp:
        held = _READ[path] = (stamp, _read(path))
    return held[1]


def _read(path: Path) -> Ring:
    for place, wanted in ((path.parent, 0o700), (path, 0o600)):
        mode = place.stat().st_mode & 0o777
        if mode & 0o077:
            raise KeyFileTooOpen(place, mode, wanted)
    stored: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    keys = {int(number): base64.b64decode(raw) for number, raw in stored["keys"].items()}
    return Ring(int(stored["current"]), keys)


def _make(path: Path) -> None:
    """Make a ring with its first key; of two processes that try at once, both go on with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(path.parent):
        if not path.exists():
            _put(path, Ring(1, {1: secrets.token_bytes(32)}))


def _put(path: Path, ring: Ring) -> None:
    """Write a ring so that after a crash either the old file or the whole new one is there."""
    keys = {str(number): base64.b64encode(raw).decode() for number, raw in ring.keys.items()}
    text = json.dumps({"current": ring.current, "made_us": now_us(), "keys": keys}, indent=1)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time changes the rings of a home."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
