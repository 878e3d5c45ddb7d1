"""What a branch sets for itself: who may, what holds then, from when, and that the company's standards stay."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kedang.customers.payloads import RevealField
from kedang.governance import overlays
from kedang.governance.clocks.layout import lay_out
from kedang.governance.clocks.models import Duty
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.governance.ops import AdoptPack
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.packs import in_force, version_named
from kedang.packs.models import BranchOverlay
from kedang.packs.selectors import NoPackInForce, PackTampered
from kedang.people.models import Unit
from kedang.people.payloads import AmendUnit
from kedang.people.units import pack_for
from tests.branches import make_branches, set_values, source
from tests.conftest import Clock
from tests.databases import Site
from tests.world import GOOD_CODE, World

WITHIN = "clocks.filing.within.days"
AMENDS = "quotas.amends.most"
REVEAL = "operations.customer.reveal.needs.reason.min_chars"


@pytest.fixture
def branches(site: Site, frozen_clock: Clock) -> World:
    return make_branches()


def of(world: World, code: str) -> str:
    return pack_for(world.units[code].pk).version


def test_a_branch_goes_by_its_own_values_and_the_others_by_the_companys(branches: World) -> None:
    call = set_values(branches, {WITHIN: "2"})
    assert (call.state, call.outcome["overlay"], call.outcome["pack"]) == ("done", "XA.1", "plain/1+XA.1")
    assert [of(branches, code) for code in ("XA", "XA-1", "BJ", "HQ")] == [
        "plain/1+XA.1", "plain/1+XA.1", "plain/1", "plain/1",
    ]  # fmt: skip
    assert pack_for(branches.units["XA"].pk).clocks["filing"].within.days == 2
    assert (in_force().version, in_force().clocks["filing"].within.days) == ("plain/1", 5)
    assert pack_for(0).version == "plain/1"


def test_a_deed_is_judged_remembered_and_timed_by_the_pack_of_its_unit(branches: World) -> None:
    set_values(branches, {WITHIN: 2, AMENDS: 1})
    mine, theirs = branches.open("西安示例有限公司"), branches.open("北京示例有限公司", by="stranger")
    versions = dict(Call.objects.filter(op="customer.open").values_list("actor_ref", "pack_version"))
    assert versions == {"clerk": "plain/1+XA.1", "stranger": "plain/1"}
    assert Entry.objects.filter(op="customer.open").order_by("id").values_list("pack_version", flat=True)[0] == (
        "plain/1+XA.1"
    )
    duties = {duty.subject: duty for duty in Duty.objects.filter(name="filing")}
    assert duties[f"dossier:{mine}"].pack_version == "plain/1+XA.1"
    days = {code: (duties[f"dossier:{code}"].due_us - clock.now_us()) // 86_400_000_000 for code in (mine, theirs)}
    assert days == {mine: 2, theirs: 5}
    branches.amend(mine, short_name="西示")
    with pytest.raises(Refused, match="no more of this"):
        branches.amend(mine, short_name="西例")
    assert Entry.objects.filter(outcome="refused").latest("id").pack_version == "plain/1+XA.1"
    for number in range(3):
        branches.amend(theirs, by="stranger", short_name=f"北示{number}")


def test_a_duty_keeps_what_it_began_under_and_a_version_is_found_again(branches: World, frozen_clock: Clock) -> None:
    set_values(branches, {WITHIN: 2})
    branches.open("西安示例有限公司")
    frozen_clock.advance(hours=1)
    set_values(branches, {WITHIN: 3})
    branches.open("西安另一有限公司")
    assert list(Duty.objects.filter(name="filing").order_by("id").values_list("pack_version", flat=True)) == [
        "plain/1+XA.1", "plain/1+XA.2",
    ]  # fmt: skip
    assert [version_named(f"plain/1+XA.{no}").clocks["filing"].within.days for no in (1, 2)] == [2, 3]
    for wrong in ("plain/1+XA.3", "plain/1+BJ.1", "plain/2+XA.1", "plain/1+XA", "plain/1+"):
        with pytest.raises(NoPackInForce):
            version_named(wrong)


def test_values_add_up_and_an_empty_one_goes_back_to_the_companys(branches: World) -> None:
    set_values(branches, {WITHIN: 2, AMENDS: 2})
    set_values(branches, {AMENDS: 4})
    pack = pack_for(branches.units["XA"].pk)
    assert (pack.clocks["filing"].within.days, pack.quotas["amends"].most) == (2, 4)
    set_values(branches, {WITHIN: ""})
    pack = pack_for(branches.units["XA"].pk)
    assert (pack.version, pack.clocks["filing"].within.days, pack.quotas["amends"].most) == ("plain/1+XA.3", 5, 4)
    assert set_values(branches, {AMENDS: ""}).outcome["pack"] == "plain/1"
    assert of(branches, "XA") == "plain/1"
    with pytest.raises(Refused, match="stand already"):
        set_values(branches, {AMENDS: ""})


def test_nothing_takes_effect_in_the_past_and_what_is_to_come_comes(branches: World, frozen_clock: Clock) -> None:
    with pytest.raises(Refused, match="before it is adopted"):
        set_values(branches, {WITHIN: 2}, effective="2026-03-02T08:00:00+08:00")
    set_values(branches, {WITHIN: 2}, effective="2026-03-02T12:00:00+08:00")
    assert of(branches, "XA") == "plain/1"
    assert [each.in_force for each in overlays.in_force_now()] == [False]
    with pytest.raises(Refused, match="take effect later"):
        set_values(branches, {WITHIN: 3}, effective="2026-03-02T10:00:00+08:00")
    before = clock.now_us()
    frozen_clock.advance(hours=4)
    assert of(branches, "XA") == "plain/1+XA.1"
    assert pack_for(branches.units["XA"].pk, at_us=before).version == "plain/1"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("operations.customer.open.who", "x", "expected one of the values this regulation leaves to its branches"),
        ("operations.pack.overlay.needs.reason.min_chars", 1, "operations['pack.overlay'].needs.reason.min_chars: "),
        ("rounds.whole.every", {"months": 1}, "rounds.whole.every: expected one of the values this regulation"),
        ("fields.name.min_chars", 1, "fields.name.min_chars: expected one of the values"),
        ("clocks.filing.within.fortnights", 1, "clocks.filing.within.fortnights: expected one of the keys minutes"),
        (WITHIN, "soon", "clocks.filing.within.days: expected a whole number"),
        ("clocks.filing.within", {"days": 0}, "clocks.filing.within: expected a length of time"),
        (AMENDS, 6, "quotas.amends.most: expected a whole number from 1 to 5, found 6"),
        ("rounds.review.every.weeks", 1, "rounds.review.every: expected exactly one of"),
    ],
)
def test_what_is_not_delegated_or_not_sound_is_refused_by_its_path(
    branches: World, path: str, value: object, says: str
) -> None:
    with pytest.raises(Refused) as no:
        set_values(branches, {path: value})
    assert (no.value.code, BranchOverlay.objects.count()) == ("invalid", 0)
    assert says in no.value.detail


def test_only_who_the_pack_names_sets_values_of_their_own_branch_and_says_why(branches: World) -> None:
    with pytest.raises(Refused, match="outside the units"):
        set_values(branches, {WITHIN: 2}, unit="BJ")
    with pytest.raises(Refused, match="roles do not allow"):
        set_values(branches, {WITHIN: 2}, by="clerk")
    with pytest.raises(Refused) as no:
        set_values(branches, {WITHIN: 2}, reason="")
    assert no.value.missing == ("reason",)
    with pytest.raises(Refused, match="Only a branch"):
        set_values(branches, {WITHIN: 2}, unit="XA-1")
    with pytest.raises(NotVisible):
        set_values(branches, {WITHIN: 2}, unit="nowhere")
    assert not BranchOverlay.objects.exists()


def test_the_law_stays_above_a_branch_and_says_so(branches: World) -> None:
    set_values(branches, {REVEAL: 2})
    assert pack_for(branches.units["XA"].pk).operations["customer.reveal"].needs.reason == (
        in_force().operations["customer.reveal"].needs.reason
    )
    shown = overlays.named("XA")
    assert [(each.key, each.pack_value, each.law_value) for each in shown.overrides] == [
        ("operations['customer.reveal'].needs.reason.min_chars", "2", "4")
    ]


def test_needs_follow_the_branch(branches: World) -> None:
    code = branches.open("西安示例有限公司", contact_phones="13800138000", credit_code=GOOD_CODE)
    asked = RevealField(field="contact.phones")
    branches.do("customer.reveal", f"dossier:{code}", asked, reason="回访客户")
    set_values(branches, {REVEAL: 12})
    with pytest.raises(Refused) as no:
        branches.do("customer.reveal", f"dossier:{code}", asked, reason="回访客户")
    assert no.value.missing == ("reason",)


def test_a_round_of_a_branch_comes_as_often_as_it_says(branches: World, frozen_clock: Clock) -> None:
    set_values(branches, {"rounds.review.every": '{"months": 1}'})
    lay_out(clock.now_us())
    found = Duty.objects.filter(name="review").order_by("seat").values_list("unit", "period", "pack_version")
    assert set(found) == {
        (branches.units["XA"].pk, "2026-03", "plain/1+XA.1"), (branches.units["BJ"].pk, "2026Q1", "plain/1"),
    }  # fmt: skip
    assert Duty.objects.get(name="whole").pack_version == "plain/1"
    frozen_clock.advance(days=31)
    lay_out(clock.now_us())
    mine = Duty.objects.filter(name="review", unit=branches.units["XA"].pk)
    assert list(mine.order_by("started_us").values_list("period", flat=True)) == ["2026-03", "2026-04"]


def test_a_request_that_runs_keeps_its_version_and_waits_for_its_signature(site: Site, frozen_clock: Clock) -> None:
    world = make_branches(source(signed=True))
    call = set_values(world, {WITHIN: 2}, effective="2026-03-02T09:30:00+08:00")
    assert (call.state, of(world, "XA")) == ("waiting", "plain/1")
    with pytest.raises(Refused, match="already under way"):
        set_values(world, {WITHIN: 3})
    frozen_clock.advance(hours=2)
    boss = world.actor("boss")
    sign(call.pk, by=boss, verdict="agree", saw=saw_of(call))
    row = BranchOverlay.objects.get()
    assert (row.approved_by, row.set_by, row.effective_us) == ("boss", "head", clock.now_us())
    assert of(world, "XA") == "plain/1+XA.1"
    second = set_values(world, {WITHIN: 3})
    assert second.pack_version == "plain/1+XA.1"
    frozen_clock.advance(hours=1)
    sign(second.pk, by=boss, verdict="agree", saw=saw_of(second))
    assert Call.objects.get(pk=second.pk).pack_version == "plain/1+XA.1"
    assert of(world, "XA") == "plain/1+XA.2"
    shown = overlays.in_force_now()
    assert [(each.name, each.approved_by, each.set_by) for each in shown] == [("XA.2", "Boss", "Head")]
    assert [(v.path, v.title, v.company, v.branch) for v in shown[0].values] == [(WITHIN, "归档时限", "5", "3")]


def test_under_another_edition_only_what_it_still_delegates_holds(branches: World, frozen_clock: Clock) -> None:
    set_values(branches, {WITHIN: 2, AMENDS: 2})
    frozen_clock.advance(hours=1)
    without = source(edition="2").replace("    - quotas.*.most\n", "").replace(
        "  limits: {quotas.amends.most: {min: 1, max: 5}}\n", ""
    )  # fmt: skip
    branches.do("pack.adopt", "-", AdoptPack(source=without), by="boss", reason="新版发布")
    pack = pack_for(branches.units["XA"].pk)
    assert (pack.version, pack.clocks["filing"].within.days, pack.quotas["amends"].most) == ("plain/2+XA.1", 2, 3)
    frozen_clock.advance(hours=1)
    none = source(edition="3").replace("available: true\nclocks", "available: false\nclocks").replace(
        'pack.overlay:\n    who: [reviewer]\n    article: "1.1"\n    needs: {reason: {min_chars: 4}}\n    rules:\n'
        '      - {article: "1.1"}\n  pack.adopt:', "pack.adopt:",
    )  # fmt: skip
    branches.do("pack.adopt", "-", AdoptPack(source=none), by="boss", reason="新版发布")
    assert of(branches, "XA") == "plain/3"
    assert overlays.named("XA").version == "plain/3"


def test_stored_values_that_were_changed_are_noticed(branches: World) -> None:
    set_values(branches, {WITHIN: 2})
    row = BranchOverlay.objects.get()
    BranchOverlay.objects.update(source=row.source.replace(b":2", b":4"), digest=row.digest[:-1] + "0")
    with pytest.raises(PackTampered):
        of(branches, "XA")


def test_a_branch_with_values_stays_a_branch(branches: World) -> None:
    set_values(branches, {WITHIN: 2})
    with pytest.raises(Refused, match="values of its own"):
        branches.do("people.unit_amend", "unit:XA", AmendUnit(kind="department"), by="sysop")
    set_values(branches, {WITHIN: ""})
    branches.do("people.unit_amend", "unit:XA", AmendUnit(kind="department"), by="sysop")
    assert Unit.objects.get(code="XA").kind == "department"


def test_finding_the_pack_of_a_unit_is_one_question_more_and_two_where_branches_have_values(branches: World) -> None:
    company = in_force()

    def questions(code: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            pack_for(branches.units[code].pk, company)
        return len(asked)

    assert questions("XA") == 1
    set_values(branches, {WITHIN: 2})
    pack_for(branches.units["XA"].pk, company)
    assert [questions(code) for code in ("XA", "XA-1", "BJ")] == [2, 2, 2]
