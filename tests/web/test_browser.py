"""The pages in a real browser: nothing from elsewhere, nothing the policy stops, keys, and what axe finds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kedang.customers.records.payloads import AddRecord
from kedang.governance import jobs
from tests.web.visits import PARTNERS, PASSWORD, give_password
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAME = "西安示例机电有限公司"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


class Server(ThreadingMixIn, WSGIServer):
    """One thread for each request, as in production."""

    daemon_threads = True


class Silent(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Drop the line."""


@pytest.fixture
def address(world: World) -> Iterator[str]:
    give_password(world, "clerk")
    give_password(world, "auditor")
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    # Playwright's loop runs in this thread, and Django would take every query of a test for a blocking one.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


class Visit:
    """A person at a screen; collects what the browser complains about and which hosts were asked."""

    def __init__(self, browser: Browser, address: str, size: str = "desk") -> None:
        width, height = SIZES[size]
        self.page: Page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
        self.address = address
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", lambda asked: self._ask(asked.url))

    def _ask(self, url: str) -> None:
        if not url.startswith(self.address):
            self.elsewhere.append(url)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def sign_in(self, name: str) -> None:
        """Through the sign-in page."""
        self.page.goto(self.address)
        self.page.fill("#id_login", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector("#main")

    def open(self, path: str) -> None:
        """Go there and wait until it is quiet."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")

    def serious(self) -> list[str]:
        """What axe calls serious or worse."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{self.page.url} {each['id']}: {node['html'][:120]}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_sound(world: World, browser: Browser, address: str, size: str) -> None:
    code = world.open(NAME, by="clerk", contact_phones="13800138000", credit_code="")
    world.amend(code, by="clerk", name="西安示例股份有限公司", reason="公司改制更名")
    contract = {"contract.title": "配电柜供货", "contract.amount": "12000", "contract.content": "甲方采购。" * 20}
    world.do("record.add", f"dossier:{code}", AddRecord(module="contract", values=contract))
    pages = {
        "clerk": ["/", "/customers/", "/customers/?q=没有这样的客户", f"/customers/{code}/", f"/customers/{code}/edit",
                  f"/customers/{code}/history", f"/customers/{code}/reveal?field=contact.phones", "/customers/new",
                  f"/customers/{code}/contacts", f"/customers/{code}/business", f"/customers/{code}/interactions",
                  f"/customers/{code}/records/contract/new", f"/customers/{code}/records/contract/1/",
                  "/people/", "/account/password/", "/account/logout/"],
        "auditor": ["/", "/ledger/", "/people/", "/regulation/", "/regulation/compliance/",
                    "/regulation/measures/", "/regulation/dictionary/?show=all"],
    }  # fmt: skip
    serious: list[str] = []
    for name, paths in pages.items():
        visit = Visit(browser, address, size)
        visit.page.goto(address)
        serious += visit.serious()
        visit.sign_in(name)
        for path in paths:
            visit.open(path)
            serious += visit.serious()
            wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is wider than the screen by {wide}"
        assert visit.elsewhere == []
        assert visit.complaints == []
    assert serious == []


def test_keys_find_and_open_a_customer(world: World, browser: Browser, address: str) -> None:
    code = world.open(NAME, by="clerk")
    visit = Visit(browser, address)
    visit.sign_in("clerk")
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type("示例机电")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("a.k-row")
    visit.page.locator("h1").click()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**/customers/{code}/")
    visit.page.keyboard.press("/")
    assert visit.page.evaluate("document.activeElement.id") == "find"


def test_filters_narrow_without_loading_the_page_anew(world: World, browser: Browser, address: str) -> None:
    world.open(NAME, by="clerk", region="西安市")
    world.open("杭州远大食品有限公司", by="clerk", region="杭州市")
    visit = Visit(browser, address)
    visit.sign_in("clerk")
    visit.open("/customers/")
    visit.page.select_option("select[name=region]", "330000")
    expect(visit.page.locator("a.k-row")).to_have_count(1)
    visit.page.wait_for_url("**region=330000**")
    visit.page.fill("#text", "远大")
    visit.page.wait_for_url("**q=%E8%BF%9C%E5%A4%A7**")
    assert visit.complaints == []


def test_a_masked_number_is_shown_in_place_after_a_reason(world: World, browser: Browser, address: str) -> None:
    code = world.open(NAME, by="clerk", contact_phones="13800138000")
    visit = Visit(browser, address)
    visit.sign_in("clerk")
    visit.open(f"/customers/{code}/")
    visit.page.click("#v-contact-phones .k-reveal")
    visit.page.fill("#v-contact-phones input[name=reason]", "客户要求回电")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#v-contact-phones .k-shown")
    assert "13800138000" in visit.page.inner_text("#v-contact-phones")
    assert visit.complaints == []


def test_a_customer_already_here_is_named_while_typing(world: World, browser: Browser, address: str) -> None:
    code = world.open(NAME, by="clerk")
    visit = Visit(browser, address)
    visit.sign_in("clerk")
    visit.open("/customers/new")
    visit.page.fill("#f-name", NAME)
    visit.page.keyboard.press("Tab")
    visit.page.wait_for_selector("#twins a")
    assert code in visit.page.inner_text("#twins")


def test_the_ledger_is_verified_on_the_page(world: World, browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.sign_in("auditor")
    visit.open("/ledger/")
    visit.page.locator("#main form[hx-post] button").click()
    visit.page.wait_for_selector(".k-verdict")
    assert visit.page.locator(".k-verdict.k-bad").count() == 0
    assert visit.complaints == []


def test_pages_work_without_scripts(world: World, browser: Browser, address: str) -> None:
    code = world.open(NAME, by="clerk", contact_phones="13800138000")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.fill("#id_login", "clerk")
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.goto(f"{address}/customers/")
    page.fill("#text", "示例")
    page.keyboard.press("Enter")
    page.click("a.k-row")
    page.click("#v-contact-phones .k-reveal")
    page.fill("input[name=reason]", "客户要求回电")
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-shown")
    assert "13800138000" in page.inner_text("#main")
    assert code in page.inner_text("#main")


@pytest.mark.parametrize("size", SIZES)
def test_a_file_goes_all_the_way_in(world: World, browser: Browser, address: str, size: str, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_bytes(PARTNERS.encode("gb18030"))
    visit, serious = Visit(browser, address, size), []
    visit.sign_in("clerk")
    visit.open("/imports/new")
    serious += visit.serious()
    visit.page.set_input_files("#file", str(file))
    visit.page.click(".k-bar .btn-primary")
    visit.page.wait_for_selector("#columns")
    serious += visit.serious()
    visit.page.click(".k-bar .btn-primary")
    visit.page.wait_for_selector("progress")
    serious += visit.serious()
    jobs.recover()
    visit.page.wait_for_selector("form[action$='/commit']")
    serious += visit.serious()
    visit.page.click(".k-bar .btn-primary")
    visit.page.wait_for_selector("progress")
    jobs.recover()
    visit.page.wait_for_selector("a[href$='/errors']")
    serious += visit.serious()
    visit.open("/imports/")
    serious += visit.serious()
    assert serious == []
    assert visit.elsewhere == []
    assert visit.complaints == []
    visit.open("/customers/?q=华信机电")
    assert visit.page.locator("a.k-row").count() == 1
