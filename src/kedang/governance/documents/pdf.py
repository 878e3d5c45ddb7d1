"""A paper as PDF, set by Typst with the font that comes with the product and none of the machine's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typst

from kedang.governance.documents.paper import Grid, Heading, Paper, Part
from kedang.kernel.errors import KedangError
from kedang.kernel.packing import canonical_json

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


class NoFont(KedangError):
    """The Chinese font is not there: `make setup` fetches it."""

    code = "no_font"


def write(paper: Paper) -> bytes:
    """The PDF of a paper; raises NoFont where the installation lacks its font."""
    if not any(FONTS.glob("*.ttf")):
        raise NoFont(f"no font in {FONTS}; run make setup")
    told = canonical_json(_told(paper)).decode()
    made = typst.compile(
        str(HERE / "paper.typ"), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf",
        sys_inputs={"paper": told},
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("one file was expected")
    return made


def _told(paper: Paper) -> dict[str, Any]:
    before, _, rest = paper.page.partition("%(page)s")
    between, _, after = rest.partition("%(pages)s")
    return {
        "title": paper.title,
        "number": paper.number,
        "facts": [list(fact) for fact in paper.facts],
        "parts": [_part(part) for part in paper.parts],
        "signatures": list(paper.signatures),
        "footer": paper.footer,
        "page": [before, between, after],
        "wide": paper.wide,
    }


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Heading):
        return {"kind": "heading", "text": part.text, "rank": part.rank}
    if isinstance(part, Grid):
        rows = [list(row) for row in part.rows]
        return {"kind": "grid", "titles": list(part.titles), "rows": rows, "shares": list(part.shares)}
    return {"kind": "words", "text": part.text}
