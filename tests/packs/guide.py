"""The example of the guide, read from its page."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "packs.md"


def example() -> str:
    """The one YAML block of docs/packs.md."""
    [block] = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]
    return block.split("```\n")[0]
