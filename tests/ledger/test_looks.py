"""Who saw what, when: one row for each page, found again by dossier, never in a writer's way."""

import sqlite3
import time

import pytest
from django.db import connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from kedang import ledger
from kedang.kernel.packing import pack_ids
from kedang.ledger.models import Look
from kedang.ledger.selectors import _holds
from kedang.ledger.services import query_digest
from tests.ledger.scenes import ANN, BOB, append


def test_everyone_who_saw_a_dossier_is_found_and_nobody_else(site):
    ledger.look(ANN, "list", [5, 900, 17], ["region", "name"])
    ledger.look(BOB, "open", [17], ["name", "phone"], purpose="call back", call=9)
    ledger.look(BOB, "list", [16, 18, 4000])
    ledger.look(ANN, "search", [], query="17")
    bob, ann = ledger.lookers_of(17)
    assert (bob.actor, bob.on_behalf, bob.kind, bob.fields, bob.purpose) == (
        "bob", "ann", "open", ("name", "phone"), "call back",
    )  # fmt: skip
    assert (ann.actor, ann.kind, ann.fields) == ("ann", "list", ("name", "region"))
    assert ledger.lookers_of(19) == []
    assert ledger.lookers_of(0) == []


def test_a_period_and_a_limit_bound_the_answer(site):
    for _ in range(3):
        ledger.look(ANN, "open", [1])
        time.sleep(0.002)
    times = [seen.at_us for seen in ledger.lookers_of(1)]
    assert times == sorted(times, reverse=True)
    assert [seen.at_us for seen in ledger.lookers_of(1, since_us=times[1])] == times[:2]
    assert [seen.at_us for seen in ledger.lookers_of(1, until_us=times[1])] == times[2:]
    assert len(ledger.lookers_of(1, limit=1)) == 1


def test_a_page_of_fifty_is_one_small_row(site):
    ledger.look(ANN, "list", range(1000, 51000, 1000), ["name"])
    row = Look.objects.get()
    assert row.n_ids == 50
    assert len(row.ids) <= 124


def test_what_was_searched_for_is_kept_as_a_keyed_digest_only(site):
    ledger.look(ANN, "search", [1], query="13800000001")
    row = Look.objects.get()
    assert row.query_digest == query_digest("13800000001")
    assert query_digest("13800000001") != query_digest("13800000002")
    assert "13800000001" not in str(Look.objects.values().get())


@pytest.mark.parametrize("kind", ["export", "", "LIST"])
def test_only_known_kinds_are_looks(site, kind):
    with pytest.raises(ValueError, match="unknown kind"):
        ledger.look(ANN, kind, [1])


def test_a_look_does_not_wait_for_a_writer_of_records(site):
    with transaction.atomic():
        append()
        ledger.look(ANN, "open", [1])
    if site.vendor == "sqlite":
        writer = sqlite3.connect(connections["default"].settings_dict["NAME"], isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        with connections["looks"].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")
        ledger.look(ANN, "open", [1])
        writer.execute("ROLLBACK")
        writer.close()
    else:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_entry")
            ledger.look(ANN, "open", [1])
    assert Look.objects.count() == 2


def test_a_look_stays_when_the_deed_around_it_is_rolled_back(site):
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.look(ANN, "reveal", [1], ["phone"])
        raise RuntimeError
    assert Look.objects.count() == 1


@given(ids=st.sets(st.integers(1, 300), max_size=40), wanted=st.integers(1, 300), far=st.integers(0, 2**40))
def test_a_packed_list_holds_what_was_packed(ids, wanted, far):
    moved = {number * (1 + far) for number in ids}
    assert _holds(pack_ids(moved), wanted * (1 + far)) == (wanted in ids)
