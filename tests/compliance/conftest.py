"""The company of `tests.world`, run on the small regulation of `tests.compliance.pack`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.compliance.pack import Change, nothing, source

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def kept(site: databases.Site) -> Callable[..., World]:
    """Give the maker of a company on the small regulation, changed by the test."""
    from tests.world import make_world  # noqa: PLC0415 - models exist only after django.setup()

    def make(change: Change = nothing) -> World:
        return make_world(source(change))

    return make
