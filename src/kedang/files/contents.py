"""What a file that is brought for keeping holds, told by its content; what could do harm is turned away.

Nothing is unpacked: of an archive the list of names at its end is read, and no more than two megabytes of that.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from kedang.files.sniff import Kind, kind_of
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

HEAD = 8192
DIRECTORY_MOST = 2 * 1024 * 1024
"""An office file has some dozens of names inside; a directory larger than this is a bomb or no office file."""
EMPTY = N_("The file is empty.")
PROGRAM = N_("This file is a program or a script. Such files are not kept.")
ACTIVE = N_("This file carries macros or scripts that run when it is opened. Save it without them and try again.")
DRAWN = N_("Web pages and SVG drawings can carry scripts and are not kept. Bring this as PDF or as an image.")
ARCHIVE = N_("Archives are not kept, because nobody can see what is in them. Bring the files one by one.")
UNKNOWN = N_("What kind of file this is cannot be told from its content. Bring it as PDF or as an image.")
BROKEN = N_("The file is damaged: what its end says does not agree with what it begins as.")
NAMED_OTHERWISE = "named_otherwise"
"""Warning: the ending of the name says another kind than the content."""

ENDINGS: dict[Kind, frozenset[str]] = {
    Kind.PDF: frozenset({"pdf"}),
    Kind.PNG: frozenset({"png"}),
    Kind.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    Kind.GIF: frozenset({"gif"}),
    Kind.WEBP: frozenset({"webp"}),
    Kind.TIFF: frozenset({"tif", "tiff"}),
    Kind.HEIC: frozenset({"heic", "heif", "hif"}),
    Kind.DOCX: frozenset({"docx", "dotx"}),
    Kind.XLSX: frozenset({"xlsx", "xltx"}),
    Kind.PPTX: frozenset({"pptx", "ppsx", "potx"}),
    Kind.DOC: frozenset({"doc", "dot", "wps", "wpt"}),
    Kind.XLS: frozenset({"xls", "xlt", "et", "ett"}),
    Kind.PPT: frozenset({"ppt", "pps", "dps", "dpt"}),
    Kind.ODF: frozenset({"odt", "ods", "odp"}),
    Kind.OFD: frozenset({"ofd"}),
    Kind.TEXT: frozenset({"txt", "csv", "tsv", "md", "log"}),
}
"""What is kept, and how such files are called."""
SCRIPTS = frozenset(
    {
        "bat", "cmd", "com", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta", "sh", "bash", "py",
        "pl", "rb", "php", "asp", "aspx", "jsp", "reg", "inf", "scf", "url", "desktop", "htm", "html", "xhtml", "shtml",
        "mht", "mhtml", "svg", "xml", "xsl", "xslt",
    }
)  # fmt: skip
"""Endings under which a plain text becomes a program once somebody opens it."""
_PROGRAMS = (b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"ITSF")
_SHORTCUT = b"\x4c\x00\x00\x00\x01\x14\x02\x00"
_MACROS = ("vbaproject.bin", "xl/macrosheets/", "xl\\macrosheets\\", ".bin.rels/vbaproject")
_OLE_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "VBA\0", "Macros\0"))
_OLE_KINDS = (
    ("WordDocument", Kind.DOC),
    ("Workbook", Kind.XLS),
    ("Book\0", Kind.XLS),
    ("PowerPoint Document", Kind.PPT),
)
_FOUND_BY_HEAD = {
    Kind.PDF, Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP, Kind.TIFF, Kind.HEIC,
}  # fmt: skip
_REFUSED = {
    Kind.EXECUTABLE: PROGRAM, Kind.HTML: DRAWN, Kind.SVG: DRAWN, Kind.XML: UNKNOWN, Kind.UNKNOWN: UNKNOWN,
    Kind.GZIP: ARCHIVE, Kind.ZSTD: ARCHIVE, Kind.SEVEN_ZIP: ARCHIVE, Kind.RAR: ARCHIVE, Kind.ZIP: ARCHIVE,
}  # fmt: skip
_OFFICE = {"word": Kind.DOCX, "xl": Kind.XLSX, "ppt": Kind.PPTX}


@dataclass(frozen=True, slots=True)
class Content:
    """The kind of a file that may be kept, and what is odd about it."""

    kind: Kind
    warnings: tuple[str, ...] = ()


def examine(stream: BinaryIO, name: str, *, keep_active: bool = False) -> Content:
    """Tell what a seekable stream holds, and put it back to its beginning; Refused(invalid) for what is not kept.

    `keep_active`: what carries macros is kept as a file of unknown kind, which is never shown in a page.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    try:
        kind = _kind(stream, head, ending)
    except _Active:
        if not keep_active:
            raise Refused("invalid", detail=ACTIVE) from None
        kind = Kind.UNKNOWN
    finally:
        stream.seek(0)
    odd = ending not in ENDINGS.get(kind, frozenset({ending}))
    return Content(kind, (NAMED_OTHERWISE,) if odd else ())


