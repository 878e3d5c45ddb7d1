"""A browser without a screen, signed in as one of the people of the world."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.world import World

HTMX = {"HX-Request": "true"}
PASSWORD = "correct horse battery"  # noqa: S105 - of the people of the tests


def stranger_at_the_door() -> Client:
    """Nobody is signed in."""
    return Client(SERVER_NAME="localhost")


def signed_in(world: World, name: str) -> Client:
    """A session of this person, without going through the sign-in page."""
    client = stranger_at_the_door()
    client.force_login(world.staff[name])
    return client


def give_password(world: World, name: str, password: str = PASSWORD) -> None:
    """Let this person sign in by password."""
    staff = world.staff[name]
    staff.set_password(password)
    staff.save(update_fields=["password"])


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return client.post("/account/login/", {"login": name, "password": password})


def text_of(response: Any) -> str:
    """The page as text."""
    text: str = response.content.decode()
    return text
