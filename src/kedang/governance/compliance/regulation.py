"""The regulation as a document: what the law replaced in it and why, and which editions there were."""

from __future__ import annotations

from dataclasses import dataclass

from kedang.packs.checking import adopted
from kedang.packs.merging import Override
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions


@dataclass(frozen=True, slots=True)
class Edition:
    """An adopted edition: from when it was in force, adopted by whom, and the digest of its bytes."""

    version: str
    adopted_us: int
    effective_us: int
    adopted_by: str
    digest: str


def overrides(pack: Pack) -> tuple[Override, ...]:
    """The values of an adopted edition that the law replaced."""
    return adopted(bytes(versions().get(version=pack.version).source)).overrides


def editions() -> list[Edition]:
    """All adopted editions, the newest first."""
    rows = versions().order_by("-effective_us", "-pk")
    return [Edition(*row) for row in rows.values_list("version", "adopted_us", "effective_us", "adopted_by", "digest")]
