"""Trees and hashes as RFC 6962 and GB/T 32905 define them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.kernel.packing import frame
from kedang.ledger import hashing, rows

algorithms = pytest.mark.parametrize("alg", hashing.ALGORITHMS)
# Inputs and root of the tree in the test suite of the reference implementation of RFC 6962.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def definition(alg, leaves):
    """MTH of RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashing.hasher(alg)(b"\x01" + definition(alg, leaves[:k]) + definition(alg, leaves[k:]))


def leaves_of(n, alg="sha256"):
    return [hashing.leaf(alg, b"%d" % number) for number in range(n)]


def test_root_of_the_reference_tree():
    leaves = [hashing.leaf("sha256", bytes.fromhex(data)) for data in CT_INPUTS]
    assert hashing.root("sha256", leaves).hex() == CT_ROOT


def test_sm3_of_the_standard_s_example():
    assert hashing.hasher("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@algorithms
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100])
def test_roots_and_paths_follow_the_definition(alg, n):
    leaves = leaves_of(n, alg)
    root = hashing.root(alg, leaves)
    assert root == definition(alg, leaves)
    for index in range(n):
        siblings = hashing.path(alg, leaves, index)
        assert hashing.root_of_path(alg, leaves[index], index, n, siblings) == root


@given(n=st.integers(2, 40), data=st.data())
def test_a_path_proves_nothing_else(n, data):
    leaves = leaves_of(n)
    index = data.draw(st.integers(0, n - 1))
    siblings, root = hashing.path("sha256", leaves, index), hashing.root("sha256", leaves)
    other = data.draw(st.integers(0, n - 1).filter(lambda place: place != index))
    assert hashing.root_of_path("sha256", leaves[other], index, n, siblings) != root
    assert hashing.root_of_path("sha256", leaves[index], other, n, siblings) != root
    assert hashing.root_of_path("sha256", leaves[index], index, n, siblings[:-1]) is None
    assert hashing.root_of_path("sha256", leaves[index], index, n, [*siblings, root]) is None
    assert hashing.root_of_path("sha256", leaves[index], n, n, siblings) is None


@pytest.mark.parametrize("n", range(1, 40))
def test_peaks_carry_a_growing_tree(n):
    leaves, peaks = leaves_of(n), b""
    for count, each in enumerate(leaves):
        peaks = hashing.push(peaks, count, each)
    assert len(peaks) == 32 * n.bit_count()
    for index in range(n):
        number, place, size = hashing.peak_of(n, index)
        under = leaves[index - place : index - place + size]
        assert peaks[number * 32 : number * 32 + 32] == hashing.root("sha256", under)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=6, unique=True))
def test_leaf_and_node_are_never_confused(parts):
    leaves = [hashing.leaf("sha256", part) for part in parts]
    if len(leaves) > 1:
        joined = b"".join(leaves[:2])
        assert hashing.leaf("sha256", joined) != hashing.root("sha256", leaves[:2])
        assert hashing.root("sha256", leaves[:2]) == hashlib.sha256(b"\x01" + joined).digest()


GOLDEN = [
    "f6927e2ed48c4ec7",
    "6089ebb15d294403",
    "0a7ac785e594cccc",
    "c895977ca1e81b10",
    "4c094d51507ef7c8",
    "0001fdf088de4b42",
]
numbers = st.integers(-(2**63), 2**63 - 1)


@algorithms
@given(entry_id=numbers, dossier=numbers, no=numbers, batch=numbers, delta_ct=st.binary(max_size=50))
def test_the_fast_leaf_of_a_version_is_the_leaf_of_its_frame(alg, entry_id, dossier, no, batch, delta_ct):
    framed = hashing.leaf(alg, frame("ledger_version", entry_id, dossier, no, batch, delta_ct))
    assert rows.version_leaf(alg, entry_id, dossier, no, batch, delta_ct) == framed


def test_an_unknown_hash_is_refused():
    with pytest.raises(hashing.UnknownHash, match="md5"):
        hashing.leaf("md5", b"")


def test_a_frame_is_tag_length_and_content():
    assert frame("客", 5, -1, b"x", None, "") == (
        b"s\x00\x00\x00\x03\xe5\xae\xa2" + b"i" + (5).to_bytes(8, "big") + b"i" + b"\xff" * 8
        + b"b\x00\x00\x00\x01x" + b"n" + b"s\x00\x00\x00\x00"
    )  # fmt: skip
    assert frame(memoryview(b"x")) == frame(b"x")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        frame(True)


parts = st.lists(st.one_of(st.text(max_size=3), st.binary(max_size=3), st.integers(-3, 3), st.none()), max_size=4)


@given(one=parts, other=parts)
def test_different_columns_never_frame_alike(one, other):
    assert (frame(*one) == frame(*other)) == (one == other)


def test_the_hashed_form_of_rows_never_changes():
    """Proof files of years ago must still check: a change here needs a new table name or version, not a new value."""
    entry = [7, 0, 1_700_000_000_000_000, "customer.amend", "done", "ann", "staff", "session:1", "", 3]
    entry += ["dossier:C00000011", 42, "", "records 1", 1, b'{"fields":["phone"]}', bytes(32), "sha256"]
    assert len(entry) == len(rows.ENTRY)
    leaf32 = rows.record_leaf("ledger_entry", "sha256", entry)
    head = rows.Head("deeds", 2, 5, 3, 9, leaf32, bytes(32), bytes(32), 1_700_000_000_000_001, "sha256", 1)
    look = [7, 0, 1_700_000_000_000_000, "open", "ann", "staff", "session:1", "", 3, "", 0, "name", 1, 5, 5, b"\x05"]
    look += [b"", "sha256"]
    assert [
        leaf32.hex()[:16],
        rows.record_leaf("ledger_look", "sha256", look).hex()[:16],
        rows.value_leaf("sha256", (7, 0, "contact:1", "phone", 0, b"ct")).hex()[:16],
        rows.version_leaf("sha256", 7, 11, 2, 0, b"ct").hex()[:16],
        head.hash32().hex()[:16],
        rows.tag("sha256", 1, bytes(32), leaf32).hex()[:16],
    ] == GOLDEN
