"""Which encoding a text file is in, proven by decoding all of it and not only its head.

A strict decoder over the whole file decides; where none succeeds, the one that fails least does,
and every byte it could not read becomes U+FFFD, so that the damage shows in its row.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kedang.intake.readers.grid import MEBI, Source, Unreadable
from kedang.kernel.i18n import N_

_BLOCK = 4 * MEBI
_SAMPLE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TITLES = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5": "Big5"}
_WORST = 0.02
_TEXT = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\x00\t\n\x0b\x0c\r\x1a\x1b")
_UNREADABLE = N_("The text of this file is in no encoding we know. Save it as UTF-8 or as .xlsx and send it again.")
_BINARY = N_("This file is not a table: it holds binary data. Send a .csv, .xlsx, .xls or .ods file.")


@dataclass(frozen=True, slots=True)
class Encoding:
    """Codec name, length of the byte order mark, and how many characters could not be read."""

    codec: str
    mark: int = 0
    damaged: int = 0

    @property
    def title(self) -> str:
        """The name people know."""
        return _TITLES.get(self.codec, self.codec.upper())


def detect(source: Source) -> Encoding:
    """The encoding of a whole text file; raises Unreadable for binary data and unknown encodings."""
    with source.open() as stream:
        sample = stream.read(_SAMPLE)
    marked = next(((mark, codec) for mark, codec in _MARKS if sample.startswith(mark)), None)
    if marked:
        return _counted(source, marked[1], len(marked[0]))
    wide = _wide(sample)
    if wide:
        return _counted(source, wide, 0)
    if sample.count(0) > len(sample) // 100 + 4 or len(sample.translate(None, _TEXT)) * 50 > len(sample):
        raise Unreadable("binary", _BINARY)
    return _narrow(source, sample)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of ASCII all fall on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd < max(2, len(sample) // 200):
        return ""
    codec = "utf-16-le" if odd > even else "utf-16-be"
    if min(even, odd) * 20 > max(even, odd):
        return ""
    return codec if _plausible(sample[: len(sample) // 2 * 2], codec) > 0.5 else ""


def _narrow(source: Source, sample: bytes) -> Encoding:
    if _strict(source, "utf-8"):
        return Encoding("utf-8")
    candidates = sorted(("gb18030", "big5"), key=lambda codec: -_plausible(sample, codec))
    for codec in candidates:
        if _plausible(sample, codec) > 0.6 and _strict(source, codec):
            return Encoding(codec)
    least = min((_counted(source, codec, 0, worst=1.0) for codec in ("utf-8", *candidates)), key=lambda e: e.damaged)
    return _counted(source, least.codec, 0)


def _strict(source: Source, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for block in _blocks(source, 0):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _counted(source: Source, codec: str, mark: int, worst: float = _WORST) -> Encoding:
    """Decode all of it, counting what can not be read; too much of that is no encoding at all."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    damaged = sum(decoder.decode(block).count("\ufffd") for block in _blocks(source, mark))
    if damaged > max(3, source.size * worst):
        raise Unreadable("encoding", _UNREADABLE)
    return Encoding(codec, mark, damaged)


def _blocks(source: Source, skip: int) -> Iterator[bytes]:
    with source.open() as stream:
        stream.read(skip)
        while block := stream.read(_BLOCK):
            yield block


def _plausible(sample: bytes, codec: str) -> float:
    """Share of the non-ASCII characters that are everyday Chinese or its punctuation."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    foreign = [char for char in text[:20_000] if char > "\x7f"]
    if not foreign:
        return 1.0
    return sum(map(_everyday, foreign)) / len(foreign)


def _everyday(char: str) -> bool:
    """In the first level of GB 2312 or of Big5, or a sign of Chinese typesetting."""
    if "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" or "\u2010" <= char <= "\u2026":
        return True
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            return first <= char.encode(codec)[0] <= last
        except UnicodeEncodeError:
            continue
    return False


def decoded(stream: BinaryIO, encoding: Encoding) -> Iterator[tuple[str, int]]:
    """The text of a stream in blocks, each with the number of bytes read so far; strict unless damage is known."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace" if encoding.damaged else "strict")
    done = len(stream.read(encoding.mark))
    while block := stream.read(_BLOCK):
        done += len(block)
        yield decoder.decode(block), done
    yield decoder.decode(b"", final=True), done
