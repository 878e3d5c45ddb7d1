"""A file goes into the store sealed, comes out as it was, and any touch on it shows."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kedang.files import storage
from kedang.files.models import Blob
from kedang.intake.readers import open_grid
from kedang.kernel import clock
from kedang.vault.cipher import Tampered

FRAME = 1024 * 1024
PLAIN = "客户资料，电话 13912345678\n".encode() * 120_000  # a little over four frames


def stored_path(home: Path, token: str) -> Path:
    return home / "files" / token[:2] / token


def test_a_file_comes_back_byte_for_byte_with_its_name_kind_and_digest(site):
    for plain in (b"", b"x", b"a,b\n", b"z" * FRAME, PLAIN):
        blob = storage.put(io.BytesIO(plain), "C:\\lists\\华为 名单.csv", "clerk")
        with storage.open_(blob) as stream:
            assert stream.read() == plain
        assert storage.name_of(blob) == "华为 名单.csv"
        assert (blob.size, blob.by_ref) == (len(plain), "clerk")
        assert storage.verify(blob)
    assert blob.kind == "text"


def test_nothing_of_the_file_lies_in_plain_anywhere_in_the_home(site):
    storage.put(io.BytesIO(PLAIN), "张三的客户.csv", "clerk")
    for path in site.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert b"13912345678" not in raw, path
            assert "张三".encode() not in raw, path


@pytest.mark.database("sqlite")
def test_stored_files_are_for_their_owner_alone(site):
    blob = storage.put(io.BytesIO(b"a"), "a.csv", "clerk")
    path = stored_path(site.home, blob.token)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("harm", ["flip", "cut_frame", "cut_bytes", "swap", "append"])
def test_any_touch_on_the_stored_bytes_is_found(site, harm):
    blob = storage.put(io.BytesIO(bytes(range(256)) * (3 * FRAME // 256)), "a.bin", "clerk")
    path = stored_path(site.home, blob.token)
    raw = bytearray(path.read_bytes())
    size = 4 + FRAME + 31
    first, second = slice(4, 4 + size), slice(4 + size, 4 + 2 * size)
    if harm == "flip":
        raw[len(raw) // 2] ^= 1
    elif harm == "cut_frame":
        del raw[4 + 2 * size :]
    elif harm == "cut_bytes":
        del raw[-10:]
    elif harm == "swap":
        raw[first], raw[second] = raw[second], raw[first]
    else:
        raw += raw[first]
    path.write_bytes(bytes(raw))
    assert not storage.verify(blob)
    with pytest.raises(Tampered), storage.open_(blob) as stream:
        stream.read()


@pytest.mark.database("sqlite")
def test_a_file_put_in_the_place_of_another_does_not_open(site):
    one, two = (storage.put(io.BytesIO(text), "a.csv", "clerk") for text in (b"one", b"two"))
    stored_path(site.home, one.token).write_bytes(stored_path(site.home, two.token).read_bytes())
    assert not storage.verify(one)
    assert storage.verify(two)


@pytest.mark.database("sqlite")
def test_a_file_above_the_limit_is_refused_and_leaves_nothing(site):
    with pytest.raises(storage.TooLarge):
        storage.put(io.BytesIO(b"x" * (FRAME + 1)), "a.csv", "clerk", limit_mb=1)
    assert not Blob.objects.exists()
    assert not [path for path in (site.home / "files").rglob("*") if path.is_file()]


@pytest.mark.database("sqlite")
def test_sweep_takes_stray_files_and_keeps_those_with_a_row(site):
    kept, gone = (storage.put(io.BytesIO(b"a"), "a.csv", "clerk") for _ in range(2))
    gone.delete()
    assert storage.sweep(clock.now_us() - 3_600_000_000) == 0
    assert storage.sweep(clock.now_us() + 3_600_000_000) == 1
    assert storage.verify(kept)


@pytest.mark.database("sqlite")
def test_removing_a_file_takes_row_and_bytes(site):
    blob = storage.put(io.BytesIO(b"a"), "a.csv", "clerk")
    path = stored_path(site.home, blob.token)
    storage.remove(blob)
    assert not path.exists() and not Blob.objects.exists()


def test_the_reader_takes_a_stored_file_like_one_on_disk(site):
    blob = storage.put(io.BytesIO("名称,电话\n甲公司,1\n".encode("gb18030")), "a.csv", "clerk")
    with open_grid(storage.BlobSource(blob)) as grid:
        assert [line.cells for line in grid.head()] == [("名称", "电话"), ("甲公司", "1")]
