"""What a file holds is told by its content; what could do harm is turned away, with a sentence."""

from __future__ import annotations

import io
import struct

import pytest

from kedang.files import contents
from kedang.files.contents import NAMED_OTHERWISE, examine
from kedang.kernel.errors import Refused
from tests.attachments import samples


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (samples.pdf(), "合同.pdf", "pdf"),
        (samples.png(), "照片.PNG", "png"),
        (samples.JPEG, "a.jpeg", "jpeg"),
        (samples.WEBP, "a.webp", "webp"),
        (samples.TIFF, "scan.tif", "tiff"),
        (samples.HEIC, "IMG_1.HEIC", "heic"),
        (samples.DOCX, "a.docx", "docx"),
        (samples.XLSX, "a.xlsx", "xlsx"),
        (samples.PPTX, "a.pptx", "pptx"),
        (samples.OFD, "发票.ofd", "ofd"),
        (samples.DOC, "a.doc", "doc"),
        ("名称,电话\n".encode("gb18030"), "a.csv", "text"),
        ("名称,电话\n".encode("utf-16"), "a.txt", "text"),
    ],
)
def test_kinds_that_are_kept(content: bytes, name: str, kind: str) -> None:
    stream = io.BytesIO(content)
    found = examine(stream, name)
    assert (found.kind, found.warnings) == (kind, ())
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", contents.EMPTY),
        (samples.EXE, "执照.pdf", contents.PROGRAM),
        (b"\x7fELF" + bytes(60), "a.png", contents.PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", contents.PROGRAM),
        (b"\x4c\x00\x00\x00\x01\x14\x02\x00" + bytes(60), "执照.lnk", contents.PROGRAM),
        (b"del *.*\r\n", "clean.bat", contents.PROGRAM),
        (b"<script>alert(1)</script>", "a.txt", contents.PROGRAM),
        (b"<!doctype html><body onload=x>", "a.jpg", contents.DRAWN),
        (b"<?xml version='1.0'?><svg onload='x'/>", "a.svg", contents.DRAWN),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "logo.png", contents.DRAWN),
        (samples.XLSM, "名单.xlsx", contents.ACTIVE),
        (samples.zipped("[Content_Types].xml", "xl/macrosheets/sheet1.xml"), "a.xlsx", contents.ACTIVE),
        (samples.DOC_WITH_MACROS, "a.doc", contents.ACTIVE),
        (samples.OLE, "setup.msi", contents.UNKNOWN),
        (samples.zipped("a.txt"), "a.zip", contents.ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00", "a.rar", contents.ARCHIVE),
        (b"\x1f\x8b\x08" + bytes(20), "a.gz", contents.ARCHIVE),
        (samples.DOCX[:-30], "a.docx", contents.BROKEN),
        (bytes(range(1, 32)) * 40, "a.bin", contents.UNKNOWN),
    ],
)
def test_kinds_that_are_turned_away(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        examine(io.BytesIO(content), name)
    assert (refused.value.code, refused.value.detail) == ("invalid", sentence)


def test_a_wrong_ending_is_said() -> None:
    assert examine(io.BytesIO(samples.pdf()), "执照.jpg").warnings == (NAMED_OTHERWISE,)
    assert examine(io.BytesIO(samples.pdf()), "执照").warnings == (NAMED_OTHERWISE,)


def test_macros_may_be_kept_but_never_count_as_something_to_show() -> None:
    assert examine(io.BytesIO(samples.XLSM), "a.xlsm", keep_active=True).kind == "unknown"


def test_an_archive_that_claims_a_huge_directory_is_not_read() -> None:
    bomb = b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 0xFFFFFFF0, 0, 0)
    with pytest.raises(Refused) as refused:
        examine(io.BytesIO(bomb), "a.docx")
    assert refused.value.detail == contents.ARCHIVE


def test_what_is_inside_an_archive_is_never_unpacked() -> None:
    """Twenty megabytes of nothing in twenty kilobytes: the names are read, and no more."""

    class Counted(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.taken += len(found)
            return found

    stream = Counted(samples.zipped("[Content_Types].xml", "word/document.xml", content=bytes(20_000_000)))
    assert examine(stream, "a.docx").kind == "docx"
    assert stream.taken < 3 * 65_600
