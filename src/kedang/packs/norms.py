"""National standards above every pack, below the law: formats, the order of levels, the least time of keeping."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field
from ruamel.yaml import YAML

from kedang.packs.merging import LawfulPack, Merge
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Count, Model, Prose, Standard, Word


class FormatNorm(Model):
    """The standard a field is written by."""

    standard: Standard
    why: Prose


class LevelNorm(Model):
    """Levels from the lowest to the highest."""

    order: tuple[Word, ...]
    why: Prose


class KeepingNorm(Model):
    """So many months at least."""

    months: Count
    why: Prose


class Standards(Model):
    """What national standards fix."""

    edition: Word
    sources: tuple[Prose, ...] = Field(min_length=1)
    formats: Mapping[Word, FormatNorm]
    levels: LevelNorm
    retention: Mapping[Word, KeepingNorm]


@cache
def shipped_standards() -> Standards:
    """The standards that come with the product."""
    path = Path(__file__).with_name("standards.yaml")
    return Standards.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def conform(pack: Pack, standards: Standards) -> LawfulPack:
    """Merge the standards into a pack."""
    merge = Merge(pack, "standard")
    for name, norm in standards.formats.items():
        if name in pack.fields:
            merge.put("fields", name, "standard", norm.standard, norm.why)
    for name, rule in pack.retention.items():
        least = standards.retention.get(rule.of)
        if least and not rule.permanent and rule.years * 12 + rule.months < least.months:
            merge.put("retention", name, "months", least.months - rule.years * 12, least.why)
    _order_levels(merge, standards.levels)
    return merge.result()


def _order_levels(merge: Merge, norm: LevelNorm) -> None:
    stands = list(merge.pack.levels)
    rising = [key for key in norm.order if key in stands]
    if stands != rising and set(stands) == set(rising):
        merge.changed["levels"] = {key: merge.pack.levels[key] for key in rising}
        merge.note("levels", ", ".join(stands), ", ".join(rising), norm.why)
