"""Every committed record gets into exactly one block, whoever commits first and however many seal."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from kedang import ledger
from kedang.ledger import rows, sealing
from kedang.ledger.chains import DEEDS
from kedang.ledger.models import Block, Entry, LookBlock, Sealed
from kedang.ledger.sealing import heads_path
from kedang.vault import keyring
from tests.ledger.scenes import ANN, append, bulk, deed, small_ledger
from tests.ledger.shell import Shell


def in_threads(*works):
    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


def test_blocks_hold_what_was_written_and_follow_each_other(site):
    small_ledger()
    assert ledger.seal() == 2, "one block for the last entry, one for the last look"
    assert ledger.seal() == 0
    assert list(Block.objects.order_by("no").values_list("no", "first", "count")) == [(1, 0, 3), (2, 3, 1), (3, 4, 1)]
    assert LookBlock.objects.count() == 3
    verdict = ledger.verify()
    assert (verdict.ok, verdict.entries, verdict.blocks, verdict.unsealed) == (True, 5, 3, 0)
    assert (verdict.rows, verdict.looks, verdict.look_blocks) == (10, 3, 3)
    assert verdict.head == heads_path(DEEDS).read_text().splitlines()[-1].split('"head":"')[1][:64]


def test_an_empty_ledger_verifies(site):
    verdict = ledger.verify()
    assert (verdict.ok, verdict.entries, verdict.blocks, verdict.head) == (True, 0, 0, "")


def test_a_block_has_a_largest_size(site, monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_MAX", 4)
    for _ in range(10):
        append()
    assert ledger.seal(limit=1) == 1
    assert ledger.seal() == 2
    assert list(Block.objects.order_by("no").values_list("count", flat=True)) == [4, 4, 2]
    assert ledger.verify().ok


@contextmanager
def open_deed():
    """A deed in another thread that has its entry written and does not commit before this is left."""
    written, finish = Event(), Event()

    def work():
        with transaction.atomic():
            ledger.append(deed(by=ANN), "customer.amend", subject="dossier:C1", body={})
            written.set()
            finish.wait(30)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        assert written.wait(30)
        try:
            yield
        finally:
            finish.set()
            done.result()


@pytest.mark.database("postgresql")
def test_an_entry_that_commits_late_is_sealed_all_the_same(site):
    """Id 2 commits before id 1, the sealer runs in between: sealing by range of ids would lose id 1."""
    with open_deed():
        append()
        assert list(Entry.objects.values_list("id", flat=True)) == [2]
        assert ledger.seal() == 0, "the younger entry waits for the open transaction"
        assert ledger.verify().unsealed == 1
    assert ledger.seal() == 1
    assert sorted(Sealed.objects.values_list("entry_id", flat=True)) == [1, 2]
    assert ledger.verify().ok


@pytest.mark.database("postgresql")
def test_what_is_older_than_an_open_transaction_is_sealed_meanwhile(site):
    append()
    with open_deed():
        append()
        assert ledger.seal() == 1
        assert list(Sealed.objects.values_list("entry_id", flat=True)) == [1]
    ledger.seal()
    assert Sealed.objects.count() == 3
    assert ledger.verify().ok


def test_many_writers_and_two_sealers_lose_nothing(site):
    def write():
        for _ in range(15):
            append()

    def seal_on():
        for _ in range(15):
            ledger.seal()

    in_threads(write, write, write, seal_on, seal_on)
    ledger.seal()
    assert Sealed.objects.count() == Entry.objects.count() == 45
    lines = heads_path(DEEDS).read_text().splitlines()
    assert len(lines) == Block.objects.count()
    assert ledger.verify().ok


def test_writers_are_not_held_up_while_a_block_is_prepared(site, monkeypatch):
    append()
    genuine = sealing._genuine

    def write_meanwhile(*args):
        in_threads(append)
        return genuine(*args)

    monkeypatch.setattr(sealing, "_genuine", write_meanwhile)
    assert ledger.seal(limit=1) == 1
    assert Entry.objects.count() == 2


def test_verifying_holds_up_no_writer_and_sees_one_moment(site, monkeypatch):
    small_ledger()
    original = sealing.heads_path
    from_inside: list[bool] = []

    def write_and_seal(*args):
        if not from_inside:
            from_inside.append(True)
            in_threads(append, ledger.seal)
        return original(*args)

    monkeypatch.setattr("kedang.ledger.verifying.heads_path", write_and_seal)
    verdict = ledger.verify()
    assert verdict.ok, verdict.problems
    assert Entry.objects.count() == 6


def test_sealing_inside_a_transaction_is_an_error(site):
    append()
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.seal()
    connection.close()
    assert Block.objects.count() == 0


def test_sm3_blocks_follow_sha256_blocks(site):
    small_ledger()
    with override_settings(LEDGER_HASH="sm3"):
        bulk(500, 3)
        ledger.seal()
        append()
        ledger.seal()
    assert list(Block.objects.order_by("no").values_list("alg", flat=True)) == ["sha256", "sha256", "sm3", "sm3"]
    assert ledger.verify().ok
    Shell(site, "ledger_version").run("UPDATE ledger_version SET delta_ct = leaf32 WHERE dossier = 501")
    assert ledger.verify().problems[0].startswith("ledger_version 501/1: changed")


def test_keys_may_be_rotated_between_blocks(site):
    small_ledger()
    keyring.rotate("signing")
    keyring.rotate("master")
    append()
    ledger.seal()
    assert list(Block.objects.order_by("no").values_list("key_id", flat=True)) == [1, 1, 2]
    verdict = ledger.verify()
    assert verdict.ok
    assert sorted(verdict.keys) == [1, 2]


def test_a_block_signed_by_a_stranger_is_found(site, monkeypatch):
    append()
    ledger.seal()
    (site.home / "keys" / "signing.json").unlink()
    verdict = ledger.verify()
    assert any("signature is not ours" in problem for problem in verdict.problems)


@pytest.mark.database("postgresql")
def test_entries_restored_from_a_longer_lived_server_are_sealed(site):
    """After a restore stored transaction numbers may be above any the new server has given out."""
    append()
    ledger.seal()
    number = append()
    shell = Shell(site, "ledger_entry")
    newest = shell.rows()[-1]
    assert newest["id"] == number
    shell.delete(newest)
    shell.insert(restored(newest, newest["xid"] + 5_000_000))
    assert ledger.seal() == 1
    append()
    assert ledger.seal() == 1
    assert ledger.verify().ok


def restored(row, xid):
    """The row as another server's transaction would have written it."""
    moved = row | {"xid": xid}
    moved["leaf32"] = rows.record_leaf("ledger_entry", moved["alg"], [moved[name] for name in rows.ENTRY])
    key_id, key = keyring.mac_key()
    moved["mac"] = rows.tag(moved["alg"], key_id, key, moved["leaf32"])
    return moved


SEAL_ONE_BY_ONE = """
import django
django.setup()
from kedang.ledger import sealing
sealing.BLOCK_MAX = 1
print("sealing", flush=True)
sealing.seal()
"""


def test_a_sealer_killed_at_any_moment_leaves_a_ledger_that_verifies_and_goes_on(site):
    for _ in range(300):
        append()
    chance = random.Random(3)
    for _ in range(4):
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", SEAL_ONE_BY_ONE], env=site.environ(), stdout=subprocess.PIPE
        ) as sealer:
            assert sealer.stdout is not None
            sealer.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                sealer.wait(chance.uniform(0.01, 0.15))
            sealer.kill()
        verdict = ledger.verify()
        assert verdict.ok, verdict.problems
    ledger.seal()
    verdict = ledger.verify()
    assert (verdict.ok, verdict.unsealed, verdict.entries) == (True, 0, 300)
    assert len(heads_path(DEEDS).read_text().splitlines()) == verdict.blocks
