"""What signatures, to-do lists and the compliance page cost, beside the limits of the same run.

    python -m benchmarks.approvals [--requests 100,300] [--waiting 100,1000,10000] [--evidence 10000,100000,1000000]
                                   [--databases sqlite,postgresql]

`file` puts a change of a dossier down for one signature, `sign` gives it, which carries the change out. The
limit of both is what they left in the tables (call, seat, signature, ledger, evidence, notices …), written again
raw into tables of the same columns without key or index, one transaction a request. `list` is the to-do list of one
person for whom so many requests wait, `count` the number every page shows; the limit is reading a hundred requests by
key. `status` is the compliance of every article of the shipped default regulation over so many rows of
evidence; the limit is counting these rows by one query. Times are milliseconds, the median of five for what reads.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

HOME = Path(tempfile.mkdtemp(prefix="kedang-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.config.settings")
os.environ.update(KEDANG_HOME=str(HOME / "none"), KEDANG_DATABASE_URL="", KEDANG_DATABASE_OWNER_URL="")
django.setup()

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kedang.governance import compliance, todo
from kedang.governance.compliance.models import Evidence
from kedang.governance.compliance.periods import period
from kedang.governance.flows.models import Asked, Seat
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.kernel.clock import now_us
from kedang.packs.shipped import load_shipped
from tests.databases import Cluster, PostgresTemplate, SqliteTemplate, copy_of
from tests.flows.signed import company
from tests.world import World

STEPS: list[dict[str, Any]] = [{"of": {"head_of": "subject_unit"}}]
SIGNER = "head"
CHUNK = 5000
OTHERS = ("staff", "unit", "pack", "session", "search_")
"""Tables a request does not write to."""
_last: dict[str, tuple[int, float]] = {}


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def median(work: Callable[[], object]) -> float:
    return statistics.median(milliseconds(work) for _ in range(5))


def line(what: str, n: int, ours: float, limit: float, of: str) -> None:
    """Ours, the limit, the ratio, and how much more it costs than the line before it of the same name."""
    before, _last[what] = _last.get(what), (n, ours)
    growth = f"   {n / before[0]:.0f} times as many cost {ours / before[1]:.1f} times" if before else ""
    print(f"  {what:<8}{n:>10,} {ours:>10.2f} ms {1000 / ours:>8,.1f}/s   limit {limit:>8.3f} ms ({of})"
          f"   ratio {ours / limit:.1f}{growth}", flush=True)  # fmt: skip


def tables() -> list[str]:
    """The tables of the records and the ledger with whole-number keys."""
    found = connection.introspection.table_names()
    ours = {model._meta.db_table for model in apps.get_models() if model._meta.pk.get_internal_type() != "CharField"}
    return sorted(name for name in found if name in ours and not any(word in name for word in OTHERS))


def marks() -> dict[str, int]:
    """The highest id in each table."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name in tables():
            try:
                with transaction.atomic():
                    cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{name}"')  # noqa: S608
                    found[name] = int(cursor.fetchone()[0])
            except DatabaseError:  # a table of another alias, or without an id
                continue
    return found


