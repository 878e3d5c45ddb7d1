"""A proof file is checked from itself alone, and any changed byte shows."""

import json
import os
import random
import subprocess
import sys
import zipfile

import pytest

from kedang import ledger
from kedang.kernel.deeds import Version
from kedang.ledger import proofs
from kedang.vault import keyring, subjects
from tests.ledger.scenes import append, bulk, phone, small_ledger


def many_blocks():
    for number in range(9):
        append(subject="dossier:C00000050", body={"n": number}, versions=[Version(50, number + 2, b"v%d" % number)])
        append(subject="dossier:C00000051")
        ledger.seal()


def test_a_whole_proof_checks_and_says_what_is_in_it(site, tmp_path):
    small_ledger()
    made = ledger.export(tmp_path / "proof")
    found, here = ledger.check(tmp_path / "proof"), ledger.verify()
    assert found.ok
    assert (found.entries, found.blocks, found.head) == (here.entries, here.blocks, here.head) == (5, 3, here.head)
    assert (found.rows, found.looks, found.look_blocks) == (10, 3, 3)
    assert found.keys == here.keys
    assert made.chains["deeds"]["head"] == here.head
    assert (tmp_path / "proof").stat().st_mode & 0o777 == 0o600


def test_a_proof_is_checked_without_a_database_or_a_home(site, tmp_path):
    small_ledger()
    ledger.export(tmp_path / "proof")
    code = f"""
import django.conf
from pathlib import Path
from kedang.ledger.checking import check
verdict = check(Path({str(tmp_path / "proof")!r}))
assert verdict.ok and verdict.entries == 5, verdict
assert not django.conf.settings.configured
"""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KEDANG", "DJANGO"))}
    subprocess.run([sys.executable, "-c", code], check=True, env=environ, cwd=tmp_path)  # noqa: S603


def test_no_value_and_no_ciphertext_is_in_a_whole_proof(site, tmp_path):
    subjects.create(["contact:1"])
    append(values=[phone("contact:1", "13800000001", "13800000002")], versions=[Version(1, 1, b"SEALEDBYTES")])
    ledger.export(tmp_path / "proof")
    with zipfile.ZipFile(tmp_path / "proof") as file:
        text = b"".join(file.read(name) for name in file.namelist())
    assert b"138000" not in text
    assert b"SEALEDBYTES" not in text and b"U0VBTEVEQllURVM" not in text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("subject", [None, "dossier:C00000050"])
def test_any_changed_byte_and_any_cut_shows(site, tmp_path, subject):
    many_blocks()
    path = tmp_path / "proof"
    ledger.export(path, subject, dossier=50 if subject else None)
    whole = path.read_bytes()
    chosen = random.Random(5).sample(range(len(whole)), min(len(whole), 250))
    for at in [*chosen, 0, len(whole) - 1, len(whole) - proofs.TRAILER_BYTES]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << (at % 8))]) + whole[at + 1 :])
        assert not ledger.check(path).ok, at
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert not ledger.check(path).ok, length
    path.write_bytes(whole + b"\n")
    assert not ledger.check(path).ok
    path.write_bytes(whole)
    assert ledger.check(path).ok


