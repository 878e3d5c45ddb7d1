"""How a page says no: the status, the article, and what would mend it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.standards import Finding
from kedang.web.middleware import RefusedToAnswer
from tests.web.visits import text_of
from tests.world import World

pytestmark = pytest.mark.database("sqlite")
STATUS = {
    "denied": 403, "incomplete": 422, "invalid": 422,
    "stale": 409, "claimed": 409, "key_reused": 409, "state": 409,
}  # fmt: skip


def answer(raised: Exception, **headers: str) -> Any:
    request: Any = RequestFactory().get("/customers/", headers=headers)
    request.htmx = HtmxDetails(request)
    request.actor = None
    return RefusedToAnswer(lambda _: None).process_exception(request, raised)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("code", STATUS)
def test_each_refusal_has_its_status(world: World, code: str) -> None:
    assert answer(Refused(code)).status_code == STATUS[code]


def test_a_refusal_names_the_article_and_what_is_missing(world: World) -> None:
    page = text_of(answer(Refused("incomplete", articles=("2.2a",), missing=("reason",))))
    assert "2.2a" in page
    denied = text_of(answer(Refused("denied", articles=("3.1c",))))
    assert "3.1c" in denied


def test_what_is_not_visible_is_not_there_and_not_named(world: World) -> None:
    page = answer(NotVisible("dossier:C00000001X"))
    assert page.status_code == 404
    assert "C00000001X" not in text_of(page)


def test_findings_are_said_with_their_remedy(world: World) -> None:
    finding = Finding("credit_code", "credit_code.check", "error", "9135", {"expected": "X"})
    page = answer(Invalid([finding]))
    assert page.status_code == 422
    assert "k-finding" in text_of(page)


def test_a_part_of_a_page_gets_the_notice_alone_and_puts_it_where_notices_go(world: World) -> None:
    part = answer(Refused("denied", articles=("3.1c",)), **{"HX-Request": "true"})
    assert part.headers["HX-Retarget"] == "#notices"
    assert "<html" not in text_of(part)
    assert "3.1c" in text_of(part)


def test_what_nobody_raised_on_purpose_goes_on(world: World) -> None:
    assert answer(ValueError("a defect")) is None
