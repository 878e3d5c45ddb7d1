"""Numbers are given out once, to whoever asks, whatever becomes of the deed they were for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from kedang.vault.sequences import at_least, reserve


def test_numbers_start_at_one_and_go_on(site):
    assert [reserve("dossier"), reserve("dossier", 5), reserve("dossier"), reserve("contact")] == [1, 2, 7, 1]


def test_a_rolled_back_deed_does_not_give_its_number_back(site):
    try:
        with transaction.atomic():
            taken = reserve("dossier")
            raise RuntimeError
    except RuntimeError:
        pass
    assert reserve("dossier") == taken + 1


def test_many_at_once_get_different_numbers(site):
    def take(_):
        try:
            return [first + i for _ in range(10) for first in [reserve("dossier", 3)] for i in range(3)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for part in pool.map(take, range(8)) for number in part]
    assert sorted(numbers) == list(range(1, 241))


def test_a_restored_counter_is_lifted_but_never_lowered(site):
    at_least("dossier", 500)
    assert reserve("dossier") == 500
    at_least("dossier", 20)
    assert reserve("dossier") == 501


def test_none_is_refused(site):
    with pytest.raises(ValueError, match="at least one"):
        reserve("dossier", 0)
