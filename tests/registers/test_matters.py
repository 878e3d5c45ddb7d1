"""Deeds of the company's own: a form, a row with the next number, and the row's way to its end."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from kedang import ledger
from kedang.customers.models import Dossier
from kedang.customers.payloads import RevealField
from kedang.governance.flows import present, signing
from kedang.governance.gate import perform
from kedang.governance.registers import sealing, services
from kedang.governance.registers.models import Line, Row, Slot
from kedang.kernel import clock
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.people import grants, undertakings
from kedang.vault import subjects
from tests.conftest import Clock
from tests.registers.house import BOOKS, house, lend, matter
from tests.world import World

NAME = "西安示例机电有限公司"


def test_a_loan_is_a_row_with_a_number_a_form_and_a_line(frozen_clock: Clock, world: World) -> None:
    house(world)
    code = world.open(NAME)
    row = lend(world, code, contact="王经理 13800138000")
    assert (row.number, row.state, row.subject, row.holder) == ("借2026-0001", "out", f"dossier:{code}", "clerk")
    assert row.is_open
    assert row.items == {"days": 3, "original": "no"}
    line = Line.objects.get(row=row)
    assert (line.no, line.op, line.from_state, line.to_state, line.by) == (1, "loan.lend", "", "out", "clerk")
    for stored in (line.plain.encode(), bytes(line.text_ct), bytes(line.personal_ct), row.plain.encode()):
        assert b"13800138000" not in stored
        assert "王经理".encode() not in stored
        assert "对账".encode() not in stored


def test_the_ledger_vouches_for_the_bytes_of_the_line(world: World) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    line = Line.objects.get(row=row)
    entry = Entry.objects.get(op="loan.lend", outcome="done")
    body = orjson.loads(bytes(entry.body))
    assert body["lines"] == {row.ref: services.line_digest(line)}
    Line.objects.filter(pk=line.pk).update(plain='{"days":9}')
    assert body["lines"][row.ref] != services.line_digest(Line.objects.get(pk=line.pk))
    assert ledger.verify().ok


def test_returning_closes_the_row_and_a_second_return_is_refused(world: World) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    matter(world, "loan.back", row.ref, whole="是")
    row.refresh_from_db()
    assert (row.state, row.is_open, row.lines_count) == ("back", False, 2)
    assert row.items["whole"] == "yes"
    with pytest.raises(Refused) as no:
        matter(world, "loan.back", row.ref, whole="是")
    assert no.value.code == "state"
    assert Line.objects.filter(row=row).count() == 2


def test_one_thing_is_lent_once_and_returning_frees_it(world: World) -> None:
    house(world)
    code, other = world.open(NAME), world.open("西安另一家有限公司")
    first = lend(world, code)
    with pytest.raises(Refused) as no:
        lend(world, code, by="archivist")
    assert (no.value.code, no.value.missing) == ("claimed", (first.number,))
    assert lend(world, other).is_open
    matter(world, "loan.back", first.ref, whole="是")
    assert lend(world, code).number == "借2026-0003"
    assert Slot.objects.filter(taken=True).count() == 2


def test_a_form_with_a_fault_stops_the_deed_and_takes_no_number(world: World) -> None:
    house(world)
    code = world.open(NAME)
    with pytest.raises(Invalid):
        lend(world, code, days="99")
    with pytest.raises(Refused) as no:
        lend(world, code, days="12")
    assert (no.value.code, no.value.articles) == ("denied", ("3.1c",))
    assert lend(world, code).serial == 1


def test_without_the_form_or_the_sentence_it_is_incomplete(world: World) -> None:
    house(world)
    code = world.open(NAME)
    for form, confirmed, missing in (
        ({}, True, "form"),
        ({"days": "3", "why": "核对原件", "original": "否"}, False, "statement"),
    ):
        with pytest.raises(Refused) as no:
            matter(world, "loan.lend", f"dossier:{code}", confirmed=confirmed, **form)
        assert missing in no.value.missing


def test_what_one_may_not_see_cannot_be_lent_nor_its_row_be_moved(world: World) -> None:
    house(world)
    code = world.open(NAME)
    with pytest.raises(NotVisible):
        lend(world, code, by="stranger")
    row = lend(world, code)
    for ref in (row.ref, "row:loans/借2026-0009", "row:nothing/1", "row:loans/", "dossier:C1"):
        with pytest.raises(NotVisible):
            matter(world, "loan.back", ref, by="stranger", whole="是")


def test_a_row_about_a_dossier_above_ones_clearance_is_not_moved(world: World) -> None:
    house(world)
    code = world.open(NAME)
    row = lend(world, code)
    world.amend(code, by="archivist", level="secret")
    with pytest.raises(Refused) as no:
        matter(world, "loan.back", row.ref, whole="是")
    assert no.value.code == "denied"


def test_handing_on_keeps_the_state_and_names_a_holder(world: World) -> None:
    passing = BOOKS["operations"]["loan.pass_on"] | {"needs": {"form": "pass"}}
    passing["moves"] = passing["moves"] | {"holder": "to"}
    to = {"title": "接收人", "type": "staff", "required": True}
    house(
        world,
        operations=BOOKS["operations"] | {"loan.pass_on": passing},
        forms=BOOKS["forms"] | {"pass": {"title": "转交单", "items": {"to": to}}},
    )
    row = lend(world, world.open(NAME))
    matter(world, "loan.pass_on", row.ref, by="archivist", to="manager")
    row.refresh_from_db()
    assert (row.holder, row.state, row.is_open) == ("manager", "out", True)


def test_numbers_count_by_unit_and_day_where_the_regulation_says_so(frozen_clock: Clock, world: World) -> None:
    house(world)
    seen = [_note(world, by) for by in ("clerk", "stranger", "clerk")]
    frozen_clock.advance(days=1)
    seen.append(_note(world, "clerk"))
    assert seen == ["XA-20260302-01", "BJ-20260302-01", "XA-20260302-02", "XA-20260303-01"]


def test_a_year_ends_and_numbers_begin_anew(frozen_clock: Clock, world: World) -> None:
    house(world)
    first, second = world.open(NAME), world.open("西安另一家有限公司")
    frozen_clock.set("2026-12-31T23:59:59+08:00")
    assert lend(world, first).number == "借2026-0001"
    frozen_clock.advance(seconds=1)
    assert lend(world, second).number == "借2027-0001"


def test_a_case_goes_its_way_and_no_other(world: World) -> None:
    house(world)
    call = matter(world, "complaint.take", "-", by="archivist", kind="service", loss="100")
    ref = str(call.outcome["row"])
    with pytest.raises(Refused) as no:
        matter(world, "complaint.close", ref, by="archivist")
    assert no.value.code == "state"
    matter(world, "complaint.hear", ref, by="archivist")
    matter(world, "complaint.close", ref, by="archivist")
    row = Row.objects.get(register="complaints")
    assert [line.to_state for line in row.lines.order_by("no")] == ["new", "heard", "closed"]
    assert row.items["weight"] == "light"


def test_a_rule_tests_what_stands_in_the_row(world: World) -> None:
    """A heavy case is not heard by the one who took it."""
    house(world)
    ref = str(matter(world, "complaint.take", "-", by="archivist", kind="leak").outcome["row"])
    with pytest.raises(Refused) as no:
        matter(world, "complaint.hear", ref, by="archivist")
    assert no.value.code == "denied"
    assert matter(world, "complaint.hear", ref, by="head").state == "done"


def test_a_deed_of_the_product_fills_a_book_too(world: World) -> None:
    house(world)
    code = world.open(NAME, contact_phones="13800138000")
    perform(
        "customer.reveal", by=world.actor("clerk"), subject=f"dossier:{code}",
        payload=RevealField(field="contact.phones"), reason="回访客户需要号码", form={"task": "三月回访"},
    )  # fmt: skip
    row = Row.objects.get(register="looks")
    assert (row.subject, row.is_open, row.number[5:]) == (f"dossier:{code}", False, "0001")
    assert sealing.open_text(row.pk, 1, bytes(row.lines.get().text_ct)) == {"task": "三月回访"}


def test_what_is_refused_fills_no_book(world: World) -> None:
    house(world)
    code = world.open(NAME)
    with pytest.raises(Refused):
        perform(
            "customer.reveal", by=world.actor("clerk"), subject=f"dossier:{code}",
            payload=RevealField(field="contact.phones"), reason="回访", form={"task": "三月回访"},
        )  # fmt: skip
    assert not Row.objects.exists()


def test_a_book_without_form_and_states_is_written_and_closed(world: World) -> None:
    house(world)
    call = matter(world, "note.keep", "unit:XA")
    row = Row.objects.get()
    assert (row.ref, row.state, row.is_open, row.subject) == (call.outcome["row"], "", False, "unit:XA")


def test_erasing_the_particulars_leaves_the_row(world: World) -> None:
    house(world)
    row = lend(world, world.open(NAME), contact="王经理 13800138000")
    assert subjects.destroy(sealing.key_ref(row.pk))
    line = row.lines.get()
    key = sealing.keys_of([row.pk])[row.pk]
    assert sealing.open_personal(row.pk, 1, bytes(line.personal_ct), key) is None
    assert sealing.open_text(row.pk, 1, bytes(line.text_ct))["why"] == "对账需要核对原件"


def test_a_granted_consultation_lets_the_person_read_until_its_day(frozen_clock: Clock, world: World) -> None:
    house(world)
    code = world.open(NAME)
    matter(world, "consult.ask", f"dossier:{code}")
    dossier = Dossier.objects.get(code=code)
    clerk = world.staff["clerk"].pk
    assert grants.granted(clerk, clock.now_us()).clear == frozenset({dossier.pk})
    frozen_clock.set("2026-03-05T23:59:59+08:00")
    assert dossier.pk in grants.granted(clerk, clock.now_us()).ids
    frozen_clock.set("2026-03-06T00:00:00+08:00")
    assert grants.granted(clerk, clock.now_us()).ids == frozenset()


def test_a_right_to_read_ends_with_the_row_that_gave_it(world: World) -> None:
    lends = BOOKS["operations"]["loan.lend"] | {"grants": {"for": {"days": 30}}}
    house(world, operations=BOOKS["operations"] | {"loan.lend": lends})
    codes = [world.open(NAME), world.open("北京另一家有限公司")]
    first, second = (lend(world, code) for code in codes)
    reader = world.staff["clerk"].pk
    numbers = dict(Dossier.objects.values_list("code", "pk"))
    assert grants.granted(reader, clock.now_us()).ids == {numbers[code] for code in codes}
    matter(world, "loan.pass_on", first.ref, "archivist")
    assert numbers[codes[0]] in grants.granted(reader, clock.now_us()).ids
    matter(world, "loan.back", first.ref, whole="是")
    assert grants.granted(reader, clock.now_us()).ids == {numbers[codes[1]]}
    assert second.is_open


def test_an_undertaking_is_signed_by_a_matter(world: World) -> None:
    house(world)
    matter(world, "people.undertake", "-", by="query")
    assert undertakings.signed_by(world.staff["query"].pk, clock.now_us()) == frozenset({"secrecy"})


def _note(world: World, by: str) -> str:
    return str(matter(world, "visit.note", "-", by=by, name="来客", arrived="2026-03-02").outcome["number"])


FAR: dict[str, Any] = {"days": "3", "why": "外地对账需要核对", "original": "否", "contact": "王经理 13800138000"}


def test_a_loan_that_needs_a_signature_takes_its_number_with_the_last_one(world: World) -> None:
    house(world)
    code, other = world.open(NAME), world.open("西安另一家有限公司")
    call = matter(world, "loan.far", f"dossier:{code}", **FAR)
    assert (call.state, Row.objects.count()) == ("waiting", 0)
    assert lend(world, other).serial == 1
    shown = present.shown(world.actor("archivist"), call)
    said = {line.title: line.after for line in shown.items}
    assert said["借阅天数"] == "3"
    assert said["是否原件"] == "否"
    assert "13800138000" not in str(shown)
    signed = signing.sign(call.pk, by=world.actor("archivist"), verdict="agree", saw=shown.saw)
    assert signed.state == "done"
    row = Row.objects.get(subject=f"dossier:{code}")
    assert (row.serial, row.opened_by, row.opened_call) == (2, "clerk", call.pk)
    line = row.lines.get()
    own = sealing.open_personal(row.pk, 1, bytes(line.personal_ct), sealing.keys_of([row.pk])[row.pk])
    assert own == {"contact": "王经理 13800138000"}


def test_two_requests_for_the_one_loan_a_dossier_may_have_exclude_each_other(world: World) -> None:
    house(world)
    code = world.open(NAME)
    matter(world, "loan.far", f"dossier:{code}", **FAR)
    with pytest.raises(Refused) as no:
        matter(world, "loan.far", f"dossier:{code}", by="archivist", **FAR)
    assert no.value.code == "claimed"


def test_what_could_not_be_done_is_refused_when_it_is_asked_for(world: World) -> None:
    """The rehearsal finds the open loan today, not after the signature; and it takes no number."""
    house(world)
    code = world.open(NAME)
    first = lend(world, code)
    with pytest.raises(Refused) as no:
        matter(world, "loan.far", f"dossier:{code}", **FAR)
    assert (no.value.code, no.value.missing) == ("claimed", (first.number,))
    matter(world, "loan.back", first.ref, whole="是")
    assert lend(world, code).serial == 2
