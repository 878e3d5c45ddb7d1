"""A file under a regulation that asks where values come from: its own columns, the batch's word, and who agreed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kedang.cli.main import run
from kedang.customers.models import Consent, Dossier, Origin
from kedang.customers.origin_payloads import GiveConsent, OriginIn, VerifyValue, WithdrawConsent
from kedang.intake import originating
from kedang.intake.models import Batch
from kedang.kernel import clock
from kedang.kernel.errors import Invalid
from tests.customers.sourced import sourced_world
from tests.databases import Site
from tests.intake import samples
from tests.intake.importing import counts, errors_file, imported, problems, staged, undone
from tests.web.visits import signed_in, text_of
from tests.world import World

TODAY = clock.company_day(clock.now_us())
YESTERDAY, EARLIER, AHEAD = (TODAY + timedelta(days=days) for days in (-1, -3, 7))
TITLES = ["客户名称", "客户来源", "知悉日期", "联系人", "联系电话"]
ROWS = [
    ["西安甲机电有限公司", "上门拜访", YESTERDAY.isoformat(), "王小明", "13800138000"],
    ["西安乙机电有限公司", "visit", EARLIER.isoformat(), "李小红", "13900139000"],
    ["西安丙机电有限公司", "合作银行", EARLIER.isoformat(), "张小军", "13700137000"],
    ["西安丁机电有限公司", "朋友圈", EARLIER.isoformat(), "赵小兰", "13600136000"],
    ["西安戊机电有限公司", "上门拜访", "", "钱小文", "13500135000"],
    ["西安己机电有限公司", "上门拜访", AHEAD.isoformat(), "孙小武", "13400134000"],
]
BANK = OriginIn(source="bank", supplier="某某银行", evidence="移交清单 2026-3")


@pytest.fixture
def world(site: Site) -> World:
    return sourced_world()


def listed(path: Path, rows: list[list[str]], titles: list[str] = TITLES) -> Path:
    return samples.text_file(path, samples.csv_text([titles, *rows]))


def test_a_row_goes_in_only_with_its_source_and_day(world: World, tmp_path: Path) -> None:
    batch = imported(world, listed(tmp_path / "a.csv", ROWS))
    assert counts(batch) == (6, 2, 0, 4, 0, 0)
    assert problems(world, batch) == [
        (4, "origin.supplier", "origin.partner"),
        (5, "name", "origin.required"),
        (6, "name", "origin.required"),
        (7, "origin.learned_on", "origin.future"),
    ]
    kept = {row.dossier.name: row for row in Origin.objects.select_related("dossier")}
    first = kept["西安甲机电有限公司"]
    assert (first.slot, first.source, first.supplied_by, first.version_no) == ("", "visit", "clerk", 1)
    assert clock.company_day(first.learned_us) == YESTERDAY
    assert errors_file(world, batch, tmp_path / "errors.xlsx").stat().st_size > 0


def test_what_is_said_of_the_whole_file_serves_the_rows_that_say_nothing(world: World, tmp_path: Path) -> None:
    path = listed(tmp_path / "a.csv", ROWS)
    batch = imported(world, path, origin=BANK.model_copy(update={"learned_on": EARLIER.isoformat()}))
    assert counts(batch)[1] == 5, "all but the day that lies ahead"
    by_name = {row.dossier.name: row for row in Origin.objects.select_related("dossier")}
    own, others = by_name["西安乙机电有限公司"], by_name["西安戊机电有限公司"]
    assert (own.source, clock.company_day(own.learned_us)) == ("visit", EARLIER)
    assert by_name["西安丁机电有限公司"].source == "bank"
    assert (others.source, clock.company_day(others.learned_us)) == ("visit", EARLIER)
    assert others.evidence == BANK.evidence
    raw = bytes(Batch.objects.get().origin_ct)
    assert "银行".encode() not in raw and originating.opened(Batch.objects.get()) is not None


def test_a_batch_says_nothing_that_could_not_be_said_of_one(world: World, tmp_path: Path) -> None:
    for wrong in ({"source": "朋友圈"}, {"supplied_by": "nobody"}, {"learned_on": AHEAD.isoformat()}, {"basis": "x"}):
        with pytest.raises(Invalid):
            staged(world, listed(tmp_path / "a.csv", ROWS), origin=OriginIn(**wrong))


def test_a_row_that_changes_a_value_says_where_it_comes_from_too(world: World, tmp_path: Path) -> None:
    imported(world, listed(tmp_path / "a.csv", ROWS[:2]))
    changed = [
        [ROWS[0][0], "", "", "王小明", "13811138111"],
        [ROWS[1][0], "上门拜访", TODAY.isoformat(), "李小红", "13911139111"],
    ]
    batch = imported(world, listed(tmp_path / "b.csv", changed), on_duplicate="update")
    assert counts(batch) == (2, 0, 1, 1, 0, 0)
    assert problems(world, batch) == [(2, "contact.phones", "origin.required")]
    dossier = Dossier.objects.get(name=ROWS[1][0])
    row = Origin.objects.filter(dossier=dossier, slot__endswith=".phones").get()
    assert (row.source, row.version_no, clock.company_day(row.learned_us)) == ("visit", 2, TODAY)
    undone(world, batch)
    row = Origin.objects.filter(dossier=dossier, slot__endswith=".phones").order_by("-pk")[0]
    assert (row.source, row.version_no) == ("", 3), "what stands again is not what the visit told"


def test_no_value_that_needs_consent_comes_in_with_a_file(world: World, tmp_path: Path) -> None:
    titles = [*TITLES, "生日"]
    columns = dict(zip(titles, ["name", "source", "learned_on", "contact.name", "contact.phones", "contact.birthday"],
                       strict=True))  # fmt: skip
    rows = [[*ROWS[0], "1990-05-06"], [*ROWS[1], ""]]
    batch = imported(world, listed(tmp_path / "a.csv", rows, titles), columns=columns, confirm=True)
    assert counts(batch) == (2, 1, 0, 1, 0, 0)
    assert problems(world, batch) == [(2, "contact.birthday", "consent.required")]
    dossier = Dossier.objects.get()
    contact = dossier.contacts.get()
    again = [[ROWS[1][0], *ROWS[1][1:], "1988-01-02"]]
    path = listed(tmp_path / "b.csv", again, titles)
    batch = imported(world, path, columns=columns, confirm=True, on_duplicate="update")
    assert problems(world, batch) == [(2, "contact.birthday", "consent.required")]
    person = f"contact:{dossier.code}/{contact.pk}"
    world.do("consent.give", person, GiveConsent(purpose="greeting", method="当面签字"))
    batch = imported(world, path, columns=columns, confirm=True, on_duplicate="update")
    assert counts(batch) == (1, 0, 1, 0, 0, 0)
    world.do("consent.withdraw", person, WithdrawConsent(purpose="greeting"))
    batch = undone(world, batch)
    assert (batch.reverted, batch.kept) == (1, 0), "emptying needs no consent"


def test_an_import_that_says_nothing_writes_nothing_and_one_somebody_checked_stays(site: Site, tmp_path: Path) -> None:
    world = sourced_world(available=False)
    batch = imported(world, listed(tmp_path / "a.csv", [[row[0], row[4]] for row in ROWS], ["客户名称", "联系电话"]))
    assert counts(batch)[1] == 6 and Origin.objects.count() == 0
    code = Dossier.objects.order_by("pk")[0].code
    world.do("customer.verify", f"dossier:{code}", VerifyValue(fields=("name",), method="核对"))
    batch = undone(world, batch)
    assert (batch.reverted, batch.kept) == (5, 1)
    assert Dossier.objects.get().code == code and not Consent.objects.exists()


def test_the_page_of_a_file_asks_where_its_values_come_from(world: World, tmp_path: Path) -> None:
    path = listed(tmp_path / "a.csv", [[ROWS[0][0], ROWS[0][4]]], ["客户名称", "联系电话"])
    batch, _ = staged(world, path, origin=BANK.model_copy(update={"learned_on": EARLIER.isoformat()}))
    client = signed_in(world, "clerk")
    page = text_of(client.get(f"/imports/{batch.pk}/mapping"))
    assert 'name="origin.source"' in page and "某某银行" in page
    columns = {"column-0": "name", "column-1": "contact.phones"}
    answer = client.post(
        f"/imports/{batch.pk}/mapping", {**columns, "origin.source": "bank", "origin.learned_on": "某天"}
    )
    assert answer.status_code == 422
    said = {"origin.source": "visit", "origin.learned_on": YESTERDAY.isoformat()}
    assert client.post(f"/imports/{batch.pk}/mapping", {**columns, **said}).status_code == 302
    batch.refresh_from_db()
    assert originating.opened(batch) == OriginIn(source="visit", learned_on=YESTERDAY.isoformat())


def test_rest_and_command_say_it_too(world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = listed(tmp_path / "a.csv", [[ROWS[0][0], ROWS[0][4]]], ["客户名称", "联系电话"])
    said = ["--origin", "source=visit", "--origin", f"learned_on={EARLIER.isoformat()}"]
    assert run(["import", str(path), "--as", "clerk", "--yes", "--json", *said]) == 0
    assert Origin.objects.get(slot="").source == "visit"
    client = signed_in(world, "clerk")
    for origin, status in (('{"source": "visit"}', 201), ('{"sauce": "visit"}', 422), ("visit", 422)):
        with path.open("rb") as stream:
            answer = client.post("/api/v1/imports", {"file": stream, "origin": origin})
        assert answer.status_code == status, answer.content
