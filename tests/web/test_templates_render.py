"""Every page renders with believable contents, and its HTML keeps its promises to browsers and screen readers."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kedang.kernel.actor import Actor
from tests.web.samples import SAMPLES

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "use",
    "path",
}


class Page(HTMLParser):
    """Ids, references to ids, and tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.unnamed: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        for name in ("for", "aria-labelledby", "aria-describedby", "list"):
            self.wanted += (given.get(name) or "").split()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def request_of_a_clerk() -> Any:
    request: Any = RequestFactory().get("/imports/")
    request.actor = Actor("clerk", frozenset({"entry_clerk"}), reads=frozenset({"dossier", "ledger"}), clearance=2)
    request.user = SimpleNamespace(name="赵小敏", unit=SimpleNamespace(name="西安分公司"))
    request.session = {"previous_sign_in": 1_790_000_000_000_000}
    return request


@pytest.fixture(autouse=True)
def counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers beside the places and on the bell, without a database."""
    monkeypatch.setattr("kedang.web.navigation.todo.count_for", lambda by: 120)
    monkeypatch.setattr("kedang.web.navigation.messages.unread", lambda by: 3)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_is_whole(name: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(name, SAMPLES[name], request_of_a_clerk())
    page = Page()
    page.feed(text)
    assert page.wrong == []
    assert page.open == []
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    assert [name for name in page.wanted if name not in page.ids] == []
    assert re.findall(r"<(?:button|a)[^>]*>\s*</(?:button|a)>", text) == []
