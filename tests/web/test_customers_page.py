"""The list of customers: found by text and filters, page by page, each look on record."""

from __future__ import annotations

import pytest

from kedang.ledger.models import Look
from kedang.web.views import customers
from tests.web.visits import HTMX, signed_in, text_of
from tests.world import World


@pytest.fixture
def names(world: World) -> list[str]:
    names = ["西安华信机电有限公司", "杭州远大食品有限公司", "深圳金泰软件有限公司"]
    for name, place in zip(names, ("西安市", "杭州市", "深圳市"), strict=True):
        world.open(name, by="clerk", region=place)
    world.open("外单位的客户有限公司", by="stranger", region="北京市")
    return names


def test_one_sees_the_customers_of_ones_scope_and_the_look_is_recorded(world: World, names: list[str]) -> None:
    page = text_of(signed_in(world, "clerk").get("/customers/"))
    assert all(name in page for name in names)
    assert "外单位的客户" not in page
    look = Look.objects.latest("id")
    assert (look.actor_id, look.kind, look.n_ids) == ("clerk", "list", 3)


def test_two_characters_pinyin_initials_and_filters_narrow_it(world: World, names: list[str]) -> None:
    client = signed_in(world, "clerk")
    for asked in ("q=远大", "q=hzyd", "region=330000", "q=食品&kind=organisation&state=prospect&unit=XA&owner=clerk"):
        page = text_of(client.get(f"/customers/?{asked}"))
        assert names[1] in page, asked
        assert names[0] not in page, asked
    assert Look.objects.latest("id").kind == "search"


def test_htmx_gets_the_rows_alone(world: World, names: list[str]) -> None:
    part = text_of(signed_in(world, "clerk").get("/customers/?q=远大", headers=HTMX))
    assert names[1] in part
    assert "<html" not in part


def test_paging_shows_each_customer_once(world: World, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "PAGE", 1)
    client, path, seen = signed_in(world, "clerk"), "/customers/", []
    for _ in range(5):
        page = text_of(client.get(path))
        seen += [name for name in names if name in page]
        if 'rel="next"' not in page:
            break
        path = "/customers/" + page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert sorted(seen) == sorted(names)


def test_a_filter_that_means_nothing_is_said_and_not_ignored(world: World, names: list[str]) -> None:
    assert signed_in(world, "clerk").get("/customers/?state=nonsense").status_code == 422


def test_what_was_typed_is_text_and_never_markup(world: World, names: list[str]) -> None:
    page = text_of(signed_in(world, "clerk").get("/customers/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"))
    assert "<script>alert" not in page
