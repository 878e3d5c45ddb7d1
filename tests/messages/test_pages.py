"""The bell, the list, the confirmation and the preferences, as people use them."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.kernel import clock
from kedang.messages import selectors
from kedang.messages.delivery import deliver
from kedang.messages.models import Address, Notice
from tests.messages.notes import MAIL, Post, tell, texts, wants
from tests.web.visits import signed_in, stranger_at_the_door, text_of
from tests.world import World

PHONE = "13800138000"


def test_the_bell_counts_what_was_not_seen_and_the_list_clears_it(world: World) -> None:
    tell(key="k1")
    tell(key="k2")
    client = signed_in(world, "clerk")
    assert 'class="k-count" aria-hidden="true">2<' in text_of(client.get("/"))
    assert text_of(client.get("/notices/")).count('class="k-new"') == 2
    assert 'aria-hidden="true">2<' not in text_of(client.get("/"))
    assert 'class="k-new"' not in text_of(client.get("/notices/"))


def test_a_notice_is_confirmed_from_the_list(world: World) -> None:
    tell(receipt=True)
    client = signed_in(world, "clerk")
    number = Notice.objects.get().pk
    assert f"/notices/{number}/confirm" in text_of(client.get("/notices/"))
    assert client.post(f"/notices/{number}/confirm").status_code == 302
    assert Notice.objects.get().confirmed_us
    assert f"/notices/{number}/confirm" not in text_of(client.get("/notices/"))


def test_a_notice_of_somebody_else_is_nowhere(world: World) -> None:
    tell("manager", receipt=True, params={"what": "C0-PLANTED"})
    number = Notice.objects.get().pk
    for name in ("clerk", "boss", "auditor", "sysop"):
        client = signed_in(world, name)
        assert client.post(f"/notices/{number}/confirm").status_code == 404
        for path in ("/", "/notices/", "/api/v1/notices", "/api/v1/todo"):
            assert "C0-PLANTED" not in text_of(client.get(path)), (name, path)
    assert not Notice.objects.get().confirmed_us


def test_where_a_link_of_a_notice_leads_needs_sign_in(world: World) -> None:
    code = world.open("西安示例机电有限公司", by="clerk", contact_phones=PHONE)
    tell(link=f"/customers/{code}/")
    for path in (Notice.objects.get().link, "/notices/", "/notices/preferences", "/"):
        answer = stranger_at_the_door().get(path)
        assert answer.headers["Location"].startswith("/account/login/"), path
    assert signed_in(world, "stranger").get(f"/customers/{code}/").status_code == 404


@pytest.mark.usefixtures("mail_on")
def test_nothing_personal_of_a_customer_leaves_by_mail(world: World) -> None:
    wants(world)
    code = world.open("西安示例机电有限公司", by="clerk", contact_phones=PHONE, contact_email="zhang@example.com")
    tell(title="%(what)s: %(why)s", params={"what": code, "why": f"客户来电 {PHONE} zhang@example.com"})
    office = Post()
    deliver(clock.now_us(), senders=office.senders)
    assert code in texts(office.sent)
    for planted in (PHONE, "zhang@example.com", "西安示例"):
        assert planted not in texts(office.sent)


def test_the_preferences_page_keeps_hides_and_forgets_an_address(world: World, mail_on: None) -> None:
    client = signed_in(world, "clerk")
    assert client.post("/notices/preferences", {"channel": "mail", "target": "nonsense", "on": "1"}).status_code == 422
    assert client.post("/notices/preferences", {"channel": "mail", "target": MAIL, "on": "1"}).status_code == 302
    page = text_of(client.get("/notices/preferences"))
    assert MAIL not in page
    assert "c•••@example.cn" in page
    client.post("/notices/preferences", {"channel": "mail", "target": ""})
    assert not Address.objects.get().on
    client.post("/notices/preferences", {"channel": "mail", "forget": "1"})
    assert not Address.objects.exists()


def test_a_channel_this_site_does_not_have_is_not_offered(world: World, mail_off: None) -> None:
    page = text_of(signed_in(world, "clerk").get("/notices/preferences"))
    assert 'id="t-mail"' not in page
    assert 'id="t-apprise"' in page


def test_every_notice_is_met_once_on_the_way_through_the_pages(world: World) -> None:
    for number in range(120):
        tell(key=f"k{number}", params={"what": f"C{number:04}"})
    client, path, met = signed_in(world, "clerk"), "/notices/", ""
    for _ in range(3):
        page = text_of(client.get(path))
        met += page
        path = "/notices/" + page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert path == ""
    assert [met.count(f"C{number:04} ") for number in range(120)] == [1] * 120


def test_notices_over_rest(world: World) -> None:
    for number in range(3):
        tell(key=f"k{number}", receipt=not number)
    client = signed_in(world, "clerk")
    first = client.get("/api/v1/notices", {"limit": 2}).json()
    rest = client.get("/api/v1/notices", {"limit": 2, "cursor": first["cursor"]}).json()
    assert (first["unread"], len(first["items"]), len(rest["items"]), rest["cursor"]) == (3, 2, 1, None)
    assert selectors.unread(world.actor("clerk")) == 3, "a program that reads the list reads for nobody"
    number = rest["items"][0]["id"]
    headers: Any = {"Idempotency-Key": "once"}
    sent = [client.post(f"/api/v1/notices/{number}/confirm", headers=headers) for _ in range(2)]
    assert [answer.json()["state"] for answer in sent] == ["done", "done"]
    assert client.post(f"/api/v1/notices/{number}/confirm").status_code == 409
    assert client.post("/api/v1/notices/999/confirm").status_code == 404
