"""Sealing of single values: authenticated encryption that binds a value to its place.

A sealed value is `suite (1) | key id (2) | nonce (12) | ciphertext and tag`. The first three bytes
and the caller's place (`aad`) are authenticated, so a value copied to another row, column or key
does not open.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kedang.kernel.errors import KedangError
from kedang.kernel.packing import frame

AES_256_GCM, SM4_GCM = 1, 2
SUITES = {"aes-256-gcm": AES_256_GCM, "sm4-gcm": SM4_GCM}
NONCE, TAG = 12, 16
_HEADER = struct.Struct(">BH")
OVERHEAD = _HEADER.size + NONCE + TAG
"""Bytes a sealed value is longer than its plain text."""


class Tampered(KedangError):
    """A sealed value does not open: changed, moved, cut, or sealed under another key."""

    code = "tampered"

    def __init__(self) -> None:
        super().__init__("a sealed value does not open")


def aad(table: str, pk: int | str, field: str) -> bytes:
    """The place of a value, as bytes to bind it to."""
    return frame(table, pk, field)


def suite_in_force() -> int:
    """The suite byte of new values, by `settings.CIPHER`; `ValueError` for an unknown name."""
    try:
        return SUITES[settings.CIPHER]
    except KeyError:
        raise ValueError(f"unknown cipher {settings.CIPHER!r}; one of: {', '.join(SUITES)}") from None


def seal(key: bytes, plain: bytes, aad: bytes, key_id: int = 0) -> bytes:
    """Encrypt `plain` under a 32-byte key, bound to `aad` and `key_id` (0 to 65535)."""
    suite = suite_in_force()
    head = _HEADER.pack(suite, key_id)
    nonce = os.urandom(NONCE)
    return head + nonce + _SEAL[suite](key, nonce, plain, head + aad)


def seal_many(keys: Sequence[bytes], plains: Sequence[bytes], aads: Sequence[bytes], key_id: int = 0) -> list[bytes]:
    """Seal many values, each under its own key and place; the three sequences have one length."""
    suite = suite_in_force()
    head, nonces = _HEADER.pack(suite, key_id), os.urandom(NONCE * len(plains))
    encrypt, out = _SEAL[suite], []
    for at, (key, plain, place) in enumerate(zip(keys, plains, aads, strict=True)):
        nonce = nonces[at * NONCE : at * NONCE + NONCE]
        out.append(head + nonce + encrypt(key, nonce, plain, head + place))
    return out


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plain text of a sealed value; raises Tampered, which names neither key nor content."""
    if len(sealed) < OVERHEAD or sealed[0] not in _OPEN:
        raise Tampered
    head, nonce, rest = sealed[:3], sealed[3 : 3 + NONCE], sealed[3 + NONCE :]
    try:
        return _OPEN[head[0]](key, nonce, rest, head + aad)
    except InvalidTag:
        raise Tampered from None


def key_id_of(sealed: bytes) -> int:
    """Under which key id a value was sealed; raises Tampered when it is no sealed value."""
    if len(sealed) < OVERHEAD:
        raise Tampered
    return int(_HEADER.unpack_from(sealed)[1])


def _aes_seal(key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, place)


def _aes_open(key: bytes, nonce: bytes, rest: bytes, place: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, rest, place)


def _sm4_key(key: bytes) -> bytes:
    """SM4 (GB/T 32907) has 128-bit keys; ours have 256 bits, so one is derived."""
    return hashlib.sha256(b"kedang sm4-gcm key" + key).digest()[:16]


def _sm4_seal(key: bytes, nonce: bytes, plain: bytes, place: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(place)
    return worker.update(plain) + worker.finalize() + worker.tag


def _sm4_open(key: bytes, nonce: bytes, rest: bytes, place: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, rest[-TAG:])).decryptor()
    worker.authenticate_additional_data(place)
    return worker.update(rest[:-TAG]) + worker.finalize()


_Work = Callable[[bytes, bytes, bytes, bytes], bytes]
_SEAL: dict[int, _Work] = {AES_256_GCM: _aes_seal, SM4_GCM: _sm4_seal}
_OPEN: dict[int, _Work] = {AES_256_GCM: _aes_open, SM4_GCM: _sm4_open}
