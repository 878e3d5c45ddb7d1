"""A table that is searched and knows nothing else: what the search room sees of any customer."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import polars as pl
from django.apps.registry import Apps
from django.db import connection, connections, models, transaction

from kedang import search
from kedang.kernel.sql import write_rows
from kedang.search.schema import create_sql

TARGET = search.Target(table="searched", fts="searched_fts")


class Searched(models.Model):
    """Apart from the product's own models: its registry is its own."""

    name = models.TextField()
    search_text = models.TextField()
    unit_id = models.BigIntegerField()
    level = models.IntegerField()
    region = models.TextField()
    updated_us = models.BigIntegerField()
    rest = models.TextField(default="", db_default="")
    objects: ClassVar[models.Manager[Searched]]

    class Meta:
        apps = Apps()
        app_label = "search"
        db_table = TARGET.table
        indexes = [
            models.Index(fields=["-updated_us", "-id", "unit_id", "level", "region"], name="searched_updated"),
            models.Index(fields=["unit_id"], name="searched_unit"),
        ]

    def __str__(self) -> str:
        return self.name


PLACES = ["北京", "上海", "深圳市", "西安", "重庆", "长沙", "厦门", "哈尔滨", "佛山", "四川省", "成都", "都江堰"]
TRADES = ["科技", "贸易", "建筑工程", "餐饮管理", "移动通信", "网络技术", "医药", "物流", "文化传播", "乐器"]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "合作社", "中心", "（有限合伙）", "大学", " Co., Ltd", "经营部"]
STEMS = "华为中兴元正金山聚申达腾讯百度美的格力海尔联想小米长城重汽行知厦工广汇恒丰永泰宏图远景瑞祥吉利顺安平和"


def name_of(dice: random.Random) -> str:
    """A believable name, with full width, Latin and brackets now and then."""
    stem = "".join(dice.sample(STEMS, dice.choice([2, 2, 2, 3, 4])))
    extra = dice.choice(["", "", "", "", "ABC", "3m", "Nestlé", "（中国）", "·", "２０２４", " tcl ", "華為"])
    return f"{dice.choice(PLACES)}{stem}{extra}{dice.choice(TRADES)}{dice.choice(FORMS)}"


def make(count: int, *, seed: int = 1) -> list[tuple[Any, ...]]:
    """Rows of the table; several share their instant, as rows of one import do."""
    dice = random.Random(seed)
    names = [name_of(dice) for _ in range(count)]
    return [
        (
            number, name, search.compose([name], [f"C{number:08d}"]), dice.choice([1, 1, 1, 1, 2, 2, 3]),
            dice.randrange(5), dice.choice(["110000", "440300", "610100"]), dice.randrange(max(1, count // 3)),
        )
        for number, name in enumerate(names, start=1)
    ]  # fmt: skip


COLUMNS = ["id", "name", "search_text", "unit_id", "level", "region", "updated_us"]


def create() -> None:
    """The empty table and its token index, on the database of this test."""
    with connection.schema_editor() as editor:
        editor.create_model(Searched)
        for statement in create_sql(connection.vendor, TARGET):
            editor.execute(statement)


def fill(rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows and tokens in one transaction."""
    columns, lines = COLUMNS, [list(row) for row in rows]
    if connection.vendor == "postgresql":
        columns = [*COLUMNS, "tokens"]
        arrays = search.array_column(pl.Series([row[2] for row in rows]))
        lines = [[*row, tokens] for row, tokens in zip(rows, arrays, strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        write_rows(cursor, connection.vendor, TARGET.table, columns, lines)
        if connection.vendor == "sqlite":
            search.put(connections["default"], TARGET, [(row[0], row[2]) for row in rows])


def brute(rows: Iterable[tuple[Any, ...]], text: str) -> list[int]:
    """Ids of the hits, newest first, by looking at every row in Python."""
    query = search.parse(text)
    hits = [(row[6], row[0]) for row in rows if query.matches(row[2])]
    return [pk for _, pk in sorted(hits, reverse=True)]
