"""What the ledger costs: writing, sealing, verifying and proving, beside the limits of the same run.

    python -m benchmarks.ledger [--rows 10000,100000,1000000] [--databases sqlite,postgresql] [--single 2000]

`bulk` writes versions in chunks of 5,000, each one entry. Its limit is the same rows by the same road
into a table without key, trigger or leaf. `verify` reads and hashes every row; its limits are reading
alone and hashing alone. `single` is one deed per transaction beside one plain insert per transaction.
`seal` takes entries of one row; its limit is hashing their bytes. Times are µs per row.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
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

from django.db import connection, transaction

from kedang import ledger
from kedang.kernel.actor import Actor
from kedang.kernel.clock import now_us
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.sql import write_rows
from kedang.ledger.chains import DEEDS
from kedang.ledger.reading import snapshot
from tests.databases import Cluster, PostgresTemplate, SqliteTemplate, copy_of

CHUNK = 5000
DELTA_BYTES = 200
COLUMNS = ("entry_id", "dossier", "no", "batch", "delta_ct", "leaf32")
BY = Actor(id="clerk", unit=1, credential="session:bench")


def versions(start: int, n: int) -> list[Version]:
    noise = os.urandom(DELTA_BYTES * n)
    return [Version(start + at, 1, noise[at * DELTA_BYTES : (at + 1) * DELTA_BYTES]) for at in range(n)]


def deed() -> Deed:
    return Deed(call=1, op="import.commit", actor=BY, at_us=now_us(), pack_version="records 1")


def timed(n: int, work: Callable[[], object]) -> float:
    """Microseconds per row."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e6 / n


def write_bulk(rows: int) -> tuple[float, float]:
    """µs per version: ours, and the same rows raw."""
    ours = limit = 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_raw (entry_id bigint, dossier bigint, no bigint, batch bigint, delta_ct "
            + ("bytea, leaf32 bytea)" if connection.vendor == "postgresql" else "blob, leaf32 blob)")
        )
    for start in range(0, rows, CHUNK):
        part = versions(start + 1, min(CHUNK, rows - start))
        raw = [(1, each.dossier, each.no, 7, each.delta_ct, bytes(32)) for each in part]
        begun = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            write_rows(cursor, connection.vendor, "bench_raw", COLUMNS, raw)
        middle = time.perf_counter()
        with transaction.atomic():
            ledger.append(deed(), "import.commit", subject="batch:7", body={}, versions=part, batch=7)
        ours += time.perf_counter() - middle
        limit += middle - begun
    return ours * 1e6 / rows, limit * 1e6 / rows


def write_single(n: int) -> tuple[float, float]:
    """µs per deed of one transaction: ours, and one plain insert."""

    def one_deed() -> None:
        for _ in range(n):
            with transaction.atomic():
                ledger.append(deed(), "customer.amend", subject="dossier:C00000011", body={"fields": ["phone"]})

    def one_insert() -> None:
        for number in range(n):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_raw VALUES (%s, 1, 1, 1, %s, %s)", [number, bytes(200), bytes(32)])

    return timed(n, one_deed), timed(n, one_insert)


def seal_many(n: int) -> tuple[float, float]:
    """µs per entry sealed, and for hashing as many bytes twice (leaf and its share of the tree)."""
    ledger.seal()
    with transaction.atomic():
        for _ in range(n):
            ledger.append(deed(), "customer.amend", subject="dossier:C00000011", body={"fields": ["phone"]})
    data = bytes(350)
    return timed(n, ledger.seal), timed(n, lambda: [hashlib.sha256(data).digest() for _ in range(2 * n)])


def read_all() -> None:
    with snapshot(DEEDS) as db:
        for _ in db.stream("SELECT entry_id, dossier, no, batch, delta_ct, leaf32 FROM ledger_version"):
            pass


def hash_all(rows: int) -> None:
    data, node = bytes(DELTA_BYTES + 60), bytes(65)
    for _ in range(rows):
        hashlib.sha256(data).digest()
        hashlib.sha256(node).digest()


def verify_all(rows: int) -> tuple[float, float, float]:
    """µs per version: verify, reading alone, hashing alone."""
    sound: list[bool] = []
    ours = timed(rows, lambda: sound.append(ledger.verify().ok))
    if sound != [True]:
        raise SystemExit("the ledger does not verify")
    return ours, timed(rows, read_all), timed(rows, lambda: hash_all(rows))


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


def line(what: str, rows: int, ours: float, limit: float, of: str) -> None:
    print(f"  {what:<8}{rows:>9,} rows {ours:>9.2f} µs/row {1e6 / ours:>11,.0f}/s   limit {limit:>7.2f} ({of})"
          f"   ratio {ours / limit:.1f}")  # fmt: skip


def run(rows: int, single: int) -> None:
    line("bulk", rows, *write_bulk(rows), "raw rows, no key")
    ledger.seal()
    ours, reading, hashing = verify_all(rows)
    line("verify", rows, ours, reading + hashing, f"read {reading:.2f} + hash {hashing:.2f}")
    out = HOME / "proof"
    line("export", rows, timed(rows, lambda: ledger.export(out)), reading, "reading")
    line("check", rows, timed(rows, lambda: ledger.check(out)), hashing, "hashing")
    small = timed(1, lambda: ledger.export(out, "dossier:C1", dossier=rows // 2)) / 1000
    print(f"  proof of one dossier: {small:.0f} ms, {out.stat().st_size:,} bytes, ok={ledger.check(out).ok}")
    line("single", single, *write_single(single), "one insert per transaction")
    sealed = min(rows, 100_000)
    line("seal", sealed, *seal_many(sealed), "two hashes")
    print(f"  peak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--single", type=int, default=2000)
    given = parser.parse_args()
    with sites(given.databases.split(",")) as templates:
        for name, template in templates.items():
            for rows in map(int, given.rows.split(",")):
                print(f"{name}, {rows:,} versions of {DELTA_BYTES} bytes")
                with copy_of(template, HOME / f"site-{name}-{rows}"):
                    run(rows, given.single)


if __name__ == "__main__":
    main()
