"""The lists that codes are taken from: what they are called, where they come from, and how long they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kedang.customers.fields import Field
from kedang.kernel.i18n import N_
from kedang.packs.schema import Pack
from kedang.standards import industry, regions
from kedang.standards.capital import CURRENCIES


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its title; years it was in force from and to, 0: open."""

    code: str
    title: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list: its name, its source, since when it holds, and its codes, or only their number where there are many."""

    name: str
    source: str
    valid: str
    count: int
    codes: tuple[Code, ...] = ()


def code_list(field: Field, pack: Pack) -> CodeList | None:
    """The list behind a field; None where any text may stand."""
    if field.choices:
        codes = tuple(Code(key, title) for key, title in field.choices)
        own = field.key in pack.fields and bool(pack.fields[field.key].options)
        name = N_("List of the regulation") if own else N_("List of the product")
        return CodeList(name, pack.version if own else "Kedang", pack.meta.edition if own else "", len(codes), codes)
    return _STANDARD[field.standard]() if field.standard in _STANDARD else None


@cache
def _regions() -> CodeList:
    every = [region for names in regions.all_regions().values() for region in names]
    provinces = tuple(
        Code(each.code, each.name, each.first, each.last)
        for each in every
        if each.code.endswith("0000") and not each.retired
    )
    first = min((each.first for each in every if each.first), default=0)
    return CodeList(N_("Regions, each with the years it was in force"), "GB/T 2260", f"{first}–", len(every), provinces)


@cache
def _industries() -> CodeList:
    codes = tuple(Code(code, title) for code, title in (industry.sections() | industry.divisions()).items())
    return CodeList(N_("Classification of industries"), "GB/T 4754-2017", "2017-10-01–", len(codes), codes)


@cache
def _currencies() -> CodeList:
    codes = tuple(Code(code, words[0]) for code, words in CURRENCIES.items())
    return CodeList(N_("Currencies"), "ISO 4217", "", len(codes), codes)


_STANDARD = {"region": _regions, "industry": _industries, "capital": _currencies}
