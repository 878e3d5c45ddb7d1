"""A dossier over time in the browser: an earlier day, one value, restore, states, the recycle bin, a handover."""

from __future__ import annotations

import pytest

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.governance.models import Call
from tests.conftest import Clock
from tests.web.visits import signed_in, text_of
from tests.world import World

NAME, LATER = "西安示例机电有限公司", "咸阳样本置业有限公司"


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Clock) -> None:
    """The company is founded on a Monday in March."""


@pytest.fixture
def code(world: World, frozen_clock: Clock) -> str:
    made = world.open(NAME, grade="A", contact_name="王小明", contact_phones="13800138000")
    frozen_clock.advance(days=1)
    world.amend(made, name=LATER, grade="B", contact_phones="13900139000")
    return made


def test_a_day_a_value_and_back_again(world: World, code: str) -> None:
    clerk = signed_in(world, "clerk")
    assert 'name="on"' in text_of(clerk.get(f"/customers/{code}/history"))
    page = text_of(clerk.get(f"/customers/{code}/asof/?on=2026-03-02"))
    assert NAME in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert page.count("k-differs") == 3
    assert clerk.get(f"/customers/{code}/asof/").status_code == 200
    for wrong, status in (("2026-03-01", 422), ("2026-03-09", 422), ("no-day", 200)):
        answer = clerk.get(f"/customers/{code}/asof/?on={wrong}")
        assert (answer.status_code, "k-notice-bad" in text_of(answer)) == (status, True)
    value = text_of(clerk.get(f"/customers/{code}/value?field=grade"))
    link = f"/customers/{code}/restore?field=grade&amp;version=1"
    assert link in value
    form = text_of(clerk.get(link.replace("&amp;", "&")))
    assert "<del>B</del>" in form
    sent = {"field": "grade", "version": "1", "base": "2", "reason": "录入有误"}
    assert clerk.post(f"/customers/{code}/restore", sent).status_code == 302
    assert Dossier.objects.get().grade == "A"
    stale = clerk.post(f"/customers/{code}/restore", {**sent, "version": "2", "base": "2"})
    assert stale.status_code == 409
    for junk in ("on=abc", "field=!&version=1", "on=2026-03-02&version=1"):
        assert clerk.get(f"/customers/{code}/restore?{junk}").status_code == 422
    whole = clerk.post(f"/customers/{code}/restore", {"on": "2026-03-02", "base": "3", "reason": "整体恢复"})
    assert (whole.status_code, Dossier.objects.get().name) == (302, NAME)


def test_a_step_says_what_it_waits_for(world: World, code: str) -> None:
    clerk = signed_in(world, "clerk")
    page = text_of(clerk.get(f"/customers/{code}/advance"))
    assert f"/customers/{code}/records/transaction/new" in page
    assert "disabled" in page
    refused = clerk.post(f"/customers/{code}/advance", {"to": "retained"})
    assert (refused.status_code, Dossier.objects.get().state) == (409, "prospect")
    for junk in ({"to": "nonsense"}, {"to": "retained", "on": "soon"}):
        assert clerk.post(f"/customers/{code}/advance", junk).status_code == 422


def test_into_the_bin_and_out_again(world: World, code: str) -> None:
    archivist = signed_in(world, "archivist")
    assert archivist.get("/customers/bin").status_code == 200
    assert archivist.get(f"/customers/{code}/remove").status_code == 200
    assert archivist.post(f"/customers/{code}/remove", {}).status_code == 422
    assert archivist.post(f"/customers/{code}/remove", {"reason": "重复建档了"}).status_code == 302
    assert archivist.get(f"/customers/{code}/").status_code == 404
    page = text_of(archivist.get("/customers/bin"))
    assert all(text in page for text in (LATER, "重复建档了", f"/customers/{code}/recover"))
    assert signed_in(world, "clerk").get("/customers/bin").status_code == 404
    assert archivist.get(f"/customers/{code}/recover").status_code == 200
    assert archivist.post(f"/customers/{code}/recover", {"reason": "并非重复"}).status_code == 302
    assert archivist.get(f"/customers/{code}/").status_code == 200


def test_chosen_on_the_list_and_handed_over(world: World, code: str) -> None:
    head, clerk = signed_in(world, "head"), signed_in(world, "clerk")
    assert f'form="hand" name="code" value="{code}"' in text_of(head.get("/customers/"))
    assert 'form="hand"' not in text_of(clerk.get("/customers/"))
    assert clerk.get("/customers/hand-over").status_code == 403
    assert code in text_of(head.get(f"/customers/hand-over?code={code}"))
    assert 'name="of"' in text_of(head.get("/customers/hand-over"))
    assert head.post("/customers/hand-over", {"code": code}).status_code == 422
    assert head.post("/customers/hand-over", {"code": "!", "owner": "manager"}).status_code == 422
    sent = head.post("/customers/hand-over", {"code": code, "owner": "manager", "keep_until": "2026-03-09"})
    call = Call.objects.get(op="customer.hand_over")
    progress = sent.headers["Location"]
    assert progress == f"/customers/hand-over/{call.pk}"
    assert "<progress" in text_of(head.get(progress))
    jobs.run(call.pk)
    assert Dossier.objects.get().owner == world.staff["manager"]
    assert "<progress" not in text_of(head.get(progress))
    assert clerk.get(progress).status_code == 404
