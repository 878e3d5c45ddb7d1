"""What was cut off or rewritten is found against heads kept outside the database."""

import json
import shutil

import pytest

from kedang import ledger
from kedang.ledger import anchors
from kedang.ledger.chains import CHAINS, DEEDS
from kedang.ledger.models import Block
from kedang.ledger.sealing import heads_path
from tests.ledger.scenes import append, small_ledger
from tests.ledger.shell import KEYS, Shell

OF_DEEDS = [table for table in KEYS if not table.startswith("ledger_look")]


def cut_after(site, block, entry):
    """Cut the newest blocks and entries off cleanly, as if they had never been."""
    wheres = {
        "ledger_entry": f"id > {entry}", "ledger_value": f"entry_id > {entry}", "ledger_version": f"entry_id > {entry}",
        "ledger_sealed": f"entry_id > {entry}", "ledger_block": f"no > {block}", "ledger_anchor": f"block > {block}",
    }  # fmt: skip
    for table, where in wheres.items():
        Shell(site, table).run(f"DELETE FROM {table} WHERE {where}")  # noqa: S608
    if site.vendor == "sqlite":
        Shell(site, "ledger_entry").run(f"UPDATE sqlite_sequence SET seq = {entry} WHERE name = 'ledger_entry'")  # noqa: S608


def cut_lines(block):
    path = heads_path(DEEDS)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:block]))


def test_a_cut_ledger_does_not_match_its_heads_file(site):
    small_ledger()
    cut_after(site, block=1, entry=3)
    verdict = ledger.verify()
    assert verdict.problems == ("ledger_block 2: missing: its head was written down, but the ledger ends at block 1",)


@pytest.mark.parametrize("kept", ["proof", "heads file"])
def test_a_cut_ledger_with_a_cut_heads_file_does_not_match_what_was_kept(site, tmp_path, kept):
    small_ledger()
    witness = tmp_path / "kept"
    if kept == "proof":
        ledger.export(witness)
    else:
        shutil.copy(heads_path(DEEDS), witness)
    assert ledger.verify(witness).ok
    cut_after(site, block=1, entry=3)
    cut_lines(1)
    assert ledger.verify().ok, "nothing left here tells of it"
    verdict = ledger.verify(witness)
    assert not verdict.ok
    assert "ledger_block 2: missing: the given file holds its head" in (verdict.first_bad or "")


def test_a_ledger_that_grew_still_matches_what_was_kept(site, tmp_path):
    small_ledger()
    ledger.export(tmp_path / "kept")
    append()
    ledger.seal()
    assert ledger.verify(tmp_path / "kept").ok


def rewrite(site):
    """Do it all over with other content, using the product itself and all its keys."""
    for table in OF_DEEDS:
        Shell(site, table).run(f"DELETE FROM {table}")  # noqa: S608
    if site.vendor == "sqlite":
        Shell(site, "ledger_entry").run("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'ledger_entry'")
    for _ in range(3):
        append(subject="dossier:C00000099")
        ledger.seal()


def test_a_rewritten_ledger_does_not_match_its_heads_file(site):
    small_ledger()
    rewrite(site)
    verdict = ledger.verify()
    assert verdict.first_bad == "ledger_block 1: is not the block whose head was written down"


def test_a_rewritten_ledger_with_rewritten_heads_does_not_match_what_was_kept(site, tmp_path):
    small_ledger()
    ledger.export(tmp_path / "kept")
    heads_path(DEEDS).unlink()
    rewrite(site)
    assert ledger.verify().ok, "whoever holds the keys can make a ledger that agrees with itself"
    verdict = ledger.verify(tmp_path / "kept")
    assert verdict.first_bad == (
        "ledger_block 1: is not the block that the given file holds: history was rewritten since"
    )


def test_a_missing_heads_file_is_found(site):
    small_ledger()
    heads_path(DEEDS).unlink()
    assert ledger.verify().first_bad == "heads.jsonl: holds 0 heads of 2 blocks"


@pytest.mark.parametrize("spoil", ["drop", "change", "garble"])
def test_a_changed_heads_file_is_found(site, spoil):
    small_ledger()
    append()
    ledger.seal()
    path = heads_path(DEEDS)
    lines = path.read_text().splitlines(keepends=True)
    other = json.loads(lines[1]) | {"head": "00" * 32}
    lines[1] = {"drop": "", "change": json.dumps(other) + "\n", "garble": "not json\n"}[spoil]
    path.write_text("".join(lines))
    assert not ledger.verify().ok


def test_a_crash_before_the_head_was_written_down_is_mended(site):
    small_ledger()
    cut_lines(1)
    assert ledger.verify().ok, "the last head may be missing: that is the moment between commit and file"
    ledger.seal()
    assert len(heads_path(DEEDS).read_text().splitlines()) == Block.objects.count()
    assert ledger.verify().ok


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_a_line_cut_short_by_a_crash_is_written_again(site, chain):
    small_ledger()
    ledger.seal()
    path = heads_path(chain)
    whole = path.read_bytes()
    for kept in (len(whole) - 1, len(whole) - 40, len(whole) - len(whole.splitlines(keepends=True)[-1]) + 1):
        path.write_bytes(whole[:kept])
        assert ledger.verify().ok
        anchors.write_down(path, [])
        ledger.seal()
        assert path.read_bytes() == whole
    assert ledger.verify().ok


def test_a_file_that_is_no_witness_is_reported(site, tmp_path):
    small_ledger()
    (tmp_path / "kept").write_text("hello\n")
    assert ledger.verify(tmp_path / "kept").first_bad == f"{tmp_path / 'kept'}: holds no head of a ledger"
