"""What kind of file it is, by its first bytes; the name a file came with proves nothing."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of file we can tell apart; those after `EXECUTABLE` by more than the first bytes (`contents.examine`)."""

    EMPTY = "empty"
    TEXT = "text"
    OOXML = "ooxml"
    ODS = "ods"
    OLE = "ole"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    HTML = "html"
    XML = "xml"
    ZIP = "zip"
    GZIP = "gzip"
    ZSTD = "zstd"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    EXECUTABLE = "executable"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    SVG = "svg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    ODF = "odf"
    OFD = "ofd"
    UNKNOWN = "unknown"


_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE),
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"GIF8", Kind.GIF),
    (b"\x1f\x8b", Kind.GZIP),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"\x7fELF", Kind.EXECUTABLE),
    (b"MZ\x90", Kind.EXECUTABLE),
)
_WEB = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The beginning-of-file record of BIFF 2 to 5 workbooks, which old programs wrote without a container.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")


def kind_of(head: bytes) -> Kind:
    """The kind of a file from its first 8 KB (less only if the file is shorter)."""
    if not head:
        return Kind.EMPTY
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _archive(head)
    if head.startswith(_BARE_BIFF):
        return Kind.OLE
    return _text(head)


def _archive(head: bytes) -> Kind:
    """A spreadsheet by the first names in the archive; any other archive is just an archive."""
    if b"application/vnd.oasis.opendocument.spreadsheet" in head[:256]:
        return Kind.ODS
    if any(name in head for name in (b"[Content_Types].xml", b"xl/", b"xl\\", b"_rels/")):
        return Kind.OOXML
    if b"content.xml" in head and b"mimetype" in head:
        return Kind.ODS
    return Kind.ZIP


def _text(head: bytes) -> Kind:
    if head.startswith(_WIDE_MARKS):
        return Kind.TEXT
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_WEB):
        return Kind.HTML
    if start.startswith(b"<?xml"):
        return Kind.HTML if b"<html" in start[:2048] else Kind.XML
    controls = sum(byte < 0x20 and byte not in b"\t\n\r\x0b\x0c\x1a\x1b\x00" for byte in head)
    if controls * 50 > len(head):
        return Kind.UNKNOWN
    return Kind.TEXT
