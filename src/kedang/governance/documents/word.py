"""A paper as Word, for people who have to edit it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kedang.governance.documents.paper import Grid, Heading, Paper, Part

FONT = "Noto Sans SC"
GREY = RGBColor(0x50, 0x50, 0x50)


def write(paper: Paper) -> bytes:
    """The Word file of a paper."""
    made = Document()
    _set_up(made, paper)
    _line(made, paper.title, size=17, bold=True, centre=True)
    _line(made, paper.number, size=9.5, grey=True, centre=True)
    for label, text in paper.facts:
        _line(made, f"{label}：{text}", size=9)
    for part in paper.parts:
        _part(made, part)
    if paper.signatures:
        _signatures(made, paper.signatures)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _set_up(made: Any, paper: Paper) -> None:
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if paper.wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    made.core_properties.title = paper.title
    made.core_properties.author = ""
    _footer(section.footer.paragraphs[0], paper)


def _footer(line: Any, paper: Paper) -> None:
    """The words of the footer, then the page and their number as fields that Word counts itself."""
    before, _, rest = paper.page.partition("%(page)s")
    between, _, after = rest.partition("%(pages)s")
    line.add_run(f"{paper.footer}    {before}").font.size = Pt(8)
    _field(line, "PAGE")
    line.add_run(between).font.size = Pt(8)
    _field(line, "NUMPAGES")
    line.add_run(after).font.size = Pt(8)


def _field(line: Any, name: str) -> None:
    run = line.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("instr", name), ("end", "")):
        element = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _part(made: Any, part: Part) -> None:
    if isinstance(part, Heading):
        _line(made, part.text, size=12 if part.rank == 1 else 10.5, bold=True)
    elif isinstance(part, Grid):
        _grid(made, part)
    else:
        _line(made, part.text)


def _grid(made: Any, part: Grid) -> None:
    table = made.add_table(rows=1, cols=len(part.titles))
    table.style = "Table Grid"
    table.autofit = False
    room = made.sections[0].page_width - Mm(36)
    widths = [room * share // sum(part.shares) for share in part.shares]
    _cells(table.rows[0], part.titles, widths, bold=True)
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    for row in part.rows:
        _cells(table.add_row(), row, widths)
    made.add_paragraph()


def _cells(row: Any, texts: tuple[str, ...], widths: list[int], bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.font.bold = Pt(8.5), bold


def _signatures(made: Any, titles: tuple[str, ...]) -> None:
    made.add_paragraph()
    table = made.add_table(rows=1, cols=len(titles))
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).font.size = Pt(9)
        cell.add_paragraph()
        cell.add_paragraph("＿" * 10)


def _line(
    made: Any, text: str, *, size: float = 10, bold: bool = False, grey: bool = False, centre: bool = False
) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(3)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if grey:
        run.font.color.rgb = GREY
