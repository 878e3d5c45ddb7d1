"""Page, API and command say the same; who may not know gets nothing; the report is numbered and on record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from kedang.governance.compliance.models import Inspection
from kedang.governance.registers.matters import Matter
from kedang.kernel import clock
from kedang.ledger.models import Entry, Look
from tests.cli.conftest import kedang  # noqa: F401 - the fixture
from tests.compliance.pack import ARTICLES
from tests.web.visits import signed_in, text_of
from tests.world import World

Kept = Callable[..., World]
PHONE, PERSON, NAME = "13800138000", "欧阳示例", "西安示例机电有限公司"
PAGE, ROWS, REPORT = "/regulation/compliance/", "/regulation/compliance/rows/T-08/", "/regulation/compliance/report"


@pytest.fixture
def lived(kept: Kept) -> World:
    """A company that did something."""
    world = kept()
    code = world.open(NAME, contact_phones=PHONE, contact_name=PERSON, region="西安市")
    world.amend(code, short_name="示例")
    from kedang.governance.gate import perform  # noqa: PLC0415 - models exist only after django.setup()

    perform("visit.note", by=world.actor("clerk"), subject="-", payload=Matter(), form={"note": "送样品"})
    return world


def controls(content: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for article in content["articles"] for each in article["controls"]}


def test_page_api_and_command_say_the_same(lived: World, kedang: Any) -> None:  # noqa: F811
    auditor = signed_in(lived, "auditor")
    api = auditor.get("/api/v1/compliance").json()
    command = kedang("compliance", "--as", "auditor", "--json")
    assert command.code == 0
    assert command.json["pack"] == api["pack"] == "kept/A"
    assert controls(command.json) == controls(api)
    assert [article["id"] for article in api["articles"]] == list(ARTICLES)
    assert set(api["articles"][0]) >= {"id", "title", "status", "controls"}
    assert set(api["articles"][0]["controls"][0]) >= {"id", "kind", "status", "evidence"}
    page = text_of(auditor.get(PAGE))
    for control, status in controls(api).items():
        line = re.search(rf'<td data-label="[^"]*"><span class="k-nowrap">{control}</span>', page)
        assert line is not None, control
        assert status in {
            "enforced",
            "monitored",
            "attested",
            "observed",
            "no_evidence",
            "not_yet_available",
            "breached",
        }
    counts = {status: list(controls(api).values()).count(status) for status in controls(api).values()}
    for status, number in counts.items():
        assert f"status={status}" in page and f" {number}" in page


def test_reading_the_page_is_a_look_and_the_command_is_a_deed(lived: World, kedang: Any) -> None:  # noqa: F811
    looks, deeds = Look.objects.count(), Entry.objects.filter(op="compliance.read").count()
    signed_in(lived, "auditor").get(PAGE + "?period=2026Q4")
    seen = Look.objects.latest("id")
    assert (Look.objects.count(), seen.actor_id, seen.purpose) == (looks + 1, "auditor", "compliance 2026Q4")
    assert Entry.objects.filter(op="compliance.read").count() == deeds
    kedang("compliance", "--as", "auditor", "--json")
    assert Entry.objects.filter(op="compliance.read", outcome="done").count() == deeds + 1


@pytest.mark.parametrize("name", ["clerk", "query", "sysop", "secop", "manager"])
def test_who_does_not_read_compliance_gets_nothing(lived: World, name: str, kedang: Any) -> None:  # noqa: F811
    client = signed_in(lived, name)
    for answer in (
        client.get(PAGE), client.get(ROWS + "?rows=evidence:done"), client.post(REPORT, {"period": ""}),
        client.get("/regulation/compliance/reports/JC-2026-0001.pdf"),
        client.get("/api/v1/compliance/reports/JC-2026-0001.pdf"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert client.get("/api/v1/compliance").status_code == 403
    assert kedang("compliance", "--as", name, "--json").code == 1
    assert not Inspection.objects.exists()
    assert client.get("/regulation/").status_code == 200, "the regulation itself is everybody's"


def test_nobody_gets_no_page(lived: World) -> None:
    for path in ("/regulation/", PAGE, ROWS):
        assert Client(SERVER_NAME="localhost").get(path).status_code == 302


def test_reports_are_numbered_without_a_gap_and_kept_as_they_were(lived: World) -> None:
    client, year = signed_in(lived, "auditor"), clock.company_day(clock.now_us()).year
    for _ in range(2):
        assert client.post(REPORT, {"period": f"{year}"}).status_code == 302
    assert client.post(REPORT, {"period": "someday"}).status_code == 422
    assert client.post(REPORT, {"period": f"{year}H1"}).status_code == 302
    rows = list(Inspection.objects.order_by("id"))
    assert [row.number for row in rows] == [f"JC-{year}-000{no}" for no in (1, 2, 3)]
    for row in rows:
        assert hashlib.sha256(bytes(row.content)).hexdigest() == row.digest
        assert row.digest.encode() in bytes(Entry.objects.get(op="compliance.read", at_us=row.at_us).body)
    assert rows[0].number in text_of(client.get(PAGE))


def test_the_paper_opens_and_holds_no_customer(lived: World) -> None:
    client = signed_in(lived, "auditor")
    client.post(REPORT, {"period": ""})
    row = Inspection.objects.get()
    pdf = client.get(f"/regulation/compliance/reports/{row.number}.pdf")
    pages = PdfReader(BytesIO(pdf.content)).pages
    told = "\n".join(page.extract_text() for page in pages)
    word = Document(BytesIO(client.get(f"/regulation/compliance/reports/{row.number}.docx").content))
    written = "\n".join([*(line.text for line in word.paragraphs), *_cells(word)])
    for text in (_close(told), _close(written)):
        for part in (
            row.number,
            "KD-T-01",
            row.period,
            *(f"{number} {title}" for number, (title, _) in ARTICLES.items()),
        ):
            assert _close(part) in text, part
        for secret in (PHONE, PERSON, NAME, "送样品"):
            assert secret not in text
    assert _close(_digest()) in _close(told)
    assert (pdf["Content-Type"], client.get(f"{PAGE}reports/{row.number}.exe").status_code) == ("application/pdf", 404)


def _cells(word: Any) -> list[str]:
    return [cell.text for table in word.tables for row in table.rows for cell in row.cells]


def _close(text: str) -> str:
    return re.sub(r"\s", "", text)


def _digest() -> str:
    from kedang.packs.models import PackVersion  # noqa: PLC0415 - models exist only after django.setup()

    return PackVersion.objects.get().digest


def test_the_pages_show_no_customer(lived: World) -> None:
    client = signed_in(lived, "auditor")
    paths = [PAGE, "/regulation/"]
    paths += re.findall(r'href="(/regulation/compliance/rows/[^"]+)"', text_of(client.get(PAGE)))
    assert len(paths) > 4
    for path in paths:
        answer = client.get(path.replace("&amp;", "&"))
        assert answer.status_code == 200
        for secret in (PHONE, PERSON, NAME, "送样品"):
            assert secret not in text_of(answer), path


def test_a_status_narrows_the_page(lived: World) -> None:
    client = signed_in(lived, "auditor")
    later = text_of(client.get(PAGE + "?status=not_yet_available"))
    assert '<span class="k-nowrap">T-07</span>' in later
    assert '<span class="k-nowrap">T-01</span>' not in later
    assert client.get(PAGE + "?status=nonsense&period=nonsense").status_code == 422


def test_the_regulation_shows_what_the_law_replaced(lived: World) -> None:
    page = text_of(signed_in(lived, "clerk").get("/regulation/"))
    for _, (title, _) in ARTICLES.items():
        assert title in page
    assert "KD-T-01" in page and "kept/A" in page and _digest() in page
    assert "operations" in page, "overrides name the key"


def test_the_command_writes_the_paper(lived: World, tmp_path: Path, kedang: Any) -> None:  # noqa: F811
    out = tmp_path / "report.pdf"
    ran = kedang("compliance", "--period", "2026", "--out", out, "--as", "auditor", "--json")
    assert (ran.code, ran.json["period"]) == (0, "2026")
    assert out.read_bytes().startswith(b"%PDF")
    assert kedang("compliance", "--out", tmp_path / "report.txt", "--as", "auditor").code == 2
    assert kedang("compliance", "--period", "soon", "--as", "auditor").code == 1
