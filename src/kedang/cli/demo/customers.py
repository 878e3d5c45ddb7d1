"""Invented customers as a spreadsheet would hold them: mostly tidy, some written as people write."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from kedang.cli.demo import words
from kedang.cli.demo.words import City, Trade
from kedang.standards.credit_code import check_character, organisation_check

COLUMNS = (
    "客户名称", "统一社会信用代码", "所在地区", "通讯地址", "邮政编码", "所属行业", "企业类型", "成立日期", "注册资本",
    "规模", "客户等级", "经营范围", "客户来源", "密级", "联系人", "职务", "联系电话", "电子邮箱", "备注",
)  # fmt: skip
BAD_ROWS = 6
"""Rows at the end of each file that cannot be taken in, so that the list of errors has something to show."""
_ORGANISATION = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file of one branch."""

    name: str
    content: bytes
    rows: int
    good: int


def sheet(name: str, cities: Sequence[City], rows: int, seed: int) -> Sheet:
    """A file of `rows` good customers of these cities and some bad rows; the same for the same seed."""
    made = list(_customers(random.Random(seed), cities, rows))  # noqa: S311 - invented data shall be repeatable
    lines = [*made, *_bad_rows(made)] if made else []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([line[column] for column in COLUMNS] for line in lines)
    return Sheet(name, text.getvalue().encode("gb18030"), len(lines), len(made))


def _customers(chance: random.Random, cities: Sequence[City], rows: int) -> Iterator[dict[str, str]]:
    names: set[str] = set()
    while len(names) < rows:
        city, trade = chance.choice(cities), chance.choice(words.TRADES)
        shop = chance.choice(words.FIRST) + chance.choice(words.SECOND)
        suffix, org_type = chance.choice(words.SUFFIXES)
        name = f"{_short(city)}{shop}{trade.word}{suffix}"
        if name not in names:
            names.add(name)
            yield _customer(chance, city, trade, shop, name, org_type)


def _customer(chance: random.Random, city: City, trade: Trade, shop: str, name: str, org_type: str) -> dict[str, str]:
    person = chance.choice(words.SURNAMES) + chance.choice(words.GIVEN)
    line = dict.fromkeys(COLUMNS, "")
    line |= {
        "客户名称": name, "统一社会信用代码": _credit_code(chance, city), "所在地区": city.name,
        "通讯地址": _address(chance, city), "邮政编码": city.postcode, "所属行业": trade.industry, "企业类型": org_type,
        "成立日期": _day(chance), "注册资本": _capital(chance), "规模": chance.choice(words.SCALES),
        "客户等级": chance.choice(words.GRADES), "经营范围": trade.scope, "客户来源": chance.choice(words.SOURCES),
        "密级": chance.choices(("内部", "公开", "秘密"), (88, 8, 4))[0], "联系人": person,
        "职务": chance.choice(words.POSTS), "联系电话": _phones(chance, city),
        "电子邮箱": f"{'.'.join(lazy_pinyin(person))}@{''.join(lazy_pinyin(shop))}.example.com",
        "备注": chance.choice(words.NOTES) if chance.random() < 0.2 else "",
    }  # fmt: skip
    for optional in ("电子邮箱", "规模", "邮政编码", "统一社会信用代码"):
        line[optional] = "" if chance.random() < 0.04 else line[optional]
    return line


def _bad_rows(made: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    spoiled: tuple[dict[str, str], ...] = (
        {"客户名称": ""},
        {"成立日期": "2015年13月40日"},
        {"联系电话": "见名片"},
        {"电子邮箱": "没有邮箱"},
        {"注册资本": "不详"},
        {},
    )
    rows = []
    for number, change in enumerate(spoiled[:BAD_ROWS]):
        fresh = {"统一社会信用代码": ""} if change else {}
        rows.append(made[number % len(made)] | fresh | change)
    return rows


def _short(city: City) -> str:
    return city.name.removesuffix("市").rpartition("省")[2]


def _credit_code(chance: random.Random, city: City) -> str:
    """A code with both check characters right (GB 32100-2015), for a company of the city's registry."""
    eight = "MA" + "".join(chance.choice(_ORGANISATION) for _at in range(6))
    body = f"91{city.code}{eight}{organisation_check(eight)}"
    return body + check_character(body)


def _address(chance: random.Random, city: City) -> str:
    road, building = chance.choice(words.ROADS), chance.choice(words.BUILDINGS)
    place = f"{chance.choice(city.districts)}{road}{chance.randint(1, 399)}号{building}"
    return f"{city.name}{place}{chance.randint(1, 28)}层{chance.randint(1, 30):02d}室"


def _day(chance: random.Random) -> str:
    year, month, day = chance.randint(1996, 2024), chance.randint(1, 12), chance.randint(1, 28)
    form = chance.choices(("{}-{:02d}-{:02d}", "{}/{}/{}", "{}年{}月{}日", "{}{:02d}{:02d}"), (70, 15, 10, 5))[0]
    return form.format(year, month, day)


def _capital(chance: random.Random) -> str:
    amount = chance.choice((50, 100, 200, 300, 500, 800, 1000, 2000, 5000, 10000))
    form = chance.choices(("{}万元人民币", "{}万元", "{:,}万人民币", "{}.00万元"), (60, 20, 10, 10))[0]
    return form.format(amount)


def _phones(chance: random.Random, city: City) -> str:
    """Numbers of blocks 1XX 0000, where no person has theirs; now and then two, or in full width."""
    mobile = f"1{chance.choice((35, 36, 37, 38, 39, 50, 51, 52, 58, 59, 86, 87, 88))}0000{chance.randint(0, 9999):04d}"
    landline = f"{city.area}-{chance.randint(6, 8)}0000{chance.randint(0, 999):03d}"
    forms = (mobile, f"{mobile}、{landline}", mobile.translate(_FULL_WIDTH), f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}")
    return chance.choices((*forms, landline), (60, 15, 5, 10, 10))[0]
