"""A file as a chain of sealed frames: written and read in one pass, in bounded memory.

Each frame of a mebibyte is sealed by itself and bound to the file's token, its place in the chain and
whether it is the last, so frames can not be changed, swapped, moved to another file or cut off.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from kedang.vault import cipher, keyring

MAGIC = b"KDF1"
FRAME = 1024 * 1024
PURPOSE = "files"
_LENGTH = struct.Struct(">I")


def place(token: str, index: int, *, last: bool) -> bytes:
    """What a frame is bound to."""
    return cipher.aad("files_blob", token, f"frame {index}{' last' if last else ''}")


def write(out: BinaryIO, blocks: Iterator[bytes], token: str) -> None:
    """Seal blocks of at most a mebibyte each to a stream; an empty file is one empty frame."""
    key_id, key = keyring.data_key(PURPOSE)
    out.write(MAGIC)
    index, held = 0, next(blocks, b"")
    for block in blocks:
        _write_frame(out, cipher.seal(key, held, place(token, index, last=False), key_id))
        index, held = index + 1, block
    _write_frame(out, cipher.seal(key, held, place(token, index, last=True), key_id))


def _write_frame(out: BinaryIO, sealed: bytes) -> None:
    out.write(_LENGTH.pack(len(sealed)) + sealed)


class Opened(io.RawIOBase):
    """The plain bytes of a sealed file, frame by frame; raises `Tampered` where it was touched."""

    def __init__(self, sealed: BinaryIO, token: str) -> None:
        self._sealed, self._token = sealed, token
        self._plain = b""
        self._at = 0
        self._index = 0
        self._ended = False
        if sealed.read(len(MAGIC)) != MAGIC:
            raise cipher.Tampered

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer from the present frame, opening the next one when it is used up."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while self._at >= len(self._plain) and not self._ended:
            self._next()
        part = self._plain[self._at : self._at + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _next(self) -> None:
        header = self._sealed.read(_LENGTH.size)
        if len(header) < _LENGTH.size:
            raise cipher.Tampered  # the last frame says that it is the last; here it is missing
        (length,) = _LENGTH.unpack(header)
        if length > FRAME + cipher.OVERHEAD:
            raise cipher.Tampered
        sealed = self._sealed.read(length)
        following = self._sealed.read(1)
        self._ended = not following
        if following:
            self._sealed.seek(-1, io.SEEK_CUR)
        if len(sealed) < cipher.OVERHEAD:
            raise cipher.Tampered
        key = keyring.data_key(PURPOSE, cipher.key_id_of(sealed))[1]
        self._plain = cipher.open_sealed(key, sealed, place(self._token, self._index, last=self._ended))
        self._at, self._index = 0, self._index + 1

    def close(self) -> None:
        """Close the file underneath too."""
        self._sealed.close()
        super().close()
