"""One key per person: made before the rows, given again, and gone for good when destroyed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections, transaction

from kedang.vault import cipher, keyring, subjects
from kedang.vault.models import SubjectKey


def test_a_key_is_made_once_and_found_again(site):
    refs = [f"contact:{number}" for number in range(7)]
    keys = subjects.create(refs)
    assert len(set(keys)) == 7
    assert all(len(key) == 32 for key in keys)
    assert subjects.create([refs[3], "contact:new", refs[0], refs[3]])[::2] == [keys[3], keys[0]]
    assert list(subjects.get(refs).values()) == keys


def test_keys_outlive_a_rolled_back_deed(site):
    try:
        with transaction.atomic():
            (key,) = subjects.create(["contact:1"])
            raise RuntimeError
    except RuntimeError:
        pass
    assert subjects.get(["contact:1"]) == {"contact:1": key}


def test_keys_are_stored_wrapped(site):
    (key,) = subjects.create(["contact:1"])
    row = SubjectKey.objects.get()
    assert key not in row.wrapped_key
    other = SubjectKey(subject_ref="contact:2", wrapped_key=row.wrapped_key, key_id=row.key_id)
    other.save(force_insert=True)
    with pytest.raises(cipher.Tampered):
        subjects.get(["contact:2"])


def test_a_destroyed_key_is_gone_and_nobody_else_s(site):
    keys = subjects.create(["contact:1", "contact:2"])
    assert subjects.destroy("contact:1") is True
    assert subjects.destroy("contact:1") is False
    assert subjects.get(["contact:1", "contact:2", "contact:3"]) == {
        "contact:1": None,
        "contact:2": keys[1],
        "contact:3": None,
    }


@pytest.mark.database("sqlite")
def test_no_byte_of_a_destroyed_key_is_left_in_the_files(site):
    subjects.create([f"contact:{number}" for number in range(300)])
    wrapped = bytes(SubjectKey.objects.get(subject_ref="contact:150").wrapped_key)
    files = list((site.home / "keys").glob("subjects.sqlite3*"))
    assert any(wrapped in path.read_bytes() for path in files)
    subjects.destroy("contact:150")
    assert not any(wrapped[-40:] in path.read_bytes() for path in (site.home / "keys").glob("subjects.sqlite3*"))


@pytest.mark.database("sqlite")
def test_erasure_says_so_when_a_reader_keeps_the_log(site, monkeypatch):
    subjects.create(["contact:1"])
    monkeypatch.setattr(subjects, "_CHECKPOINT_TRIES", 2)
    reader = connections.create_connection("keys")
    try:
        with reader.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")
        reader.connection.execute("BEGIN")
        reader.connection.execute("SELECT count(*) FROM vault_subjectkey").fetchall()
        with connections["keys"].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")
        with pytest.raises(subjects.ResidueLeft):
            subjects.destroy("contact:1")
    finally:
        reader.close()
    subjects.destroy("contact:1")


def test_two_who_make_the_same_keys_at_once_get_the_same(site):
    refs = [f"contact:{number}" for number in range(200)]

    def make(shift):
        try:
            return dict(zip(refs[shift:], subjects.create(refs[shift:]), strict=True))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, [0, 50, 100, 150]))
    stored = subjects.get(refs)
    assert all(stored[ref] == key for part in made for ref, key in part.items())


def test_rewrapping_frees_an_old_ring_key(site):
    refs = [f"contact:{number}" for number in range(20)]
    keys = subjects.create(refs)
    keyring.rotate("subjects")
    assert subjects.rewrap() == 20
    assert subjects.rewrap() == 0
    keyring.retire("subjects", 1)
    assert list(subjects.get(refs).values()) == keys


def test_all_subjects_can_be_walked(site):
    refs = [f"contact:{number:03d}" for number in range(25)]
    subjects.create(refs)
    assert list(subjects.refs()) == refs
    assert list(subjects.refs(after="contact:019")) == refs[20:]


def test_keys_are_not_made_inside_a_transaction_of_their_own_database(site):
    with pytest.raises(RuntimeError), transaction.atomic(using="keys"):
        subjects.create(["contact:1"])
    assert Path(connections["keys"].settings_dict["NAME"]).name != ""
