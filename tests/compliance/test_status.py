"""Green is only what happened: an empty company has no evidence, a missed round is a breach, numbers are rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kedang import ledger
from kedang.governance import clocks
from kedang.governance.compliance import behind, evidence
from kedang.governance.compliance.models import Evidence
from kedang.governance.compliance.periods import period
from kedang.governance.compliance.reports import as_json, compliance_of
from kedang.governance.compliance.status import GREEN, ORDER, Compliance, ControlStatus, worst
from kedang.governance.gate import perform
from kedang.governance.registers.matters import Matter
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.packs import in_force
from tests.world import World

Kept = Callable[..., World]
Q4 = "2026Q4"


def of(world: World, name: str = Q4) -> dict[str, ControlStatus]:
    return {control.id: control for control in found(world, name).controls}


def found(world: World, name: str = Q4) -> Compliance:
    return compliance_of(world.actor("auditor"), period(name))


def number(control: ControlStatus, key: str) -> int:
    return sum(each.number for each in control.numbers if each.key == key)


def matter(world: World, op: str, by: str = "clerk", subject: str = "-", **form: Any) -> None:
    perform(op, by=world.actor(by), subject=subject, payload=Matter(), form=form, confirmed=True)


def test_a_company_where_nothing_happened_has_no_evidence(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2026-11-23T09:00:00+08:00")
    world = kept()
    clocks.tick(clock.now_us())
    now = found(world)
    assert {control.status for control in now.controls} == {"no_evidence", "not_yet_available"}
    assert not {article.status for article in now.articles} & GREEN
    assert now.count("no_evidence") == 8


def test_what_happened_is_green_and_counted(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2026-11-23T09:00:00+08:00")
    world = kept()
    code = world.open("西安示例机电有限公司", contact_phones="13800138000", region="西安市", contact_name="张三")
    world.amend(code, short_name="示例")
    with pytest.raises(Refused):
        world.do("customer.reveal", f"dossier:{code}", _reveal(), by="archivist")
    world.do("customer.reveal", f"dossier:{code}", _reveal(), by="archivist", reason="回访客户")
    matter(world, "visit.note", note="送样品")
    matter(world, "secrecy.promise", subject="staff:clerk")
    now = of(world)
    assert (now["T-02"].status, number(now["T-02"], "done"), number(now["T-02"], "refused")) == ("enforced", 1, 1)
    assert (now["T-03"].status, number(now["T-03"], "kept")) == ("monitored", 1)
    assert (now["T-05"].status, number(now["T-05"], "signed")) == ("attested", 1)
    assert (now["T-06"].status, number(now["T-06"], "wrong")) == ("observed", 0)
    assert (now["T-08"].status, number(now["T-08"], "rows")) == ("monitored", 1)
    assert now["T-01"].status == now["T-09"].status == "no_evidence", "nobody tried either"


def _reveal() -> Any:
    from kedang.customers.payloads import RevealField  # noqa: PLC0415 - models exist only after django.setup()

    return RevealField(field="contact.phones")


def test_evidence_belongs_to_the_period_in_which_it_happened(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2026-09-30T23:59:59+08:00")
    world = kept()
    matter(world, "visit.note", note="九月最后一秒")
    frozen_clock.set("2026-10-01T00:00:00+08:00")
    assert (of(world, "2026Q3")["T-08"].status, of(world, "2026Q4")["T-08"].status) == ("monitored", "no_evidence")
    matter(world, "visit.note", note="十月第一秒")
    assert [number(of(world, name)["T-08"], "rows") for name in ("2026Q3", "2026Q4", "2026H2", "2026-09")] == [
        1,
        1,
        2,
        1,
    ]


def test_a_round_that_was_skipped_is_a_breach(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2026-07-01T09:00:00+08:00")
    world = kept()
    clocks.tick(clock.now_us())
    matter(world, "stock.check", by="archivist", note="七月核查")
    frozen_clock.set("2026-10-01T09:00:00+08:00")
    clocks.tick(clock.now_us())
    assert of(world, "2026Q3")["T-04"].status == "monitored"
    frozen_clock.set("2027-01-01T09:00:00+08:00")
    clocks.tick(clock.now_us())
    missed = of(world, "2026Q4")["T-04"]
    assert (missed.status, number(missed, "missed")) == ("breached", 1)
    assert of(world, "2026Q3")["T-04"].status == "monitored", "what was kept stays kept"
    article = next(each for each in found(world, "2026Q4").articles if each.id == "4")
    assert article.status == "breached"


def test_a_limit_that_passed_is_a_breach_even_where_no_worker_runs(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2026-11-02T09:00:00+08:00")
    world = kept()
    code = world.open("西安示例机电有限公司", region="西安市")
    frozen_clock.set("2026-11-05T23:59:59+08:00")
    assert of(world)["T-03"].status == "no_evidence", "it still runs"
    frozen_clock.set("2026-11-06T00:00:01+08:00")
    assert of(world)["T-03"].status == "breached"
    world.amend(code, short_name="示例")
    late = of(world)["T-03"]
    assert (late.status, number(late, "late"), number(late, "missed")) == ("breached", 1, 0)


def _forgotten(data: dict[str, Any]) -> None:
    """Drop every part that carries T-08."""
    data["registers"]["visits"].pop("controls")
    data["operations"]["visit.note"].pop("controls")


def _toothless(data: dict[str, Any]) -> None:
    data["operations"]["customer.reveal"].pop("needs")


@pytest.mark.parametrize(("change", "control"), [(_forgotten, "T-08"), (_toothless, "T-02")])
def test_a_control_taken_out_of_the_regulation_is_a_breach(
    kept: Kept, change: Any, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = kept()
    matter(world, "visit.note", note="送样品")
    assert of(world, "")[control].status != "breached"
    from tests.compliance.pack import pack  # noqa: PLC0415 - the changed one

    monkeypatch.setattr("kedang.governance.compliance.reports.in_force", lambda: pack(change))
    assert of(world, "")[control].status == "breached"


def test_evidence_that_was_deleted_turns_the_control_back(kept: Kept) -> None:
    world = kept()
    matter(world, "secrecy.promise", subject="staff:clerk")
    assert of(world, "")["T-05"].status == "attested"
    Evidence.objects.filter(control="T-05").delete()
    from kedang.people.models import Undertaken  # noqa: PLC0415 - models exist only after django.setup()

    Undertaken.objects.all().delete()
    assert of(world, "")["T-05"].status == "no_evidence"


def test_an_undertaking_that_ran_out_is_a_breach(kept: Kept, frozen_clock) -> None:
    frozen_clock.set("2025-11-02T09:00:00+08:00")
    world = kept()
    matter(world, "secrecy.promise", subject="staff:clerk")
    frozen_clock.set("2026-11-23T09:00:00+08:00")
    assert of(world)["T-05"].status == "breached"
    assert of(world, "2026Q3")["T-05"].status == "no_evidence", "it had not run out yet"
    assert (
        len(behind.rows(world.actor("auditor"), in_force(), "T-05", "undertaking:lapsed", period(Q4), clock.now_us()))
        == 1
    )
    matter(world, "secrecy.promise", subject="staff:clerk")
    assert of(world)["T-05"].status == "attested"


def test_each_number_is_the_rows_behind_it(kept: Kept) -> None:
    world = kept()
    code = world.open("西安示例机电有限公司", region="西安市", contact_phones="13800138000")
    world.amend(code, short_name="示例")
    for _ in range(3):
        with pytest.raises(Refused):
            world.do("customer.reveal", f"dossier:{code}", _reveal(), by="archivist")
    matter(world, "visit.note", note="送样品")
    matter(world, "secrecy.promise", subject="staff:clerk")
    wanted = period("")
    for control in compliance_of(world.actor("auditor"), wanted).controls:
        for each in control.numbers:
            if each.rows:
                rows = behind.rows(
                    world.actor("auditor"), in_force(), control.id, each.rows, wanted, clock.now_us()
                )  # fmt: skip
                assert len(rows) == each.number, (control.id, each)
    refused = behind.rows(world.actor("auditor"), in_force(), "T-02", "evidence:refused", wanted, clock.now_us())
    assert {Entry.objects.get(pk=row.entry).outcome for row in refused} == {"refused"}


def test_rows_are_shown_to_readers_of_compliance_alone(kept: Kept) -> None:
    world = kept()
    for name in ("clerk", "query", "sysop", "secop"):
        with pytest.raises(NotVisible):
            found(world, "") if name == "auditor" else compliance_of(world.actor(name), period(""))
        with pytest.raises(NotVisible):
            behind.rows(world.actor(name), in_force(), "T-01", "evidence:done", period(""), 0)
    for control, what in (("T-99", "evidence:done"), ("T-01", "nothing:at_all"), ("T-01", "clock:first_update:missed")):
        with pytest.raises(NotVisible):
            behind.rows(world.actor("auditor"), in_force(), control, what, period(""), 0)


def test_counting_stops_at_a_limit_and_says_so(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    world = kept()
    now = clock.now_us()
    rows = [
        Evidence(control="T-02", outcome="done", at_us=now, entry=10**9 + each, op="customer.reveal", subject="-")
        for each in range(evidence.MOST + 5)
    ]
    Evidence.objects.bulk_create(rows)
    control = of(world, "")["T-02"]
    shown = next(each for each in control.numbers if each.key == "done")
    assert (shown.number, shown.exact) == (evidence.MOST, False)
    told = as_json(found(world, ""))
    assert {c["id"]: c["evidence"]["exact"] for a in told["articles"] for c in a["controls"] if c["evidence"]}[
        "T-02"
    ] is False


def test_the_ledger_itself_is_not_read_through(kept: Kept, statements: Any) -> None:
    world = kept()
    found(world, "")
    with statements() as told:
        found(world, "")
    scans = [sql for sql in told if "ledger_entry" in sql and "WHERE" not in sql and "LIMIT" not in sql]
    assert scans == []


def test_the_same_entry_bears_witness_once(kept: Kept) -> None:
    kept()
    for _ in range(2):
        evidence.record(
            7, in_force(), op="customer.reveal", controls=("T-02", "T-99"), outcome="done", at_us=5, subject="-"
        )
    assert Evidence.objects.values_list("control", flat=True).get() == "T-02", "and controls nobody knows do not count"


def test_what_was_typed_as_a_subject_is_not_kept_in_clear(kept: Kept) -> None:
    world = kept()
    for typed in ("dossier:13800138000", "客户：张三 13800138000", "dossier:" + "X" * 500):
        entry = ledger.append_refusal("customer.reveal", world.actor("clerk"), typed, Refused("not_found"))
        evidence.record(
            entry, in_force(), op="customer.reveal", controls=("T-02",), outcome="refused", at_us=5, subject=typed
        )
    subjects = list(Evidence.objects.values_list("subject", flat=True))
    assert len(subjects) == 3
    assert all(subject.startswith("unknown:") for subject in subjects)


def test_a_field_that_carries_a_control_bears_witness_when_it_is_given(kept: Kept) -> None:
    def tagged(data: dict[str, Any]) -> None:
        data["fields"]["region"]["controls"] = ["T-01"]

    world = kept(tagged)
    code = world.open("西安示例机电有限公司")
    assert of(world, "")["T-01"].status == "no_evidence"
    world.amend(code, region="西安市")
    assert of(world, "")["T-01"].status == "enforced"


@pytest.mark.parametrize("bad", ORDER)
def test_an_article_stands_as_the_worst_of_its_controls(bad: str) -> None:
    better = ORDER[ORDER.index(bad) :]
    assert worst(iter(better)) == bad
    assert worst(iter(())) == "breached"
