"""How long a search takes: every class of term, fresh terms, on both databases, beside the limits.

    python -m benchmarks.search --rows 10000,100000,1000000 [--databases sqlite,postgresql]
        [--names registry.csv.zst] [--terms 40] [--scan] [--postgresql URL]

Each term is used once. `limit` is the fetch of 50 rows by primary key in the same run; `scan` (with
`--scan`) is `LIKE '%…%'` sorted by the newest change. Times are milliseconds: median, p95, maximum.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import django
import polars as pl

HOME = Path(tempfile.mkdtemp(prefix="kedang-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.config.settings")
os.environ.update(KEDANG_HOME=str(HOME), KEDANG_DATABASE_URL="", KEDANG_DATABASE_OWNER_URL="")
django.setup()

from django.db import connection, transaction

from kedang import search
from kedang.config.env import database
from kedang.kernel.sql import write_rows
from kedang.search.schema import create_sql, gin_index
from tests.databases import Cluster, point
from tests.search.table import COLUMNS, TARGET, Searched, create

CHUNK = 5000
PLACES = re.split(
    r"\s+",
    """北京 上海 天津 重庆 深圳市 广州市 成都 杭州 武汉市 西安 南京 苏州市 郑州 长沙 青岛 宁波 东莞市 佛山 合肥 昆明
    厦门 福州 济南 哈尔滨""",
)
TRADES = re.split(
    r"\s+",
    """科技 贸易 建筑工程 餐饮管理 网络科技 医药 物流 文化传播 农业开发 机械设备 电子商务 信息咨询 房地产开发 装饰工程
    广告 汽车销售 劳务 环保科技 教育咨询 投资管理 生物技术 服装 食品 五金制品 化工 能源 旅行社 物业管理 新材料""",
)
FORMS = ["有限公司"] * 14 + ["有限责任公司", "股份有限公司", "合作社", "商行", "经营部", "集团有限公司"]
CHARS = [chr(code) for code in range(0x4E00, 0x9FA5)]
"""Characters of the made-up stems; drawn so that a few hundred do most of the work."""


def made_names(count: int, seed: int) -> Iterator[str]:
    """Synthetic company names whose characters have a long tail."""
    dice = random.Random(seed)
    for _ in range(count):
        ranks = [int(dice.paretovariate(0.7) * 9) for _ in range(dice.choice([2, 2, 3]))]
        stem = "".join(CHARS[rank * 37 % len(CHARS)] for rank in ranks)
        yield f"{dice.choice(PLACES)}{stem}{dice.choice(TRADES)}{dice.choice(FORMS)}"


def real_names(path: Path, count: int) -> list[str]:
    """The first column of a registry file, again and again if it is too short."""
    opened = ["zstd", "-dc", "--long=27", str(path)] if path.suffix == ".zst" else ["cat", str(path)]
    with subprocess.Popen(opened, stdout=subprocess.PIPE, text=True) as lines:  # noqa: S603 - our own command line
        names = [line.split(",", 1)[0] for line in itertools.islice(lines.stdout or (), 1, count + 1)]
        lines.kill()
    return list(itertools.islice(itertools.cycle(names), count))


def chunks(names: Sequence[str], seed: int) -> Iterator[pl.DataFrame]:
    """Whole rows in chunks; the instant of change has nothing to do with the id, which is the hard case."""
    dice = random.Random(seed)
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for start in range(0, len(names), CHUNK):
        name = pl.Series(names[start : start + CHUNK])
        ids = range(start + 1, start + 1 + len(name))
        code = pl.Series([f"C{pk:08d}" for pk in ids])
        credit = pl.Series([f"91{dice.randrange(10**6):06d}" + "".join(dice.choices(letters, k=10)) for _ in ids])
        yield pl.DataFrame(
            {
                "id": ids, "name": name, "search_text": search.compose_column([name], [code, credit]),
                "unit_id": [dice.randrange(7) for _ in ids], "level": [dice.randrange(5) for _ in ids],
                "region": [dice.choice(["110000", "440300", "610100"]) for _ in ids],
                "updated_us": [dice.randrange(10**12) for _ in ids], "rest": ["x" * 400] * len(name),
            }
        )  # fmt: skip


def load(names: Sequence[str], seed: int) -> dict[str, float]:
    """Fill the table and its index; seconds spent on making the columns and on writing them."""
    spent = {"made": 0.0, "written": 0.0}
    began = time.perf_counter()
    for frame in chunks(names, seed):
        if connection.vendor == "postgresql":
            frame = frame.with_columns(search.array_column(frame["search_text"]))
        else:
            frame = frame.with_columns(search.words_column(frame["search_text"]))
        ready = time.perf_counter()
        spent["made"] += ready - began
        _write(frame)
        began = time.perf_counter()
        spent["written"] += began - ready
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(create_sql("postgresql", TARGET)[1])
    search.settle(connection, TARGET)
    spent["settled"] = time.perf_counter() - began
    return spent


def _write(frame: pl.DataFrame) -> None:
    columns = [*COLUMNS, "rest"]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns.append("tokens")
            write_rows(cursor, connection.vendor, TARGET.table, columns, frame.select(columns).iter_rows())
        else:
            write_rows(cursor, connection.vendor, TARGET.table, columns, frame.select(columns).iter_rows())
            search.put_words(connection, TARGET, frame.select("id", "tokens").iter_rows())


def classes(names: Sequence[str], terms: int, seed: int) -> dict[str, list[str]]:
    """Fresh terms of every class, none twice, from the names themselves."""
    dice = random.Random(seed)
    sample = dice.sample(names, min(len(names), 20_000))
    ones: Counter[str] = Counter(char for name in sample for char in set(name) if char >= "\u4e00")
    twos: Counter[str] = Counter(pair for name in sample for pair in {a + b for a, b in itertools.pairwise(name)})
    texts = [search.compose([name]).split("|") for name in dice.sample(sample, terms * 3)]
    share = len(sample) / 100

    def some(values: Sequence[str]) -> list[str]:
        distinct = list(dict.fromkeys(values))
        return dice.sample(distinct, min(terms, len(distinct)))

    def four(name: str) -> str:
        start = dice.randrange(max(1, len(name) - 4))
        return name[start : start + 4]

    return {
        "1 character, common": some([char for char, count in ones.items() if count > share]),
        "1 character, rare": some([char for char, count in ones.items() if count < share / 20]),
        "2 characters, common": ["有限", *some([pair for pair, count in twos.items() if count > share / 2])][:terms],
        "2 characters, mid": some([pair for pair, count in twos.items() if share / 50 < count < share / 5]),
        "2 characters, rare": ["华为", *some([pair for pair, count in twos.items() if count < 3])][:terms],
        "4 characters": some([four(name) for name in sample]),
        "full name": some(sample),
        "initials": some([parts[2].strip()[:4] for parts in texts if len(parts) > 3 and parts[2].strip().isascii()]),
        "pinyin": some([parts[-2].strip()[4 : 4 + dice.randrange(5, 10)] for parts in texts if len(parts) > 3]),
        "code, whole": [],
    }


def credit_codes(count: int, rows: int, seed: int) -> list[str]:
    """Whole codes of stored rows."""
    ids = random.Random(seed).sample(range(1, rows + 1), count)
    texts = Searched.objects.filter(pk__in=ids).values_list("search_text", flat=True)
    return [text.split("|")[-2].strip().upper() for text in texts]


def report(label: str, times: Sequence[float], plans: str = "") -> None:
    """One line: median, p95, maximum."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    figures = f"{ordered[len(ordered) // 2]:>9.2f}{p95:>9.2f}{ordered[-1]:>9.2f}"
    print(f"  {label:<36}{figures}  n={len(ordered):<4}{plans}", flush=True)


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(label: str, queryset: Any, terms: Sequence[str]) -> None:
    """Search every term once."""
    found = [search.find(TARGET, queryset, term) for term in terms]
    plans = Counter(one.plan for one in found)
    report(label, [one.ms for one in found], " ".join(f"{plan}:{count}" for plan, count in plans.items()))


def by_key(rows: int, times: int) -> list[float]:
    """The limit: fifty rows by primary key, other ones each time."""
    dice = random.Random(5)
    fifty = (Searched.objects.filter(pk__in=dice.sample(range(1, rows + 1), 50)) for _ in range(times))
    return [timed(partial(list, queryset.values_list())) for queryset in fifty]


def scan(terms: Sequence[str]) -> list[float]:
    """What everyone else does."""
    return [timed(partial(_scanned, term)) for term in terms]


def _scanned(term: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM searched WHERE name LIKE %s ORDER BY updated_us DESC, id DESC LIMIT 50", [f"%{term}%"]
        )
        return list(cursor.fetchall())


def run(names: Sequence[str], terms: int, with_scan: bool) -> None:
    """One size on one database."""
    create()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute(f"DROP INDEX {gin_index(TARGET)}")  # as a first load does
    spent = load(names, 3)
    rate = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in spent.items())
    print(f"{connection.vendor}, {len(names):,} rows ({rate}); ms: median, p95, max", flush=True)
    report("limit: 50 rows by primary key", by_key(len(names), 40))
    wanted = classes(names, 2 * terms, 11)
    wanted["code, whole"] = credit_codes(2 * terms, len(names), 12)
    thin = Searched.objects.filter(unit_id=3, level__lte=2, region="440300")
    for label, words in wanted.items():
        measure(label, Searched.objects.all(), words[::2])
        measure(f"{label}, 3 filters", thin, words[1::2])
    if with_scan:
        for label in ("2 characters, mid", "2 characters, rare", "4 characters"):
            report(f"scan: LIKE, {label}", scan(wanted[label][:3]))


@contextmanager
def empty(vendor: str, url: str) -> Iterator[None]:
    """A database of its own, gone afterwards; with a `url`, the empty one that it names."""
    home = Path(tempfile.mkdtemp(prefix="kedang-bench-"))
    (home / "keys").mkdir()
    cluster = Cluster() if vendor == "postgresql" and not url else None
    try:
        point(database(cluster.url("postgres") if cluster else url if vendor == "postgresql" else "", home))
        yield
    finally:
        if vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {TARGET.table}")
        connection.close()
        if cluster:
            cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Read the command line and run each size on each database."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--rows", default="10000,100000,1000000")
    given.add_argument("--databases", default="sqlite,postgresql")
    given.add_argument("--names", type=Path)
    given.add_argument("--terms", type=int, default=40)
    given.add_argument("--postgresql", default="", metavar="URL", help="an empty database, else a private server")
    given.add_argument("--scan", action="store_true")
    asked = given.parse_args()
    for rows in map(int, asked.rows.split(",")):
        names = real_names(asked.names, rows) if asked.names else list(made_names(rows, 1))
        for vendor in asked.databases.split(","):
            with empty(vendor, asked.postgresql):
                run(names, asked.terms, asked.scan)
    shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
