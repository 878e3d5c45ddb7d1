"""Keys are made once, kept from others, and stay readable when they are rotated."""

import json
import stat
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from kedang.vault import cipher, keyring


@pytest.fixture
def home(tmp_path, settings_home):
    return settings_home(tmp_path / "home")


@pytest.fixture
def settings_home(monkeypatch):
    def use(path):
        monkeypatch.setattr(django_settings, "KEDANG_HOME", path)
        return path

    return use


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_belong_to_their_owner_alone(home):
    keyring.data_key("records")
    keyring.signing_key()
    assert mode(home / "keys") == 0o700
    assert {path.name: mode(path) for path in (home / "keys").iterdir()} == {
        ".lock": 0o600,
        "master.json": 0o600,
        "signing.json": 0o600,
    }


@pytest.mark.parametrize(
    ("name", "opened"), [("keys/master.json", 0o640), ("keys/master.json", 0o604), ("keys", 0o750)]
)
def test_a_file_that_others_may_read_is_not_used(home, name, opened):
    keyring.data_key("records")
    (home / name).chmod(opened)
    with pytest.raises(keyring.KeyFileTooOpen, match=f"{opened:04o}.*chmod"):
        keyring.data_key("records")


def test_each_purpose_has_its_own_key(home):
    keys = [keyring.data_key(purpose)[1] for purpose in ("records", "files", "calls")]
    keys += [keyring.mac_key()[1], keyring.blind_key(), keyring.wrapping_key()[1]]
    assert len(set(keys)) == 6
    assert all(len(key) == 32 for key in keys)


def test_rotation_makes_a_new_key_current_and_keeps_the_old_one(home):
    number, old = keyring.data_key("records")
    sealed = cipher.seal(old, b"text", b"place", number)
    assert keyring.rotate("master") == number + 1
    assert keyring.data_key("records")[0] == number + 1
    assert keyring.data_key("records")[1] != old
    assert cipher.open_sealed(keyring.data_key("records", cipher.key_id_of(sealed))[1], sealed, b"place") == b"text"


def test_rotation_leaves_the_blind_index_as_it_was(home):
    before = keyring.blind_key()
    keyring.rotate("master")
    assert keyring.blind_key() == before


def test_a_retired_key_is_gone_and_the_current_one_cannot_be_retired(home):
    keyring.wrapping_key()
    with pytest.raises(Exception, match="current"):
        keyring.retire("subjects", 1)
    keyring.rotate("subjects")
    keyring.retire("subjects", 1)
    with pytest.raises(keyring.UnknownKey):
        keyring.wrapping_key(1)
    assert list(json.loads((home / "keys" / "subjects.json").read_text())["keys"]) == ["2"]


def test_old_public_keys_stay_known(home):
    first = keyring.signing_key()[1].public_key().public_bytes_raw()
    keyring.rotate("signing")
    assert keyring.public_keys()[1] == first
    assert keyring.signing_key()[0] == 2
    assert keyring.public_keys()[2] == keyring.signing_key()[1].public_key().public_bytes_raw()


def _first_key(home: Path) -> bytes:
    django_settings.KEDANG_HOME = home
    return keyring.data_key("records")[1]


def test_processes_that_start_at_once_share_one_key(home):
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        keys = set(pool.map(_first_key, [home] * 12))
    assert keys == {keyring.data_key("records")[1]}


def test_rotations_at_once_lose_none(home):
    keyring.data_key("records")
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(keyring.rotate, ["master"] * 8))
    assert sorted(numbers) == list(range(2, 10))
    assert keyring.data_key("records")[0] == 9


def test_an_unknown_ring_is_refused(home):
    with pytest.raises(ValueError, match="unknown ring"):
        keyring.rotate("spare")
