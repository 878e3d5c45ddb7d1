"""Nobody stays signed in at an unattended desk, by the clock of the server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from freezegun import freeze_time

from kedang.ledger.models import Entry
from kedang.web.middleware import SEEN
from tests.web.visits import HTMX, signed_in
from tests.world import World

START = "2036-03-03T01:00:00Z"  # the world is founded before


def after(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def test_a_person_who_does_nothing_is_signed_out(world: World) -> None:
    with freeze_time(START) as clock:
        client = signed_in(world, "clerk")
        client.get("/people/")
        clock.tick(after(settings.IDLE_MINUTES + 1))
        assert client.get("/people/").headers["Location"] == "/account/login/?next=/people/"
        assert "_auth_user_id" not in client.session
    assert Entry.objects.latest("id").op == "people.sign_out"


def test_a_person_who_works_stays(world: World) -> None:
    with freeze_time(START) as clock:
        client = signed_in(world, "clerk")
        for _ in range(4):
            assert client.get("/people/").status_code == 200
            clock.tick(after(settings.IDLE_MINUTES * 0.9))


def test_the_sign_of_life_is_written_seldom(world: World) -> None:
    with freeze_time(START) as clock:
        client = signed_in(world, "clerk")
        client.get("/people/")
        first = client.session[SEEN]
        clock.tick(after(settings.IDLE_MINUTES * 0.05))
        client.get("/people/")
        assert client.session[SEEN] == first


@pytest.mark.database("sqlite")
def test_a_part_of_a_page_is_answered_with_a_way_to_the_sign_in_page(world: World) -> None:
    with freeze_time(START) as clock:
        client = signed_in(world, "clerk")
        client.get("/customers/")
        clock.tick(after(settings.IDLE_MINUTES + 1))
        headers = HTMX | {"HX-Current-URL": "http://localhost/customers/?q=x"}
        answer = client.get("/customers/", headers=headers)
        assert answer.headers["HX-Redirect"] == "/account/login/?next=/customers/%3Fq%3Dx"


@pytest.mark.database("sqlite")
def test_a_program_is_told_that_nobody_is_signed_in(world: World) -> None:
    with freeze_time(START) as clock:
        client = signed_in(world, "clerk")
        client.get("/customers/")
        clock.tick(after(settings.IDLE_MINUTES + 1))
        answer = client.get("/api/v1/me")
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
