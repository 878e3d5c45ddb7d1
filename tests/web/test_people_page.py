"""The people page: all accounts for the offices that look after them, one's own for everybody else."""

from __future__ import annotations

from collections.abc import Callable

from kedang.kernel import clock
from kedang.people.models import Appointment, Staff
from kedang.people.parties import deputies_of
from tests.company import Company
from tests.people.posts import source
from tests.web.visits import give_password, signed_in, text_of
from tests.world import World


def test_the_offices_see_everybody_with_roles_and_clearance(world: World) -> None:
    page = text_of(signed_in(world, "secop").get("/people/"))
    assert all(f">{name}</td>" in page for name in world.staff)
    assert "业务录入员" in page


def test_others_see_their_own_line_alone(world: World) -> None:
    page = text_of(signed_in(world, "clerk").get("/people/"))
    assert ">clerk</td>" in page
    assert ">manager</td>" not in page


def test_units_and_roles_narrow_the_list(world: World) -> None:
    client = signed_in(world, "secop")
    page = text_of(client.get("/people/?unit=BJ"))
    assert ">stranger</td>" in page
    assert ">clerk</td>" not in page
    assert ">auditor</td>" in text_of(client.get("/people/?role=auditor"))


def test_a_deputy_is_named_shown_and_ended(world: World) -> None:
    client = signed_in(world, "head")
    day = clock.company_day(clock.now_us() + 3 * 86_400_000_000).isoformat()
    assert client.post("/people/deputies", {"deputy": "archivist", "until": day, "reason": "出差"}).status_code == 302
    assert deputies_of("head", clock.now_us()) == ("archivist",)
    assert "出差" in text_of(client.get("/people/"))
    assert "Head" in text_of(signed_in(world, "archivist").get("/people/"))
    assert client.post("/people/deputies/end", {"deputy": "archivist"}).status_code == 302
    assert deputies_of("head", clock.now_us()) == ()


def test_what_cannot_be_named_is_said_on_the_page(world: World) -> None:
    client = signed_in(world, "head")
    for until in ("", "2020-01-01", "x"):
        answer = client.post("/people/deputies", {"deputy": "archivist", "until": until})
        assert answer.status_code == 422
        assert 'name="until"' in text_of(answer)
    assert deputies_of("head", clock.now_us()) == ()


def test_posts_and_what_is_wanting(company: Callable[..., Company]) -> None:
    firm = company(source())
    lawyer = firm.holder("lawyer")
    page = text_of(signed_in(firm, "system_officer").get("/people/"))
    assert "法务 · 总部综合部" in page
    Appointment.objects.filter(staff__username=lawyer).update(until_us=1)
    page = text_of(signed_in(firm, "system_officer").get("/people/"))
    assert "法务 · 0/1" in page
    assert "法务 · 0/1" not in text_of(signed_in(firm, "entry_clerk").get("/people/"))


def test_a_password_of_two_officers_leads_to_choosing_an_own_one(world: World) -> None:
    give_password(world, "archivist")
    Staff.objects.filter(username="archivist").update(reset_by="sysop secop")
    client = signed_in(world, "archivist")
    answer = client.get("/people/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/")
    assert client.get("/account/password/").status_code == 200
