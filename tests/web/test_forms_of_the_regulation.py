"""What the regulation asks for with a deed is asked for on the deed's own page, and said beforehand."""

from __future__ import annotations

from collections.abc import Callable

from kedang.customers.models import Dossier
from kedang.governance import todo
from kedang.governance.todo import Item
from kedang.packs.forms import Item as Asked
from tests.company import Company
from tests.web.visits import signed_in, text_of

PLAIN_ANSWERS = {"yes_no": "yes", "date": "2026-11-20", "number": "1", "money": "1", "percent": "1"}


def answers(company: Company, form: str) -> dict[str, str]:
    """Something that stands for every item that is asked for always."""
    items = company.pack.forms[form].items.items()
    return {f"i.{name}": _answer(company, item) for name, item in items if item.required and item.type != "file"}


def _answer(company: Company, item: Asked) -> str:
    if item.type == "choice":
        return next(iter(item.options or {}))
    return PLAIN_ANSWERS.get(item.type, company.clerk if item.type == "staff" else "电话联系")


def unsigned(company: Company, who: str) -> list[Item]:
    return [item for item in todo.items_for(company.actor(who)) if item.kind == "undertake"]


def test_a_new_dossier_asks_form_and_sentence_and_keeps_what_was_typed(company: Callable[[str], Company]) -> None:
    here = company("shaanxi-mobile")
    visit = signed_in(here, here.clerk)
    typed = answers(here, here.pack.form_of("customer.open"))
    body = {"name": "西安示例机电有限公司", "kind": "organisation", "region": "西安市", **typed}
    body |= {"source": "客户经理拜访", "learned_on": "2025-01-02"}

    without = visit.post("/customers/new", body)
    assert without.status_code == 422
    assert 'name="confirmed"' in text_of(without)
    assert all(f'name="{name}"' in text_of(without) for name in typed)

    assert visit.post("/customers/new", {**body, "confirmed": "1"}).status_code == 302
    assert Dossier.objects.filter(name="西安示例机电有限公司").exists()


def test_what_has_to_be_signed_first_is_linked_and_stands_on_the_list(company: Callable[[str], Company]) -> None:
    here = company("guarantee")
    visit = signed_in(here, here.clerk)
    link = unsigned(here, here.clerk)[0].link
    assert f'href="{link}"' in text_of(visit.get("/"))
    assert f'href="{link}"' in text_of(visit.get("/customers/new"))

    visit.post(link, {"confirmed": "1"})
    assert not unsigned(here, here.clerk)
    assert f'href="{link}"' not in text_of(visit.get("/customers/new"))


def test_without_undertakings_nothing_stands_on_the_list(company: Callable[[str], Company]) -> None:
    here = company("plain")
    assert not unsigned(here, here.clerk)