class _Active(Exception):
    """The file runs something when it is opened."""


def _kind(stream: BinaryIO, head: bytes, ending: str) -> Kind:
    if not head:
        raise Refused("invalid", detail=EMPTY)
    if _is_program(head):
        raise Refused("invalid", detail=PROGRAM)
    kind = _by_brand(head) or kind_of(head)
    if head.startswith(b"PK"):
        return _zipped(stream)
    if kind is Kind.OLE:
        return _compound(stream)
    if kind is Kind.TEXT and (ending in SCRIPTS or b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise Refused("invalid", detail=PROGRAM if ending in SCRIPTS else UNKNOWN)
    if kind in (Kind.XML, Kind.TEXT) and b"<svg" in head[:4096].lower():
        kind = Kind.SVG
    if kind in _REFUSED:
        raise Refused("invalid", detail=_REFUSED[kind])
    return kind


def _is_program(head: bytes) -> bool:
    if head.startswith(_PROGRAMS) or head.startswith(_SHORTCUT):
        return True
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<script", b"<?php", b"@echo off")):
        return True
    if not head.startswith((b"MZ", b"ZM")) or len(head) < 64:
        return False
    (at,) = struct.unpack_from("<I", head, 0x3C)
    return head[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or b"DOS mode" in head[:512]


def _by_brand(head: bytes) -> Kind | None:
    """Kinds of image whose first bytes alone do not tell them."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[:4] in (b"II*\0", b"MM\0*"):
        return Kind.TIFF
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"):
        return Kind.HEIC
    return None


def _zipped(stream: BinaryIO) -> Kind:
    """The kind of an archive by the names in it; only office files and OFD are kept."""
    names = [name.lower() for name in _names(stream)]
    if any(mark in name for name in names for mark in _MACROS):
        raise _Active
    if "ofd.xml" in names:
        return Kind.OFD
    if "[content_types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith((f"{folder}/", f"{folder}\\")) for name in names):
                return kind
    if "content.xml" in names and "mimetype" in names:
        if any(name.startswith(("basic/", "scripts/")) for name in names):
            raise _Active
        return Kind.ODF
    raise Refused("invalid", detail=ARCHIVE)


def _names(stream: BinaryIO) -> list[str]:
    """The names in an archive; Refused where its directory is damaged or too large to be an office file's."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused("invalid", detail=BROKEN)
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    if directory > DIRECTORY_MOST:
        raise Refused("invalid", detail=ARCHIVE)
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        raise Refused("invalid", detail=BROKEN) from None


def _compound(stream: BinaryIO) -> Kind:
    """The kind of an old office file by the names of its parts, which lie in it as UTF-16."""
    stream.seek(0)
    raw = stream.read()
    if any(name in raw for name in _OLE_MACROS):
        raise _Active
    for name, kind in _OLE_KINDS:
        if name.encode("utf-16-le") in raw:
            return kind
    raise Refused("invalid", detail=UNKNOWN)
