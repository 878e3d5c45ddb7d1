"""Reading the product's own source, for tests about its shape."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "kedang"
DOORS = ("web", "api", "cli")


def modules(*rooms: str) -> Iterator[tuple[str, str]]:
    """Path below the package and text of every Python file, of the named rooms or of all."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not rooms or name.split("/")[0] in rooms:
            yield name, path.read_text(encoding="utf-8")


def pages() -> Iterator[tuple[str, str]]:
    """Our own templates, scripts, styles and drawings; what `make setup` fetched is not ours."""
    for folder in ("templates", "static"):
        for path in sorted((PACKAGE / "web" / folder).rglob("*")):
            name = path.relative_to(PACKAGE / "web").as_posix()
            if path.suffix in {".html", ".txt", ".css", ".js", ".svg"} and not name.startswith("static/vendor/"):
                yield name, path.read_text(encoding="utf-8")


def lines_with(pattern: str, files: Iterator[tuple[str, str]]) -> list[str]:
    """`file:line: text` of each line the pattern is found in."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def layers() -> dict[str, int]:
    """Each room and its height, 0 at the bottom, as the import contract in pyproject.toml has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    lines = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(" ()"): height for height, line in enumerate(reversed(lines)) for room in line.split("|")}
