"""`kill -9` in the middle of an import: afterwards it goes on, no row is half written, none twice."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import Count

from kedang import ledger
from kedang.customers.models import Contact, Dossier
from kedang.governance.models import Call
from kedang.intake.models import COMMIT, Batch, BatchChunk
from kedang.ledger.models import Version
from tests.databases import Site
from tests.world import World

ROWS_A_KILL = 8000
RESUME = "import django; django.setup(); from kedang.governance import jobs; jobs.recover()"


def write_file(path: Path, rows: int, seed: int) -> None:
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["客户名称", "联系人", "联系电话", "地址", "备注"])
        for number in range(rows):
            phone = f"13{dice.randrange(10**9):09d}"
            writer.writerow([f"西安第{seed}批{number}号机电有限公司", "王小明", phone, f"高新路{number}号", ""])


def start(site: Site, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *words], env=site.environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def writing() -> bool:
    """Whether the import has begun to write rows."""
    return BatchChunk.objects.filter(run=COMMIT).exists()


def kill_somewhere(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Let the process live until rows are being written and then for some seconds more; whether it had to be killed."""
    while not writing() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    alive = process.poll() is None
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return alive


def run_killed(site: Site, tmp_path: Path, kills: int, rows: int) -> None:
    """Import a file and kill whoever works on it so many times; then let it end."""
    dice = random.Random(kills)
    path = tmp_path / "partner.csv"
    write_file(path, rows, kills)
    importing = start(site, "-m", "kedang.cli.main", "import", str(path), "--as", "clerk", "--json")
    killed = [kill_somewhere(importing, dice.random())]
    killed += [kill_somewhere(start(site, "-c", RESUME), 0.3 + 1.5 * dice.random()) for _ in range(kills - 1)]
    assert all(killed), "the import was over before the last kill; give it more rows"
    connections.close_all()
    assert start(site, "-c", RESUME).wait() == 0


def assert_whole(batch: Batch, rows: int) -> None:
    """Every counted row is there once, with its contact and its one version; the ledger verifies."""
    assert batch.state == "done"
    assert batch.rows == rows == batch.created
    assert Dossier.objects.count() == rows
    assert Dossier.objects.values("name").distinct().count() == rows
    assert Contact.objects.count() == rows
    assert Version.objects.count() == rows
    assert not Version.objects.values("dossier").annotate(n=Count("no")).filter(n__gt=1).exists()
    ledger.seal()
    verdict = ledger.verify()
    assert verdict.ok, verdict.problems


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_killed_import_goes_on(site: Site, world: World, tmp_path: Path, kills: int) -> None:
    rows = ROWS_A_KILL * kills
    run_killed(site, tmp_path, kills, rows)
    assert Call.objects.get(op="import.commit").state == "done"
    assert_whole(Batch.objects.get(), rows)