def rows_since(before: dict[str, int]) -> dict[str, list[tuple[Any, ...]]]:
    """What was written since, by table."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for name, top in before.items():
            cursor.execute(f'SELECT * FROM "{name}" WHERE id > %s ORDER BY id', [top])  # noqa: S608
            if rows := cursor.fetchall():
                found[name] = rows
    return found


def raw_again(written: dict[str, list[tuple[Any, ...]]], n: int) -> float:
    """Milliseconds a request for the same rows, raw: one transaction for each request's share of every table."""
    with connection.cursor() as cursor:
        for name in written:
            cursor.execute(f'DROP TABLE IF EXISTS "raw_{name}"')
            cursor.execute(f'CREATE TABLE "raw_{name}" AS SELECT * FROM "{name}" WHERE 1 = 0')  # noqa: S608

    def write() -> None:
        for at in range(n):
            with transaction.atomic(), connection.cursor() as cursor:
                for name, rows in written.items():
                    if part := rows[at * len(rows) // n : (at + 1) * len(rows) // n]:
                        holes = ", ".join(["%s"] * len(part[0]))
                        cursor.executemany(f'INSERT INTO "raw_{name}" VALUES ({holes})', part)  # noqa: S608

    return milliseconds(write) / n


def requests(n: int) -> None:
    """File so many requests, each on its own dossier, and sign each."""
    world = company(STEPS)
    codes = [world.open(f"西安示例{number}机电有限公司") for number in range(n)]
    before, calls = marks(), list[Call]()
    filing = milliseconds(lambda: calls.extend(world.amend(code, short_name="示例") for code in codes)) / n
    limit = raw_again(rows_since(before), n)
    line("file", n, filing, limit, "the same rows raw")
    before, by = marks(), world.actor(SIGNER)
    signing = milliseconds(lambda: [sign(call.pk, by=by, verdict="agree", saw=saw_of(call)) for call in calls]) / n
    if set(Call.objects.filter(pk__in=[call.pk for call in calls]).values_list("state", flat=True)) != {"done"}:
        raise SystemExit("not every request was done")
    line("sign", n, signing, raw_again(rows_since(before), n), "the same rows raw")


def lists(world: World, n: int) -> None:
    """The list of a person for whom so many requests wait: copies of one that was really filed."""
    fill(Call.objects.filter(state="waiting").latest("pk"), n)
    by = world.actor(SIGNER)
    keys = list(Call.objects.filter(state="waiting").order_by("step_us", "pk").values_list("pk", flat=True)[:100])
    limit = median(lambda: list(Call.objects.filter(pk__in=keys)))
    line("list", n, median(lambda: todo.items_for(by)), limit, "100 requests by key")
    line("count", n, median(lambda: todo.count_for(by)), limit, "100 requests by key")


def fill(call: Call, n: int) -> None:
    missing = n - Call.objects.filter(state="waiting").count()
    with transaction.atomic():
        values = {
            field.attname: getattr(call, field.attname) for field in Call._meta.concrete_fields if field.attname != "id"
        }
        made = Call.objects.bulk_create([Call(**values) for _ in range(missing)], batch_size=500)
        seats = Seat.objects.bulk_create([Seat(call=each, turn=0, step=0, no=0) for each in made], batch_size=500)
        Asked.objects.bulk_create([Asked(seat=seat, staff_ref=SIGNER) for seat in seats], batch_size=500)
    analyse()


def evidence(n: int, have: int) -> None:
    """The compliance of the default regulation over so many rows, spread evenly over a quarter and its controls."""
    pack, quarter = load_shipped("records"), period("")
    spread = random.Random(7)
    controls = sorted(pack.controls)
    for start in range(have, n, CHUNK):
        Evidence.objects.bulk_create(
            Evidence(
                control=controls[at % len(controls)], outcome="refused" if at % 10 == 0 else "done",
                at_us=spread.randrange(quarter.since_us, quarter.until_us), entry=at + 1, op="customer.amend",
                subject="dossier:C00000011",
            )
            for at in range(start, min(start + CHUNK, n))
        )  # fmt: skip
    analyse()
    within = Evidence.objects.filter(at_us__gte=quarter.since_us, at_us__lt=quarter.until_us)
    ours = median(lambda: compliance.status.status(pack, quarter, now_us()))
    line("status", n, ours, median(within.count), "one count of all rows")


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def sites(names: list[str]) -> Iterator[dict[str, Any]]:
    """Migrated templates of the databases that were asked for."""
    made: dict[str, Any] = {}
    cluster = Cluster() if "postgresql" in names else None
    try:
        if "sqlite" in names:
            made["sqlite"] = SqliteTemplate(HOME / "sqlite")
        if cluster:
            made["postgresql"] = PostgresTemplate(HOME / "postgresql", cluster)
        yield made
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def run(template: Any, name: str, given: argparse.Namespace) -> None:
    for n in map(int, given.requests.split(",")):
        with copy_of(template, HOME / f"{name}-requests-{n}"):
            requests(n)
    with copy_of(template, HOME / f"{name}-lists"):
        world = company(STEPS)
        world.amend(world.open("西安示例机电有限公司"), short_name="示例")
        for n in map(int, given.waiting.split(",")):
            lists(world, n)
    with copy_of(template, HOME / f"{name}-evidence"):
        have = 0
        for n in map(int, given.evidence.split(",")):
            evidence(n, have)
            have = n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", default="100,300")
    parser.add_argument("--waiting", default="100,1000,10000")
    parser.add_argument("--evidence", default="10000,100000,1000000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args()
    with sites(given.databases.split(",")) as templates:
        for name, template in templates.items():
            print(name, flush=True)
            _last.clear()
            run(template, name, given)


if __name__ == "__main__":
    main()
