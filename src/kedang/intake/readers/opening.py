"""Opening a file by what it holds, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from kedang.files.sniff import Kind, kind_of
from kedang.intake.readers.grid import FileSource, Grid, Limits, Source, Unreadable
from kedang.intake.readers.text import TextGrid
from kedang.intake.readers.workbook import WorkbookGrid
from kedang.kernel.i18n import N_

_EMPTY = N_("This file is empty.")
_PACKED = N_("This is a compressed archive. Unpack it and send the table inside.")
_WEB = N_("This is a web page or XML under another name. Open it in a spreadsheet program and save it as .xlsx.")
_OTHER = N_("This is not a table but %(kind)s. Send a .csv, .tsv, .xlsx, .xls or .ods file.")
_TOO_LARGE = N_("This file is larger than %(limit)s MB.")
DEFAULT = Limits()


def open_grid(path: Path | Source, *, sheet: str | None = None, limits: Limits = DEFAULT) -> Grid:
    """The grid of a file; raises Unreadable with a sentence for what is no readable table.

    `sheet` names the sheet of a workbook; without it the first visible sheet that holds a table.
    """
    source = FileSource(path) if isinstance(path, Path) else path
    if source.size > limits.text_bytes:
        raise Unreadable("too_large", _TOO_LARGE, limit=limits.text_bytes // (1024 * 1024))
    with source.open() as stream:
        kind = kind_of(stream.read(8192))
    if kind in (Kind.OOXML, Kind.ODS, Kind.OLE, Kind.ZIP):
        return WorkbookGrid(source, limits, sheet)
    if kind in (Kind.TEXT, Kind.UNKNOWN):
        return TextGrid(source, limits)
    raise _refused(kind)


def _refused(kind: Kind) -> Unreadable:
    if kind is Kind.EMPTY:
        return Unreadable("empty", _EMPTY)
    if kind in (Kind.GZIP, Kind.ZSTD, Kind.SEVEN_ZIP, Kind.RAR):
        return Unreadable("archive", _PACKED)
    if kind in (Kind.HTML, Kind.XML):
        return Unreadable("web_page", _WEB)
    return Unreadable("other_kind", _OTHER, kind=kind.value)
