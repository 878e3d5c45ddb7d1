"""Putting files away under KEDANG_HOME/files and taking them out again; nothing lies there in plain."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from kedang.files import scanning, sealing
from kedang.files.models import Blob
from kedang.files.sniff import kind_of
from kedang.kernel import clock
from kedang.kernel.errors import KedangError
from kedang.kernel.i18n import N_
from kedang.vault import cipher, keyring

_TOO_LARGE = N_("The file is larger than %(limit)s MB.")
_UNFINISHED = ".part"
_LONGEST_NAME = 200


class TooLarge(KedangError):
    """The file is larger than this site takes in."""

    code = "too_large"

    def __init__(self, limit_mb: int) -> None:
        super().__init__(_TOO_LARGE % {"limit": limit_mb})
        self.sentence, self.params = _TOO_LARGE, {"limit": limit_mb}


def put(
    stream: BinaryIO, name: str, by: str, *, limit_mb: int | None = None, kind: str = "", purpose: str = ""
) -> Blob:
    """Seal a stream into the store; raises TooLarge, and Refused where the virus scanner finds something or does not
    answer; then nothing is left behind.

    `name` is what the file was called where it came from, `by` the person who brought it, `kind` what was found out
    about it already, `purpose` what it is kept for.
    """
    token = secrets.token_hex(16)
    path = _path(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reading = _Measured(stream, settings.UPLOAD_MAX_MB if limit_mb is None else limit_mb)
    unfinished = path.with_suffix(_UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            sealing.write(out, reading.blocks(), token)
            out.flush()
            os.fsync(out.fileno())
        with _opened(unfinished, token) as sealed:
            scanning.require_clean(sealed)
        unfinished.replace(path)
        return Blob.objects.create(
            token=token,
            sha256=reading.digest.hexdigest(),
            size=reading.size,
            kind=kind or kind_of(reading.head).value,
            name_ct=_seal_name(name, token),
            by_ref=by,
            purpose=purpose,
            created_us=clock.now_us(),
        )
    except BaseException:
        unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


def open_(blob: Blob) -> BinaryIO:
    """A stream of the plain bytes; reading raises `Tampered` when the stored file was touched."""
    return _opened(_path(blob.token), blob.token)


def name_of(blob: Blob) -> str:
    """What the file was called where it came from; empty once it was destroyed."""
    sealed = bytes(blob.name_ct)
    if not sealed:
        return ""
    key = keyring.data_key(sealing.PURPOSE, cipher.key_id_of(sealed))[1]
    return cipher.open_sealed(key, sealed, _name_place(blob.token)).decode()


def verify(blob: Blob) -> bool:
    """Whether the stored bytes are those that were put in: every frame opens, digest and size agree."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_(blob) as stream:
            while block := stream.read(sealing.FRAME):
                digest.update(block)
                size += len(block)
    except (cipher.Tampered, FileNotFoundError):
        return False
    return digest.hexdigest() == blob.sha256 and size == blob.size


def remove(blob: Blob) -> None:
    """Forget a file: the row first, so that a crash leaves a stray file for `sweep` and no dangling row."""
    path = _path(blob.token)
    blob.delete()
    path.unlink(missing_ok=True)


def shred(blob: Blob) -> None:
    """Destroy what a file holds and how it was called; that it was there, and its digest, stay known."""
    blob.name_ct = b""
    blob.save(update_fields=["name_ct"])
    _path(blob.token).unlink(missing_ok=True)


def is_there(blob: Blob) -> bool:
    """Whether the bytes are still kept."""
    return _path(blob.token).exists()


def sweep(older_than_us: int) -> int:
    """Delete stored files without a row that are older than an instant; return how many."""
    gone = 0
    for folder in sorted(path for path in _root().glob("*") if path.is_dir()):
        old = [path for path in folder.iterdir() if path.stat().st_mtime * 1_000_000 < older_than_us]
        rows = Blob.objects.filter(token__gte=folder.name, token__lt=f"{folder.name}g")
        kept = set(rows.values_list("token", flat=True)) if old else set()
        for path in old:
            if path.name not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


@dataclass(frozen=True, slots=True)
class BlobSource:
    """A stored file as the readers of intake take it: a name, a size, and a stream as often as asked."""

    blob: Blob

    @property
    def name(self) -> str:
        """What the file was called."""
        return name_of(self.blob)

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.blob.size

    def open(self) -> BinaryIO:
        """A new stream at the first byte."""
        return open_(self.blob)


class _Measured:
    """A stream read in frames while it is counted, hashed and capped."""

    def __init__(self, stream: BinaryIO, limit_mb: int) -> None:
        self._stream, self._limit_mb = stream, limit_mb
        self.digest, self.size, self.head = hashlib.sha256(), 0, b""

    def blocks(self) -> Iterator[bytes]:
        while block := self._stream.read(sealing.FRAME):
            self.head = self.head or block[:8192]
            self.size += len(block)
            if self.size > self._limit_mb * 1024 * 1024:
                raise TooLarge(self._limit_mb)
            self.digest.update(block)
            yield block


def _opened(path: Path, token: str) -> io.BufferedReader:
    return io.BufferedReader(sealing.Opened(path.open("rb"), token), sealing.FRAME)


def _root() -> Path:
    return Path(settings.KEDANG_HOME) / "files"


def _path(token: str) -> Path:
    return _root() / token[:2] / token


def _seal_name(name: str, token: str) -> bytes:
    key_id, key = keyring.data_key(sealing.PURPOSE)
    bare = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "")[-_LONGEST_NAME:]
    return cipher.seal(key, bare.encode(errors="replace"), _name_place(token), key_id)


def _name_place(token: str) -> bytes:
    return cipher.aad("files_blob", token, "name")
