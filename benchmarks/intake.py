"""What an import costs: a whole file through the product, beside the raw load of the same final rows.

    python -m benchmarks.intake [--rows 10000,100000] [--databases sqlite,postgresql] [--file registry.csv]

Ours reads the file, recognises and checks every value, matches against what is stored, judges by the
regulation, seals, indexes, numbers versions and writes the ledger. The limit writes the very same rows
of all tables and the same search words into an empty site of the same schema, by COPY or executemany in
transactions of the same size, and nothing else. `--file` takes a real CSV instead of the synthetic one.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import django

HOME = Path(tempfile.mkdtemp(prefix="kedang-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.config.settings")
os.environ.update(KEDANG_HOME=str(HOME / "none"), KEDANG_DATABASE_URL="", KEDANG_DATABASE_OWNER_URL="")
django.setup()

from django.db import connection, transaction

from kedang import search
from kedang.customers.searchable import TARGET
from kedang.intake.models import COMMIT, BatchChunk
from kedang.kernel.sql import write_rows
from kedang.standards.credit_code import check_character, organisation_check
from tests.databases import Cluster, PostgresTemplate, SqliteTemplate, Template, copy_of
from tests.intake.importing import committed, staged
from tests.world import make_world

CITIES = ("西安", "咸阳", "杭州", "深圳", "成都", "武汉", "苏州", "青岛", "郑州", "长沙")
TRADES = ("机电设备", "生物科技", "食品", "物流", "软件技术", "建筑工程", "纺织", "医疗器械", "新能源", "文化传媒")
SYLLABLES = "华信恒通远大金泰瑞丰盛嘉达成源科业昌宏兴隆顺安和美康宁博雅"
TABLES = {"customers_dossier": "id", "customers_contact": "id", "customers_tail": "id", "ledger_version": "dossier"}
"""Each table that an import fills, and the column that gives the order of writing."""


def credit_code(dice: random.Random) -> str:
    body = "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
    stem = f"91{dice.choice(('610100', '330100', '440300'))}{body}{organisation_check(body)}"
    return stem + check_character(stem)


def write_file(path: Path, rows: int) -> None:
    """A synthetic partner's list; every row its own company with a contact."""
    dice = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["客户名称", "统一社会信用代码", "成立日期", "注册资本", "所在地区", "地址", "联系人", "联系电话"]
        )
        for number in range(rows):
            core = "".join(dice.choices(SYLLABLES, k=3))
            city = dice.choice(CITIES)
            writer.writerow(
                [
                    f"{city}{core}{dice.choice(TRADES)}有限公司", credit_code(dice),
                    f"20{dice.randrange(10, 24)}-0{dice.randrange(1, 10)}-1{dice.randrange(10)}",
                    f"{dice.randrange(10, 9000)}万元", city + "市", f"{city}市高新路{number}号",
                    dice.choice(("王小明", "李娜", "张伟")), f"138{dice.randrange(10**8):08d}",
                ]
            )  # fmt: skip


def cut(source: Path, path: Path, rows: int) -> None:
    """The first rows of a real file."""
    with source.open("rb") as lines, path.open("wb") as out:
        out.writelines(islice(lines, rows + 1))


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    own = [column.name for column in found]
    return [name for name in own if not (table in ("customers_tail", "ledger_version") and name == "id")]


def final_rows() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """The rows an import left, table by table, as the drivers give and take them."""
    out = {}
    with connection.cursor() as cursor:
        for table, order in TABLES.items():
            names = columns(table)
            listed = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'SELECT {listed} FROM "{table}" ORDER BY "{order}"')  # noqa: S608 - names are ours
            out[table] = (names, cursor.cursor.fetchall())
    return out


def load_raw(
    kept: dict[str, tuple[list[str], list[tuple[Any, ...]]]], words: list[tuple[int, str]], size: int
) -> float:
    """Seconds to write the same rows and words, and nothing else."""
    began = time.perf_counter()
    most = max(len(rows) for _, rows in kept.values())
    size = min(size, most)
    for start in range(0, most, size):
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (names, rows) in kept.items():
                write_rows(cursor, connection.vendor, table, names, rows[start : start + size])
            if connection.vendor == "sqlite":
                search.put_words(connection, TARGET, words[start : start + size])
    return time.perf_counter() - began


def compare(template: Template, name: str, path: Path) -> None:
    """One file through the product, then its final rows raw, and the ratio."""
    with copy_of(template, HOME / f"{name}-{path.stem}-ours"):
        world = make_world()
        began, cpu = time.perf_counter(), time.process_time()
        batch, _ = staged(world, path, confirm=True)
        committed(world, batch)
        ours, ours_cpu = time.perf_counter() - began, time.process_time() - cpu
        kept = final_rows()
        chunks = BatchChunk.objects.filter(batch=batch, run=COMMIT).count()
        created = batch.created
        words: list[tuple[int, str]] = []
        if connection.vendor == "sqlite":
            names, rows = kept["customers_dossier"]
            at = names.index("search_text")
            words = [(row[names.index("id")], " ".join(search.tokens_of(row[at]))) for row in rows]
    with copy_of(template, HOME / f"{name}-{path.stem}-raw"):
        make_world()
        raw = load_raw(kept, words, max(1, created // max(chunks, 1)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rates = f"{batch.rows / ours:>11.0f}{created / raw:>11.0f}{(ours / batch.rows) / (raw / created):>8.1f}"
    print(f"{name:<11}{batch.rows:>9}{rates}{ours_cpu / batch.rows * 1e6:>10.0f}{memory:>8}", flush=True)


@contextmanager
def templates(names: list[str]) -> Iterator[dict[str, Template]]:
    made: dict[str, Template] = {}
    cluster = Cluster() if "postgresql" in names else None
    try:
        for name in names:
            home = HOME / f"template-{name}"
            made[name] = PostgresTemplate(home, cluster) if cluster and name == "postgresql" else SqliteTemplate(home)
        yield made
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,50000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    print(f"{'database':<11}{'rows':>9}{'ours r/s':>11}{'raw r/s':>11}{'x raw':>8}{'cpu µs/r':>10}{'MiB':>8}")
    with templates(given.databases.split(",")) as made:
        for rows in map(int, given.rows.split(",")):
            path = HOME / f"{rows}.csv"
            if given.file:
                cut(given.file, path, rows)
            else:
                write_file(path, rows)
            for name, template in made.items():
                compare(template, name, path)


if __name__ == "__main__":
    main()
