"""What every answer says to the browser."""

from __future__ import annotations

import pytest

from kedang.web.environment import static
from kedang.web.middleware import CONTENT_SECURITY_POLICY
from tests.web.visits import signed_in, stranger_at_the_door, text_of
from tests.world import World

pytestmark = pytest.mark.database("sqlite")


def test_no_page_may_run_or_load_anything_but_our_own(world: World) -> None:
    client = signed_in(world, "clerk")
    for path in ("/", "/customers/", "/nothing-here", "/account/login/", "/healthz"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert policy == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


def test_pages_with_customers_are_kept_nowhere(world: World) -> None:
    assert signed_in(world, "clerk").get("/customers/").headers["Cache-Control"] == "no-store"


def test_static_files_are_named_by_their_content_and_kept(world: World) -> None:
    answer = stranger_at_the_door().get(static("kedang.css"))
    assert answer.status_code == 200
    assert "max-age" in answer.headers["Cache-Control"]
    assert "?v=" in static("kedang.css")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_pages_cannot_be_framed_and_tell_no_address_to_others(world: World) -> None:
    headers = stranger_at_the_door().get("/account/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_password_field_is_never_filled_by_the_page(world: World) -> None:
    page = stranger_at_the_door().post("/account/login/", {"login": "clerk", "password": "secret-typed-here"})
    assert "secret-typed-here" not in text_of(page)


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    client = signed_in(world, "clerk")
    client.handler.enforce_csrf_checks = True
    answer = client.post("/customers/new", {"name": "西安示例有限公司"})
    assert answer.status_code == 403
