"""Blind indexes find a value again, share each index among many, and mean nothing without the key."""

from collections import Counter

import pytest
from django.conf import settings

from kedang.vault import blind


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KEDANG_HOME", tmp_path / "one")
    return tmp_path


def test_eighteen_bits_in_all():
    pairs = blind.indexes("phone", [f"+86138{number:08d}" for number in range(20_000)])
    assert max(tail for tail, _ in pairs) < 1 << 14
    assert {residual for _, residual in pairs} == set(range(16))
    per_residual = Counter(residual for _, residual in pairs)
    assert max(per_residual.values()) < 1500, "spread evenly: 1250 expected for each"


def test_numbers_with_one_tail_share_its_index_but_not_the_residual():
    numbers = [f"+86138{number:04d}1234" for number in range(200)]
    assert len({blind.tail_index("phone", number) for number in numbers}) == 1
    assert len({blind.residual_index("phone", number) for number in numbers}) == 16
    assert blind.tail_index("phone", "1234") == blind.tail_index("phone", numbers[0])


def test_bulk_and_single_agree():
    numbers = [f"+86138{number:08d}" for number in range(50)]
    singles = [(blind.tail_index("phone", number), blind.residual_index("phone", number)) for number in numbers]
    assert blind.indexes("phone", numbers) == singles


def test_another_kind_or_another_installation_gives_another_index(home, monkeypatch):
    numbers = [f"{number:04d}" for number in range(64)]
    here = [blind.tail_index("phone", number) for number in numbers]
    assert here != [blind.tail_index("identity", number) for number in numbers]
    monkeypatch.setattr(settings, "KEDANG_HOME", home / "two")
    assert here != [blind.tail_index("phone", number) for number in numbers]
