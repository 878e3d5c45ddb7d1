"""A browser without a screen, signed in as one of the people of the world."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.company import Company
from tests.world import World

HTMX = {"HX-Request": "true"}
PASSWORD = "correct horse battery"  # noqa: S105 - of the people of the tests


def stranger_at_the_door() -> Client:
    """Nobody is signed in."""
    return Client(SERVER_NAME="localhost")


def signed_in(world: World | Company, name: str) -> Client:
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


PARTNERS = """合作伙伴名单,,,
客户名称,统一社会信用代码,联系电话,所在地区
西安华信机电有限公司,91350100M000100Y43,13800138000,西安市
杭州远大食品有限公司,,0571-87061501,杭州市
,,13900139000,北京市
西安华信机电有限公司,91350100M000100Y43,13800138000,西安市
"""
"""Two customers, a row without a name, and a repetition of the first."""


def bring(client: Client, text: str = PARTNERS, name: str = "partners.csv") -> Any:
    """Upload a file."""
    return client.post("/imports/new", {"file": SimpleUploadedFile(name, text.encode("gb18030"))})
