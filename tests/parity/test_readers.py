"""Fifty people read while one writes without a pause, on the database of one file: nobody gets an error."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from kedang.customers import present, selectors
from kedang.customers.finding import find
from kedang.ledger.models import Look
from tests.world import World

READERS, READS, WRITES = 50, 3, 25


@pytest.mark.database("sqlite")
def test_fifty_readers_during_a_writer(world: World) -> None:
    code = world.open("西安读者机电有限公司", contact_phones="13800138000")
    by, errors = world.actor("query"), list[BaseException]()
    looks = Look.objects.count()

    def read() -> None:
        try:
            for _ in range(READS):
                page = find(by, "机电")
                present.listed(by, page.rows, query="机电")
                present.opened(by, selectors.dossier_by_code(by, code))
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    def write() -> None:
        try:
            for n in range(WRITES):
                world.amend(code, short_name=f"简称{n}")
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(READERS)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Look.objects.count() == looks + READERS * READS * 2
    assert selectors.dossier_by_code(by, code).short_name == f"简称{WRITES - 1}"
