"""The company of `tests.world`, run on the small regulation of `tests.compliance.pack`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

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


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as statements:` collects the SQL of the block."""
    from django.db import connection  # noqa: PLC0415 - configured only after django.setup()

    @contextmanager
    def collect() -> Iterator[list[str]]:
        told: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            told.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield told

    return collect
