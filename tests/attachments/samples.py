"""Small files of every kind, good and hostile, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import lru_cache

import typst


def png(width: int = 60, height: int = 40, colour: bytes = b"\x30\x60\xa0", text: bytes = b"") -> bytes:
    """A picture of one colour; `text` is hidden in a comment."""
    raw = zlib.compress((b"\0" + colour * width) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    note = _chunk(b"tEXt", b"Comment\0" + text) if text else b""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + note + _chunk(b"IDAT", raw) + _chunk(b"IEND", b"")


def bomb() -> bytes:
    """A picture of a few kilobytes that claims ten gigabytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(bytes(4_000_000)))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@lru_cache
def pdf(text: str = "Contract", pages: int = 2) -> bytes:
    """A PDF of some pages."""
    body = "#pagebreak()\n".join(f"{text} {number}\n" for number in range(pages))
    made = typst.compile(body.encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def zipped(*names: str, content: bytes = b"x") -> bytes:
    """An archive of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
PPTX = zipped("[Content_Types].xml", "ppt/presentation.xml")
OFD = zipped("OFD.xml", "Doc_0/Document.xml")
XLSM = zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
DOC = OLE + "WordDocument".encode("utf-16-le")
DOC_WITH_MACROS = DOC + "_VBA_PROJECT".encode("utf-16-le")
EXE = b"MZ\x90" + bytes(57) + struct.pack("<I", 64) + b"PE\0\0" + bytes(64)
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24)
TIFF = b"II*\0\x08\0\0\0" + bytes(64)
HEIC = b"\0\0\0\x18ftypheic" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(64)
