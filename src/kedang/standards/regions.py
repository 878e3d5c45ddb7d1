"""Administrative regions, GB/T 2260: current and retired codes with their hierarchy and names.

The list, from 1980 to now and with the years in which each code was in force, comes with the
python-stdnum package (from the tables of Chinese Wikipedia); the few codes it lacks are below.
Identity numbers and credit codes keep the code of their day, so a retired code stays a good code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

_PROVINCE = re.compile(r'(\d{2}) province="([^"]+)"')
_COUNTY = re.compile(r'  (\d{4}) county="([^"]+)"')
_SPAN = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")
# What the package lacks or leaves open: Hangzhou 2021, the islands of Sansha, Hainan from 2002 to 2006, codes of
# older national lists, and the present names of Hong Kong and Macao.
_ADDED = {
    "330113": "[2021-]临平区",
    "330114": "[2021-]钱塘区",
    "460321": "[2012-]西沙群岛",
    "460322": "[2012-]南沙群岛",
    "460323": "[2012-]中沙群岛的岛礁及其海域",
    "469034": "[2002-2006]陵水黎族自治县",
    "469035": "[2002-2006]保亭黎族苗族自治县",
    "469036": "[2002-2006]琼中黎族苗族自治县",
    "469037": "[2002-2006]西沙群岛",
    "469038": "[2002-2006]南沙群岛",
    "469039": "[2002-2006]中沙群岛的岛礁及其海域",
    "370903": "[2000-2006]岱岳区",
    "620201": "[1986-2013]市辖区",
    "422921": "[-1994]神农架林区",
    "429001": "[1994-2000]随州市",
    "810000": "香港特别行政区",
    "820000": "澳门特别行政区",
}
_GROUPING = re.compile(r"市辖区|县|林区|.*直辖.*")
# Registers outside the prefectures: the state's own, development zones (Beijing, Shenfu, Xixian), the
# state farms of Heilongjiang, and offices directly below Yunnan, Qinghai and Ningxia.
_AUTHORITY_SERIES = [
    *("1000", "1103", "2115", "6111", "2330", "5340"),
    *("6329", "6330", "6331", "6332", "6333", "6411", "6412"),
]


@dataclass(frozen=True, slots=True)
class Region:
    """A region under one name: `last` is the last year the name or code was in force, 0 for still."""

    code: str
    name: str
    first: int = 0
    last: int = 0

    @property
    def retired(self) -> bool:
        """Whether the code is no longer given out under this name."""
        return bool(self.last)

    @property
    def parent(self) -> str:
        """The code of the prefecture or province above; empty above a province."""
        if self.code.endswith("0000"):
            return ""
        return self.code[:2] + "0000" if self.code.endswith("00") else self.code[:4] + "00"


@cache
def all_regions() -> dict[str, tuple[Region, ...]]:
    """Every code with the names it has had, the present one last; read once per process."""
    found: dict[str, tuple[Region, ...]] = {}
    province = ""
    for line in (files("stdnum") / "cn" / "loc.dat").read_text("utf-8").splitlines():
        if match := _PROVINCE.match(line):
            province = match[1]
            found[province + "0000"] = (Region(province + "0000", match[2]),)
        elif (match := _COUNTY.match(line)) and match[1] != "0000":
            found[province + match[1]] = _names(province + match[1], match[2])
    found |= {code: _names(code, spans) for code, spans in _ADDED.items()}
    return found


def _names(code: str, spans: str) -> tuple[Region, ...]:
    parts = (_SPAN.fullmatch(part) for part in spans.split(","))
    regions = [Region(code, part[3], int(part[1] or 0), int(part[2] or 0)) for part in parts if part]
    return tuple(sorted(regions, key=lambda region: region.last or 9999))


def get(code: str) -> Region | None:
    """The region of a code under its latest name; None when the code was never in force."""
    names = all_regions().get(code)
    return names[-1] if names else None


def is_known(code: str) -> bool:
    """Whether a code is or once was in force."""
    return code in all_regions()


@cache
def authorities() -> frozenset[str]:
    """The first four digits a registering authority may bear: any prefecture ever, or a series of its own."""
    return frozenset(code[:4] for code in all_regions()).union(_AUTHORITY_SERIES)


def is_authority(code: str) -> bool:
    """Whether a registering authority may bear this code.

    Offices of development zones take numbers of their own below a prefecture (230199, 360406), so
    only the first four digits are looked up: of 1.2 million registered codes 9 then fail, not 2 %.
    """
    return code[:4] in authorities()


def is_authority_column(codes: pl.Expr) -> pl.Expr:
    """The column form of `is_authority`."""
    return codes.str.slice(0, 4).is_in(sorted(authorities()))


def is_known_column(codes: pl.Expr) -> pl.Expr:
    """The column form of `is_known`."""
    return codes.is_in(sorted(all_regions()))


def is_current_column(codes: pl.Expr) -> pl.Expr:
    """True where a code is in force today."""
    return codes.is_in(sorted(code for code, names in all_regions().items() if not names[-1].retired))


def full_name(code: str) -> str:
    """A region's name with those above it, as in 陕西省西安市雁塔区; empty for an unknown code."""
    names: list[str] = []
    while code and (region := get(code)):
        if not _GROUPING.fullmatch(region.name):
            names.append(region.name)
        code = region.parent
    return "".join(reversed(names))


_PEOPLES = (
    "满 回 壮 苗 藏 侗 土 水 彝 瑶 畲 傣 黎 羌 白 怒 佤 各 蒙古 维吾尔 哈萨克 土家 朝鲜 布依 哈尼 景颇 傈僳 柯尔克孜 "
    "纳西 普米 独龙 拉祜 布朗 东乡 保安 撒拉 裕固 锡伯 塔吉克 达斡尔 仫佬 毛南 仡佬 鄂伦春 鄂温克"
)
_ENDINGS = re.compile(
    rf"(?:(?:{_PEOPLES.replace(' ', '|')})族|蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)*"
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|矿区|省|市|县|区|盟|旗|州)$"
)
_TRIMS = {
    "内蒙古自治区": "内蒙古",
    "新疆维吾尔自治区": "新疆",
    "广西壮族自治区": "广西",
    "宁夏回族自治区": "宁夏",
    "西藏自治区": "西藏",
}


def short_name(name: str) -> str:
    """A name without the word for its kind: 陕西省 → 陕西, 延边朝鲜族自治州 → 延边; at least two characters stay."""
    short = _TRIMS.get(name) or _ENDINGS.sub("", name)
    return short if len(short) >= 2 else name


@cache
def by_name() -> dict[str, tuple[Region, ...]]:
    """Regions by full and short name, those in force first and higher levels before lower ones."""
    found: dict[str, list[Region]] = defaultdict(list)
    for names in all_regions().values():
        for region in names:
            if _GROUPING.fullmatch(region.name):
                continue
            for name in {region.name, short_name(region.name)}:
                found[name].append(region)
    return {name: tuple(sorted(regions, key=_rank)) for name, regions in found.items()}


def _rank(region: Region) -> tuple[bool, int, int, str]:
    level = 0 if region.code.endswith("0000") else 1 if region.code.endswith("00") else 2
    return region.retired, level, -region.last, region.code
