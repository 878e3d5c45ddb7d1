"""What the tests of files share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.attachments.folder import Folder
    from tests.world import World


@pytest.fixture
def folder(world: World) -> Folder:
    from tests.attachments.folder import Folder  # noqa: PLC0415 - rooms can be imported only after django.setup()

    return Folder(world, world.open("西安示例机电有限公司"))


@pytest.fixture
def scanner(settings_of: Callable[..., None]) -> Callable[[str], None]:
    """Set the virus scanner of the house for this test."""
    return lambda place: settings_of(SCAN=place, SCAN_SECONDS=5)


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Other settings for this test."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup()

    def change(**named: Any) -> None:
        for name, value in named.items():
            monkeypatch.setattr(settings, name, value)

    return change
