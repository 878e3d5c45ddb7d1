"""What a data standard costs: one value, and a column of 10⁴, 10⁵ and 10⁶ rows, in µs per row.

    python -m benchmarks.standards [--rows 10000,100000,1000000] [--odd 0.01] [--only phones,date]

Each column holds distinct texts where the field has them, and `--odd` of its rows are not plainly in
order. `limit` is Polars' `strip_chars` of the same column in the same run: the cheapest pass that
touches every character. Medians of three after one warm-up.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import polars as pl

from kedang.standards import CATALOGUE, check, check_column, checkchar, names
from kedang.standards.credit_code import ALPHABET, check_character, organisation_check
from kedang.standards.identity_number import check_character as identity_check

REGIONS = ("110105", "310115", "440304", "610113", "330106")
SYLLABLES = "华远恒泰宏达鑫源盛世嘉禾博雅天成瑞丰启明星辰海川金石云峰大同"
TRADES = ("科技", "商贸", "建筑工程", "餐饮管理", "医药", "物流", "文化传播")
Maker = Callable[[random.Random], str]


def credit_code(draw: random.Random) -> str:
    organisation = "MA" + "".join(draw.choices(ALPHABET, k=6))
    body = "91" + draw.choice(REGIONS) + organisation + organisation_check(organisation)
    return body + check_character(body)


def identity_number(draw: random.Random) -> str:
    born = date(1950, 1, 1) + timedelta(days=draw.randrange(20_000))
    body = f"{draw.choice(REGIONS)}{born:%Y%m%d}{draw.randrange(1000):03d}"
    return body + identity_check(body)


def phones(draw: random.Random) -> str:
    if draw.random() < 0.5:
        return f"1{draw.randrange(3, 10)}{draw.randrange(10**9):09d}"
    return f"0571-8{draw.randrange(10**7):07d}"


def name(draw: random.Random) -> str:
    return f"西安{''.join(draw.choices(SYLLABLES, k=4))}{draw.choice(TRADES)}有限公司"


def address(draw: random.Random) -> str:
    return f"陕西省西安市雁塔区{''.join(draw.choices(SYLLABLES, k=3))}路{draw.randrange(1000)}号{draw.randrange(30)}层"


def text(draw: random.Random) -> str:
    return "；".join("销售：" + "、".join(draw.choices(TRADES, k=6)) + "（不含危险品）" for _ in range(3))


CLEAN: dict[str, Maker] = {
    "credit_code": credit_code,
    "identity_number": identity_number,
    "phones": phones,
    "email": lambda draw: f"user{draw.randrange(10**8)}@example.com",
    "postcode": lambda draw: f"{draw.randrange(10_000, 860_000):06d}",
    "date": lambda draw: (date(1980, 1, 1) + timedelta(days=draw.randrange(16_000))).isoformat(),
    "capital": lambda draw: f"{draw.randrange(10**5):,}.{draw.randrange(10**4):04d}(万元人民币)",
    "region": lambda draw: draw.choice(REGIONS),
    "industry": lambda draw: draw.choice(("C13", "I6513", "F51", "K")),
    "url": lambda draw: f"http://www.site{draw.randrange(10**8)}.com",
    "text": text,
    "name": name,
    "address": address,
}
ODD: dict[str, Maker] = {
    "credit_code": lambda draw: f"{draw.randrange(10**14, 10**15)}",
    "identity_number": lambda draw: f"6101137{draw.randrange(10**11):011d}",
    "phones": lambda draw: f"0571-8{draw.randrange(10**7):07d}，8{draw.randrange(10**7):07d}转12",
    "date": lambda draw: f"{draw.randrange(1950, 2020)}年{draw.randrange(1, 13)}月{draw.randrange(1, 29)}日",
    "capital": lambda draw: f"{draw.randrange(10**6)}万港币",
    "region": lambda draw: draw.choice(("陕西省西安市", "浙江 杭州", "北京市朝阳区")),
    "industry": lambda draw: draw.choice(("制造业", "J金融业")),
    "name": lambda draw: name(draw) + "\u200b",
    "address": lambda draw: address(draw) + "　东側",
    "text": lambda draw: text(draw) + "國",
}


def nonsense(draw: random.Random) -> str:
    """A text no standard of codes or numbers reads."""
    return f"?{draw.randrange(10**9)}"


def column(standard: str, rows: int, odd: float) -> pl.Series:
    """A seeded column with its share of odd texts."""
    draw = random.Random(7)  # noqa: S311 - made-up data
    clean, other = CLEAN[standard], ODD.get(standard, nonsense)
    return pl.Series([other(draw) if draw.random() < odd else clean(draw) for _ in range(rows)])


def us_per(count: int, work: Callable[[], object]) -> float:
    """Median microseconds per item of three runs after one that warms up."""
    work()
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) / count * 1e6


def report(label: str, one: float | None, costs: Sequence[tuple[float, float]]) -> None:
    """One line: one value, then per size the column, the limit and their ratio."""
    shown = "     -" if one is None else f"{one:6.2f}"
    print(
        f"{label:16} {shown}  " + "  ".join(f"{ours:6.3f} {limit:6.3f} {ours / limit:6.1f}x" for ours, limit in costs)
    )  # noqa: T201


def measure(standard: str, sizes: Sequence[int], odd: float) -> None:
    """All figures of one standard."""
    costs = []
    for rows in sizes:
        texts = column(standard, rows, odd)
        ours = us_per(rows, lambda texts=texts: check_column(standard, texts))  # type: ignore[misc]
        costs.append((ours, us_per(rows, lambda texts=texts: texts.str.strip_chars())))  # type: ignore[misc]
    some = column(standard, 2000, odd).to_list()
    report(standard, us_per(len(some), lambda: [check(standard, text) for text in some]), costs)


def measure_keys(sizes: Sequence[int]) -> None:
    """Name keys and dossier codes, which are no standards but run over the same columns."""
    costs = []
    for rows in sizes:
        texts = column("name", rows, 0.0)
        ours = us_per(rows, lambda texts=texts: names.name_key_column(texts))  # type: ignore[misc]
        costs.append((ours, us_per(rows, lambda texts=texts: texts.str.strip_chars())))  # type: ignore[misc]
    some = column("name", 2000, 0.0).to_list()
    report("name_key", us_per(len(some), lambda: [names.name_key(text) for text in some]), costs)
    codes = [us_per(rows, lambda rows=rows: checkchar.codes_for(1, rows)) for rows in sizes]  # type: ignore[misc]
    one = us_per(2000, lambda: [checkchar.code_for(serial) for serial in range(2000)])
    print(f"{'dossier code':16} {one:6.2f}  " + "  ".join(f"{cost:6.3f}" for cost in codes))  # noqa: T201


def main() -> None:
    """Measure what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--odd", type=float, default=0.01)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    sizes = [int(size) for size in given.rows.split(",")]
    print(f"{'µs per row':16} {'one':>6}  " + "  ".join(f"{size:>7} rows limit ratio" for size in sizes))  # noqa: T201
    for standard in given.only.split(",") if given.only else CATALOGUE:
        measure(standard, sizes, given.odd)
    if not given.only:
        measure_keys(sizes)


if __name__ == "__main__":
    main()
