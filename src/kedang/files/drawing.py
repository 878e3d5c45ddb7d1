"""A program of its own: draws one page of a file with a watermark burnt in. See `showing`, which runs it.

It reads one line of JSON and the file from its standard input and writes a PNG, or the number of pages, to its
standard output. The file lies in memory only (`memfd`), and whatever a hostile file does to the decoder, it does to
this process, which has little memory and little time.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from typing import Any

import typst

MEMORY = 1536 * 1024 * 1024
SECONDS = 20
NO_PAGE = 1_000_000
TEXT_MOST = 400_000
"""Characters of a text that are shown."""
NOT_DRAWN = 3
"""Exit status: the file is damaged, locked or of a kind that cannot be drawn."""

MARKS = """#set text(font: "Noto Sans SC", lang: "zh")
#let asked = json(bytes(sys.inputs.asked))
#let mark = rotate(-24deg, reflow: true, box(inset: 12pt, text(
  size: 13pt, fill: rgb(80, 80, 80, 84), stroke: 0.3pt + rgb(255, 255, 255, 150), asked.lines.join("\\n"))))
#let over(width, height) = context {
  let one = measure(mark)
  rect(width: width, height: height, stroke: none, fill: tiling(size: (one.width, one.height), mark))
}
#let foot = block(width: 100%, fill: rgb(245, 245, 245), inset: 5pt, text(
  size: 8pt, fill: rgb(60, 60, 60), asked.lines.join("  ·  ")))
"""
PICTURE = """#set page(width: auto, height: auto, margin: 0pt)
#let more = if asked.format == "pdf" { (page: asked.page) } else { (:) }
#context {
  let (width, height) = measure(image(asked.path, format: asked.format, ..more))
  let scale = calc.min(800pt / width, 3200pt / height, if asked.format == "pdf" { 2.0 } else { 0.75 })
  let pic = image(asked.path, format: asked.format, width: width * scale, ..more)
  block(width: calc.max(width * scale, 240pt), fill: white, stack(
    dir: ttb, box(pic + place(top + left, over(width * scale, height * scale))), foot))
}
"""
TEXT = """#set page(width: 620pt, height: 870pt, margin: (x: 40pt, top: 40pt, bottom: 60pt),
  foreground: over(620pt, 870pt), footer: foot)
#set text(size: 9pt)
#raw(read(asked.path), block: true)
"""


def main() -> int:
    """Draw what is asked for; the exit status says how it went."""
    asked = json.loads(sys.stdin.buffer.readline())
    holder = _in_memory(sys.stdin.buffer.read(), asked)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    asked["path"] = f"/proc/self/fd/{holder}"
    try:
        out = str(_pages(asked)).encode() if asked["page"] == 0 else _page(asked)
    except typst.TypstError:
        return NOT_DRAWN
    sys.stdout.buffer.write(out)
    return 0


def _in_memory(content: bytes, asked: dict[str, Any]) -> int:
    """A file without a name; a text in it is made UTF-8."""
    if asked["format"] == "text":
        content = _text(content).encode()
    holder = os.memfd_create("file")
    while content:
        content = content[os.write(holder, content) :]
    return holder


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")[:TEXT_MOST]
    try:
        return content.decode("utf-8-sig")[:TEXT_MOST]
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")[:TEXT_MOST]


def _pages(asked: dict[str, Any]) -> int:
    """How many pages there are."""
    if asked["format"] == "text":
        return len(_compiled(asked, "svg"))
    if asked["format"] != "pdf":
        return len(_compiled(asked | {"page": 1}, "png", ppi=1))
    try:
        _compiled(asked | {"page": NO_PAGE}, "png", ppi=1)
    except typst.TypstError as error:
        if found := re.search(r"only has (\d+) page", " ".join((error.message, *error.hints))):
            return int(found[1])
        raise
    return 0


def _page(asked: dict[str, Any]) -> bytes:
    made = _compiled(asked, "png", ppi=144.0)
    number = asked["page"] if asked["format"] == "text" else 1
    if number > len(made):
        raise typst.TypstError("no such page", "")
    return made[number - 1]


def _compiled(asked: dict[str, Any], form: Any, ppi: float = 144.0) -> list[bytes]:
    source = MARKS + (TEXT if asked["format"] == "text" else PICTURE)
    made: Any = typst.compile(
        source.encode(), root="/", font_paths=[asked["fonts"]], ignore_system_fonts=True, format=form, ppi=ppi,
        sys_inputs={"asked": json.dumps({key: asked[key] for key in ("path", "format", "page", "lines")})},
    )  # fmt: skip
    return made if isinstance(made, list) else [made]


if __name__ == "__main__":
    sys.exit(main())
