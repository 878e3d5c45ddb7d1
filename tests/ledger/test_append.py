"""One deed, one entry, in the deed's own transaction; a refusal in a transaction of its own."""

import json

import pytest
from django.db import transaction

from kedang import ledger
from kedang.kernel.deeds import Value, Version
from kedang.kernel.errors import Invalid, Refused
from kedang.ledger.models import Entry, LedgerValue
from kedang.ledger.models import Version as VersionRow
from kedang.ledger.selectors import open_value
from kedang.ledger.services import NoTransaction, SubjectErased
from kedang.vault import subjects
from tests.ledger.scenes import ANN, BOB, append, bulk, deed, phone


def test_an_entry_tells_who_did_what_and_when_on_what(site):
    done = deed("customer.open", BOB, call=42, cause="import 7", signers=("carl",), evidence=("a1b2",))
    with transaction.atomic():
        number = ledger.append(done, "customer.open", subject="dossier:C00000011", body={"state": "prospect"})
    entry = Entry.objects.get(pk=number)
    assert (entry.op, entry.outcome, entry.subject_ref) == ("customer.open", "done", "dossier:C00000011")
    assert (entry.actor_id, entry.actor_kind, entry.on_behalf, entry.unit) == ("bob", "staff", "ann", 4)
    assert (entry.credential, entry.call_id, entry.cause) == ("token:7", 42, "import 7")
    assert (entry.pack_version, entry.at_us, entry.n_rows) == ("records 1", done.at_us, 1)
    assert json.loads(entry.body) == {"state": "prospect", "signers": ["carl"], "evidence": ["a1b2"]}


def test_a_deed_that_rolls_back_leaves_no_entry(site):
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.append(deed(), "customer.amend", subject="dossier:C1", body={})
        raise RuntimeError
    assert Entry.objects.count() == 0
    append()
    assert ledger.verify().ok, "a gap in the numbers of PostgreSQL is no problem"


def test_an_entry_outside_a_transaction_is_refused(site):
    with pytest.raises(NoTransaction):
        ledger.append(deed(), "customer.amend", subject="dossier:C1", body={})
    assert Entry.objects.count() == 0


def test_values_are_sealed_under_their_subject_and_bound_to_their_entry(site):
    subjects.create(["contact:1"])
    append(values=[phone("contact:1", ["13800000001"], ["13800000002"]), Value("contact:1", "post", None, "经理")])
    first, second = LedgerValue.objects.order_by("pos")
    assert b"138" not in first.ct
    assert open_value(first) == (["13800000001"], ["13800000002"])
    assert open_value(second) == (None, "经理")
    first.field = "post"
    with pytest.raises(Exception, match="does not open"):
        open_value(first)


def test_equal_values_do_not_look_equal(site):
    subjects.create(["contact:1"])
    append(values=[phone("contact:1", "same", "same"), phone("contact:1", "same", "same")])
    assert len({bytes(value.ct) for value in LedgerValue.objects.all()}) == 2


def test_a_value_of_an_erased_subject_is_refused(site):
    subjects.create(["contact:1"])
    subjects.destroy("contact:1")
    with pytest.raises(SubjectErased):
        append(values=[phone("contact:1", "a", "b")])
    assert Entry.objects.count() == 0


def test_a_bulk_deed_is_one_entry_over_its_versions(site):
    number = bulk(100, 250)
    entry = Entry.objects.get(pk=number)
    assert entry.n_rows == 250
    stored = VersionRow.objects.filter(entry_id=number)
    assert stored.count() == 250
    assert set(stored.values_list("batch", flat=True)) == {7}
    assert bytes(ledger.versions_of(100).get().delta_ct) == b"sealed 100"


def test_the_same_version_twice_is_refused(site):
    append(versions=[Version(1, 1, b"one")])
    with pytest.raises(Exception, match="(?i)append-only|unique|duplicate"):
        append(versions=[Version(1, 1, b"other")])
    assert bytes(ledger.versions_of(1).get().delta_ct) == b"one"


def test_a_refusal_says_why_by_code_and_article_but_keeps_no_sentence(site):
    refused = Refused("denied", articles=["15.4"], missing=["reason"], detail="13800000001 is no good")
    number = ledger.append_refusal("customer.reveal", ANN, "dossier:C00000011", refused, "records 1")
    entry = Entry.objects.get(pk=number)
    assert (entry.outcome, entry.op, entry.n_rows) == ("refused", "customer.reveal", 0)
    assert json.loads(entry.body) == {"refused": "denied", "articles": ["15.4"], "missing": ["reason"]}


def test_a_refusal_for_invalid_data_names_fields_and_rules_only(site):
    class Found:
        field, rule, found = "phone", "phone.length", "13800000001"

    number = ledger.append_refusal("customer.open", ANN, "-", Invalid([Found()]))
    body = Entry.objects.get(pk=number).body
    assert json.loads(body)["findings"] == [["phone", "phone.length"]]
    assert b"138" not in body


def test_a_refusal_outlives_the_deed_that_was_rolled_back(site):
    try:
        with transaction.atomic():
            append()
            raise Refused("stale")
    except Refused as refused:
        ledger.append_refusal("customer.amend", ANN, "dossier:C1", refused)
    assert [entry.outcome for entry in Entry.objects.all()] == ["refused"]


def test_a_refusal_inside_the_deed_s_transaction_is_an_error(site):
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.append_refusal("customer.amend", ANN, "dossier:C1", Refused("stale"))


@pytest.mark.parametrize("typed", ["dossier:张三", "dossier:C1 13800000001", "13800000001", "x" * 500, ""])
def test_what_a_person_typed_as_subject_is_not_kept(site, typed):
    ledger.append_refusal("customer.open", ANN, typed, Refused("not_found"))
    ref = Entry.objects.get().subject_ref
    assert ref.startswith("unknown:")
    assert len(ref) == 40
    assert typed == "" or typed not in ref


def test_refs_of_the_product_are_kept_as_they_are(site):
    for ref in ("dossier:C00000011", "batch:77", "staff:ann", "-"):
        ledger.append_refusal("customer.open", ANN, ref, Refused("denied"))
    stored = list(Entry.objects.order_by("id").values_list("subject_ref", flat=True))
    assert stored == ["dossier:C00000011", "batch:77", "staff:ann", "-"]