def resigned(path, member, change):
    """Change a member and sign the file anew, as somebody with the signing key could."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    lines = [json.loads(line) for line in parts[member].splitlines()]
    change(lines)
    parts[member] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    with zipfile.ZipFile(path, "w") as file:
        file.comment = proofs.trailer(0, bytes(64))
        for name, raw in parts.items():
            file.writestr(name, raw)
    key_id, key = keyring.signing_key()
    proofs.sign(path, key_id, key.sign)


def set_actor(lines):
    lines[0]["row"]["actor_id"] = "carl"


def drop_last(lines):
    lines.pop()


def repeat_last(lines):
    lines.append(lines[-1])


def swap_first_two(lines):
    lines[:2] = lines[1::-1]


def swap_leaves(lines):
    lines[0]["leaves"] = lines[0]["leaves"][:-8] + "AAAAAAA="


WHOLE = [
    ("deeds.jsonl", set_actor), ("deeds.jsonl", drop_last), ("deeds.jsonl", repeat_last),
    ("deeds.jsonl", swap_first_two), ("deeds.jsonl", swap_leaves), ("looks.jsonl", set_actor),
    ("looks.jsonl", drop_last), ("deeds-blocks.jsonl", drop_last), ("deeds-blocks.jsonl", swap_first_two),
]  # fmt: skip


@pytest.mark.parametrize(("member", "change"), WHOLE, ids=lambda value: getattr(value, "__name__", value))
def test_even_a_newly_signed_file_must_add_up(site, tmp_path, member, change):
    small_ledger()
    path = tmp_path / "proof"
    ledger.export(path)
    resigned(path, member, lambda lines: None)
    assert ledger.check(path).ok
    resigned(path, member, change)
    verdict = ledger.check(path)
    assert not verdict.ok
    assert "changed after it was signed" not in (verdict.first_bad or "")


def test_a_subject_s_proof_is_small_and_reaches_the_head(site, tmp_path):
    many_blocks()
    bulk(49, 400)
    ledger.seal()
    made = ledger.export(tmp_path / "proof", "dossier:C00000050", dossier=50)
    verdict = ledger.check(tmp_path / "proof")
    assert verdict.ok, verdict.problems
    assert verdict.entries == 10, "nine entries on the dossier, and the bulk deed that wrote a version of it"
    assert verdict.rows == 10
    assert verdict.head == ledger.verify().head == made.chains["deeds"]["head"]
    whole = tmp_path / "whole"
    ledger.export(whole)
    assert (tmp_path / "proof").stat().st_size < whole.stat().st_size


def test_a_subject_s_proof_holds_the_rows_and_nobody_else_s(site, tmp_path):
    bulk(100, 8)
    ledger.export(tmp_path / "proof", "dossier:C00000104", dossier=104)
    with zipfile.ZipFile(tmp_path / "proof") as file:
        (entry,) = [json.loads(line) for line in file.read("deeds.jsonl").splitlines()]
    (row,) = entry["rows"]
    assert proofs.row_in(["dossier", "delta_ct"], row["row"]) == [104, b"sealed 104"]
    assert len(row["path"]) == 3, "eight leaves, three siblings"


def shown_row(lines):
    lines[0]["rows"][0]["row"]["delta_ct"] = "AAAA"


def other_entry(lines):
    lines[0]["rows"][0]["row"]["entry_id"] += 1


def other_place(lines):
    lines[0]["pos"] += 1


def other_link(lines):
    lines[0]["link"] = lines[0]["link"][:-1] + ["00" * 32]


def unknown_block(lines):
    lines[0]["block"] = 77


@pytest.mark.parametrize(
    "change", [set_actor, shown_row, other_entry, other_place, other_link, unknown_block, drop_last, repeat_last]
)
def test_every_step_of_a_subject_s_proof_is_checked(site, tmp_path, change):
    many_blocks()
    path = tmp_path / "proof"
    ledger.export(path, "dossier:C00000050", dossier=50)
    resigned(path, "deeds.jsonl", change)
    assert not ledger.check(path).ok


def test_the_head_of_a_subject_s_proof_is_a_witness(site, tmp_path):
    many_blocks()
    ledger.export(tmp_path / "proof", "dossier:C00000050", dossier=50)
    assert ledger.verify(tmp_path / "proof").ok


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18)])
def test_something_else_is_no_proof(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    verdict = ledger.check(tmp_path / "file")
    assert not verdict.ok
    assert "not a proof file" in (verdict.first_bad or "")


def test_a_file_that_is_not_there_is_reported(tmp_path):
    assert "cannot be read" in (ledger.check(tmp_path / "none").first_bad or "")


def test_a_quote_in_a_subject_does_no_harm(site, tmp_path):
    append()
    ledger.export(tmp_path / "proof", "dossier:' OR '1'='1")
    assert ledger.check(tmp_path / "proof").entries == 0
