"""The list of what waits, notices and signing in one go, in a real browser: on a desk, in one hand, without scripts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser

from kedang.governance.models import Call
from tests.databases import Site
from tests.flows.signed import company
from tests.messages.notes import tell, wants
from tests.web.test_browser import SIZES, Server, Silent, Visit
from tests.web.test_browser import browser as browser  # a fixture
from tests.web.visits import PASSWORD, give_password
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]
HEAD = {"of": {"head_of": "applicant_unit"}, "title": "部门负责人审核"}
NAMES = ("西安示例机电设备安装工程有限责任公司", "宝鸡石油钢管有限公司", "咸阳纺织有限公司")


@pytest.fixture
def asked(site: Site) -> World:
    """Three requests wait for the head, and a notice to confirm."""
    world = company([HEAD])
    for name in NAMES:
        world.amend(world.open(name), short_name=name[:2])
    tell("head", receipt=True)
    wants(world, "head", target="head@example.cn")
    give_password(world, "head")
    return world


@pytest.fixture
def address(asked: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_sound(browser: Browser, address: str, size: str, mail_on: Any) -> None:
    visit = Visit(browser, address, size)
    visit.sign_in("head")
    serious: list[str] = []
    for path in ("/", "/?kind=sign", "/todo/together?op=customer.amend", "/notices/", "/notices/preferences"):
        visit.open(path)
        serious += visit.serious()
        wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is wider than the screen by {wide}"
    assert (serious, visit.elsewhere, visit.complaints) == ([], [], [])


@pytest.fixture
def mail_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.MAIL", "smtp")


def test_keys_walk_through_the_list_and_open(browser: Browser, address: str) -> None:
    first = Call.objects.filter(state="waiting").order_by("pk")[0]
    visit = Visit(browser, address)
    visit.sign_in("head")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("k")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**/requests/{first.pk}/")


def test_signing_in_one_go_and_confirming_need_no_script(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(address)
    page.fill("#id_login", "head")
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.click(".k-together")
    for box in page.query_selector_all("input[name=call]")[:2]:
        box.check()
    page.click("form .k-bar button[type=submit]")
    page.wait_for_selector(".k-badge-good")
    assert sorted(Call.objects.filter(op="customer.amend").values_list("state", flat=True)) == [
        "done", "done", "waiting",
    ]  # fmt: skip
    page.goto(f"{address}/notices/")
    page.click(".k-notes button")
    page.wait_for_selector(".k-notice-good")
    assert page.query_selector(".k-notes button") is None
