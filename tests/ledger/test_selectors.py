"""The history of a dossier, of a batch, and the pages of the ledger."""

from kedang import ledger
from kedang.ledger.models import Entry
from kedang.ledger.selectors import page, versions_of_batch
from tests.ledger.scenes import append, bulk, small_ledger


def test_entries_of_a_subject_newest_first(site):
    small_ledger()
    assert [entry.id for entry in ledger.entries_of("dossier:C00000011")] == [4, 2, 1]
    assert [entry.id for entry in ledger.entries_of("dossier:C00000012")] == []


def test_history_includes_bulk_deeds_that_wrote_the_dossier(site):
    small_ledger()
    append(subject="dossier:C00000102")
    assert [entry.id for entry in ledger.history_page("dossier:C00000102", 102, limit=9)] == [6, 3]
    assert [entry.id for entry in ledger.history_page("dossier:C00000102", 102, limit=1, before=6)] == [3]
    assert {entry.id for entry in ledger.entries_by_id([6, 3])} == {6, 3}


def test_versions_of_a_dossier_in_order(site):
    small_ledger()
    assert [(v.no, bytes(v.delta_ct)) for v in ledger.versions_of(11)] == [(1, b"opened"), (2, b"amended")]


def test_versions_of_a_batch(site):
    bulk(100, 3, batch=7)
    bulk(200, 2, batch=8)
    bulk(300, 1, batch=7)
    assert [v.dossier for v in versions_of_batch(7, "batch:7")] == [100, 101, 102, 300]


def test_the_block_of_each_sealed_entry(site):
    small_ledger()
    assert ledger.blocks_of([1, 3, 4, 5]) == {1: 1, 3: 1, 4: 2}


def test_paging_shows_each_entry_once(site):
    for number in range(23):
        append("customer.amend" if number % 2 else "customer.open", subject=f"dossier:C{number:08d}")
    seen, after = [], None
    while part := page(after=after, limit=5):
        seen += [entry.id for entry in part]
        after = part[-1].id
    assert seen == sorted(Entry.objects.values_list("id", flat=True), reverse=True)
    assert len(page(op="customer.open")) == 12
    assert [entry.subject_ref for entry in page(subject="dossier:C00000003")] == ["dossier:C00000003"]
    assert page(actor="nobody") == page(outcome="refused") == []
