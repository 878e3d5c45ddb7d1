"""The standard for a region: a six-digit code of GB/T 2260, given as a code or by names."""

from __future__ import annotations

import re

import polars as pl

from kedang.standards import regions
from kedang.standards.finding import Finding, Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.regions import Region
from kedang.standards.standard import Standard

_CODE = re.compile(r"([0-9]{6})(?:0{6})?(?:\.0+)?")
_SHORT_CODE = re.compile(r"[1-9][0-9](?:[0-9]{2})?")
_SEPARATORS = re.compile(r"[\s,，、/|·>\-]+")
_COUNTRY = ("中华人民共和国", "中国")
_LONGEST = 16
_SHOWN = 5


def define(text: str) -> Read:
    """Read a code, or names from the province down: 陕西省西安市, 陕西 西安, 西安."""
    plain = ascii_form(text)
    if match := _CODE.fullmatch(plain):
        return _read_code(text, match[1])
    if _SHORT_CODE.fullmatch(plain):
        return _read_code(text, plain.ljust(6, "0"))
    found, rest, rivals = locate(plain)
    if rivals:
        names = ", ".join(regions.full_name(region.code) for region in rivals[:_SHOWN])
        return refuse(error("region.ambiguous", text, candidates=names))
    if found is None:
        return refuse(error("region.unknown", text))
    findings = _age_findings(text, found)
    if rest:
        findings.append(warning("region.partial", text, name=regions.full_name(found.code), rest=rest))
    return Read(found.code, tuple(findings))


def _read_code(text: str, code: str) -> Read:
    region = regions.get(code)
    if region is None:
        return refuse(error("region.unknown", text))
    return Read(code, tuple(_age_findings(text, region)))


def _age_findings(text: str, region: Region) -> list[Finding]:
    latest = regions.get(region.code) or region
    if latest.retired:
        return [warning("region.retired", text, code=region.code, name=latest.name, year=latest.last)]
    if region.retired:
        return [warning("region.old_name", text, name=latest.name)]
    return []


def locate(text: str) -> tuple[Region | None, str, tuple[Region, ...]]:
    """The lowest region that the names at the start of a text lead to.

    Returns the region, what follows its name, and, where a name fits several regions equally well,
    those rivals instead of a region.
    """
    rest = _SEPARATORS.sub(" ", text).strip()
    for country in _COUNTRY:
        rest = rest.removeprefix(country).strip()
    found: Region | None = None
    while rest:
        candidates, length = _longest(rest, found)
        if not candidates:
            break
        best = [region for region in candidates if _level(region) == _level(candidates[0])]
        best = [region for region in best if region.retired == candidates[0].retired]
        if len({region.code for region in best}) > 1 and not best[0].retired:
            return None, rest, tuple(best)
        found, rest = best[0], rest[length:].strip()
    return found, rest, ()


def _longest(text: str, within: Region | None) -> tuple[list[Region], int]:
    names = regions.by_name()
    for length in range(min(len(text), _LONGEST), 1, -1):
        fitting = [region for region in names.get(text[:length], ()) if _is_below(region, within)]
        if fitting:
            return fitting, length
    return [], 0


def _level(region: Region) -> int:
    return 2 if region.code.endswith("0000") else 4 if region.code.endswith("00") else 6


def _is_below(region: Region, above: Region | None) -> bool:
    if above is None:
        return True
    level = _level(above)
    return level < _level(region) and region.code[:level] == above.code[:level]


def _plain(texts: pl.Expr) -> pl.Expr:
    return pl.when(regions.is_current_column(texts)).then(texts)


STANDARD = Standard("region", define, _plain)
