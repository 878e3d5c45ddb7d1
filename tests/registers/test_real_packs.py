"""The shipped regulations: every book opens and prints, every matter that is open to somebody has its form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kedang.governance.registers import offers, selectors
from kedang.packs.shipped import list_shipped
from tests.company import make_company
from tests.databases import Site

SITE = "site"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("pack", list_shipped())
def test_every_book_and_every_form_of_a_regulation_stands(site: Site, pack: str) -> None:
    company = make_company(pack)
    books, forms = set[str](), set[str]()
    for username, staff in company.staff.items():
        by = company.actor(username)
        new_books = set(selectors.registers_for(company.pack, by)) - books
        new_forms = {each.name for each in offers.offered(company.pack, by) if each.about == SITE} - forms
        if not new_books | new_forms:
            continue
        client = Client(SERVER_NAME="localhost")
        client.force_login(staff)
        _stand(client, [f"/registers/{name}/{page}" for name in new_books for page in ("", "print")])
        _stand(client, ["/registers/", "/matters/", *(f"/matters/{name}/" for name in new_forms)], {403})
        books, forms = books | new_books, forms | new_forms
    assert books == set(company.pack.registers)
    assert forms == {name for name in company.pack.matters() if company.pack.operations[name].about == SITE}


def _stand(client: Client, paths: list[str], besides: set[int] | None = None) -> None:
    for path in paths:
        answer: Any = client.get(path)
        assert answer.status_code in {200, *(besides or ())}, (path, answer.status_code)
