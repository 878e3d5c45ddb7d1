"""Erasing a person makes every old value of theirs unreadable and leaves the chain as it was."""

from kedang import ledger
from kedang.ledger.models import LedgerValue
from kedang.ledger.selectors import open_value, values_of
from kedang.vault import subjects
from tests.ledger.scenes import small_ledger


def test_the_chain_stands_after_an_erasure(site, tmp_path):
    small_ledger()
    ledger.seal()
    ledger.export(tmp_path / "before")
    head = ledger.verify().head
    subjects.destroy("contact:1")
    verdict = ledger.verify(tmp_path / "before")
    assert (verdict.ok, verdict.head) == (True, head)


def test_values_of_the_erased_are_gone_and_those_of_others_stay(site):
    small_ledger()
    assert [open_value(value) for value in LedgerValue.objects.order_by("entry_id", "pos")] == [
        (None, "13800000001"), ("a", "b"), ("13800000001", "13800000002"),
    ]  # fmt: skip
    subjects.destroy("contact:1")
    assert [open_value(value) for value in values_of([1, 4])] == [None, ("a", "b"), None]
