"""The kind of a file is told by its bytes."""

from __future__ import annotations

import pytest

from kedang.files.sniff import Kind, kind_of
from tests.intake import samples


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.EMPTY),
        ("名称,电话".encode("gbk"), Kind.TEXT),
        ("名称,电话".encode("utf-16"), Kind.TEXT),
        (b"%PDF-1.7", Kind.PDF),
        (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
        (b"PK\x03\x04" + b"\x00" * 22 + b"notes.txt", Kind.ZIP),
        (b"\x28\xb5\x2f\xfd1234", Kind.ZSTD),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML><table>", Kind.HTML),
        (b"<?xml version='1.0'?><Workbook>", Kind.XML),
        (b"\x7fELF\x02", Kind.EXECUTABLE),
        (bytes(range(1, 32)) * 20, Kind.UNKNOWN),
    ],
)
def test_kinds(head, kind):
    assert kind_of(head) is kind


def test_spreadsheets_of_every_program(tmp_path):
    table = [["名称"], ["甲"]]
    assert kind_of(samples.xlsx(tmp_path / "a", table).read_bytes()[:8192]) is Kind.OOXML
    assert kind_of(samples.xls(tmp_path / "b", table).read_bytes()[:8192]) is Kind.OLE
    assert kind_of(samples.ods(tmp_path / "c", table).read_bytes()[:8192]) is Kind.ODS
