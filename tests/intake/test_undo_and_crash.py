"""A batch ends done or reverted: after a crash it goes on, nothing twice, nothing half; undo takes back what it can."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kedang import ledger
from kedang.customers.digest import state_digest
from kedang.customers.models import Contact, Dossier, Tail
from kedang.governance import jobs
from kedang.governance.models import Call
from kedang.intake import committing, present, undoing
from kedang.intake.models import COMMIT, Batch, BatchChunk
from kedang.intake.payloads import CommitBatch, UndoBatch
from kedang.kernel.errors import KedangError
from tests.intake import samples
from tests.intake.importing import check_sum, counts, imported, ran, staged, undone

ROOT = Path(__file__).resolve().parents[2]


def listed(path: Path, rows) -> Path:
    """A CSV file of these rows."""
    return samples.text_file(path, samples.csv_text([samples.TITLES, *rows]))


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of twenty rows."""
    monkeypatch.setattr("kedang.intake.pace.Pace.size", lambda self: 20)


def test_undo_leaves_the_state_it_found(world, tmp_path, small_chunks):
    rows = samples.companies(120)
    imported(world, listed(tmp_path / "a.csv", rows[:60]))
    before = state_digest()
    for number in range(0, 60, 2):
        rows[number][6] = f"改过的地址{number}号"
        rows[number][8] = f"138{number:08d}"
    batch = imported(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    assert counts(batch) == (120, 60, 30, 0, 0, 30)
    assert state_digest() != before
    batch = undone(world, batch)
    assert (batch.state, batch.reverted, batch.kept) == ("reverted", 90, 0)
    assert state_digest() == before
    ledger.seal()
    assert ledger.verify().ok


def test_undo_keeps_what_somebody_changed_since_and_lists_it(world, tmp_path):
    rows = samples.companies(6)
    imported(world, listed(tmp_path / "a.csv", rows[:3]))
    rows[0][6], rows[1][6] = "改过的地址1号", "改过的地址2号"
    batch = imported(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    assert counts(batch) == (6, 3, 2, 0, 0, 1)
    edited = [Dossier.objects.get(credit_code=rows[number][1]) for number in (0, 4)]
    for dossier in edited:
        world.amend(dossier.code, note="客户经理后来补的")
    batch = undone(world, batch)
    assert (batch.reverted, batch.kept) == (3, 2)
    assert sorted(present.kept(world.actor("clerk"), batch.ref)) == sorted(dossier.code for dossier in edited)
    for dossier in edited:
        dossier.refresh_from_db()
        assert dossier.note == "客户经理后来补的"
    assert Dossier.objects.get(credit_code=rows[1][1]).address != "改过的地址2号"
    assert Dossier.objects.count() == 4


def test_a_batch_that_was_taken_back_can_be_brought_again(world, tmp_path):
    path = listed(tmp_path / "a.csv", samples.companies(5))
    undone(world, imported(world, path))
    assert Dossier.objects.count() == Contact.objects.count() == Tail.objects.count() == 0
    assert imported(world, path).created == 5


def test_a_staged_batch_can_be_dropped_and_a_reverted_one_is_over(world, tmp_path):
    batch, _ = staged(world, listed(tmp_path / "a.csv", samples.companies(2)))
    assert undone(world, batch).state == "reverted"
    call = ran(world.do("import.undo", batch.ref, UndoBatch()))
    assert call.state == "failed"


def test_only_one_deed_on_a_batch_at_a_time(world, tmp_path):
    batch, _ = staged(world, listed(tmp_path / "a.csv", samples.companies(2)))
    world.do("import.commit", batch.ref, CommitBatch())
    with pytest.raises(KedangError, match="claimed|under way"):
        world.do("import.undo", batch.ref, UndoBatch())


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, nothing is cleaned up."""


def killed_after(monkeypatch, name, chunks):
    """Die at the n-th ledger entry of a room, inside the transaction of that chunk."""
    true, seen = ledger.append, [0]

    def append(*args, **kwargs):
        entry = true(*args, **kwargs)
        seen[0] += 1
        if seen[0] == chunks:
            raise Killed
        return entry

    monkeypatch.setattr(f"kedang.intake.{name}.ledger", type("Ledger", (), {"append": staticmethod(append)}))


@pytest.mark.parametrize("chunk", [1, 2, 4, 6])
def test_a_commit_that_died_goes_on_where_it_stopped(world, tmp_path, monkeypatch, small_chunks, chunk):
    rows = samples.companies(110)
    rows[30], rows[90][2], rows[100] = rows[5], "坏日期", rows[7]
    batch, _ = staged(world, listed(tmp_path / "a.csv", rows))
    call = world.do("import.commit", batch.ref, CommitBatch())
    killed_after(monkeypatch, "committing", chunk)
    with pytest.raises(Killed):
        jobs.run(call.pk)
    batch.refresh_from_db()
    assert batch.state == "committing"
    assert Dossier.objects.count() == batch.created
    assert BatchChunk.objects.filter(batch=batch, run=COMMIT).count() == chunk - 1
    monkeypatch.setattr(committing, "ledger", ledger)
    Call.objects.update(lease_us=0)
    jobs.recover()
    batch.refresh_from_db()
    assert (batch.state, counts(batch)) == ("done", (110, 107, 0, 1, 2, 0))
    assert Dossier.objects.count() == Contact.objects.count() == 107
    ledger.seal()
    assert ledger.verify().ok


def test_an_undo_that_died_goes_on_where_it_stopped(world, tmp_path, monkeypatch, small_chunks):
    rows = samples.companies(90)
    imported(world, listed(tmp_path / "a.csv", rows[:40]))
    before = state_digest()
    for row in rows[:40]:
        row[6] = "别的地址1号"
    batch = imported(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    call = world.do("import.undo", batch.ref, UndoBatch())
    killed_after(monkeypatch, "undoing", 3)
    with pytest.raises(Killed):
        jobs.run(call.pk)
    assert Batch.objects.get(pk=batch.pk).state == "reverting"
    monkeypatch.setattr(undoing, "ledger", ledger)
    Call.objects.update(lease_us=0)
    jobs.recover()
    batch.refresh_from_db()
    assert (batch.state, batch.reverted, batch.kept) == ("reverted", 90, 0)
    assert state_digest() == before


def test_a_cancelled_commit_is_taken_back(world, tmp_path, small_chunks, monkeypatch):
    before = state_digest()
    batch, _ = staged(world, listed(tmp_path / "a.csv", samples.companies(100)))
    call = world.do("import.commit", batch.ref, CommitBatch())
    true = committing._Writer._write

    def write(self, part, prepared, step):
        if part.rows[0] == 42:
            Call.objects.filter(pk=call.pk).update(cancel=True)
        return true(self, part, prepared, step)

    monkeypatch.setattr(committing._Writer, "_write", write)
    jobs.run(call.pk)
    call.refresh_from_db()
    batch.refresh_from_db()
    assert (call.state, batch.state) == ("cancelled", "reverted")
    assert batch.reverted == 60
    assert state_digest() == before


def test_a_customer_opened_by_somebody_else_meanwhile_is_not_opened_twice(world, tmp_path, monkeypatch):
    rows = samples.companies(30)
    rows[20][1] = ""
    batch, _ = staged(world, listed(tmp_path / "a.csv", rows))
    raced: list[str] = []
    true = committing._Writer._prepared

    def prepared(self, opening):
        if not raced:
            raced.append(world.open(rows[10][0], by="stranger", credit_code=rows[10][1]))
            raced.append(world.open(rows[20][0], by="stranger"))
        return true(self, opening)

    monkeypatch.setattr(committing._Writer, "_prepared", prepared)
    call = ran(world.do("import.commit", batch.ref, CommitBatch()))
    assert call.state == "done", call.error
    batch.refresh_from_db()
    check_sum(batch)
    assert counts(batch) == (30, 28, 0, 0, 2, 0)
    assert Dossier.objects.count() == 30
    assert Dossier.objects.filter(name=rows[20][0]).count() == 1


def test_a_dossier_changed_meanwhile_is_judged_anew(world, tmp_path, monkeypatch):
    rows = samples.companies(3)
    imported(world, listed(tmp_path / "a.csv", rows))
    rows[1][6] = "改过的地址1号"
    batch, _ = staged(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    moved: list[int] = []
    true = committing._Writer._write

    def write(self, part, prepared, step):
        if not moved:
            moved.append(Dossier.objects.filter(credit_code=rows[1][1]).update(filed_us=5))
        return true(self, part, prepared, step)

    monkeypatch.setattr(committing._Writer, "_write", write)
    assert ran(world.do("import.commit", batch.ref, CommitBatch())).state == "done"
    batch.refresh_from_db()
    assert counts(batch) == (3, 0, 0, 1, 0, 2)
    assert Dossier.objects.get(credit_code=rows[1][1]).address != "改过的地址1号"


WORKER = """
import django; django.setup()
from kedang.governance import jobs
print("ready", flush=True)
jobs.run({call})
"""


def test_kill_9_at_any_moment(site, world, tmp_path):
    """A real worker process, really killed, again and again: the batch goes on and every row is in once."""
    rows = samples.companies(4000)
    rows[3000] = rows[10]
    batch, _ = staged(world, listed(tmp_path / "a.csv", rows))
    call = world.do("import.commit", batch.ref, CommitBatch())
    environ = site.environ()
    for round_ in range(12):
        worker = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", WORKER.format(call=call.pk)], env=environ, cwd=ROOT, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(0.05 + 0.11 * round_)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        batch.refresh_from_db()
        assert Dossier.objects.count() == Contact.objects.count() == batch.created
        if batch.state == "done":
            break
    Call.objects.filter(pk=call.pk, state="running").update(lease_us=0)
    jobs.recover()
    batch.refresh_from_db()
    assert (batch.state, counts(batch)) == ("done", (4000, 3999, 0, 0, 1, 0))
    assert Dossier.objects.count() == 3999
    assert Dossier.objects.values("credit_code").distinct().count() == 3999
    ledger.seal()
    assert ledger.verify().ok
