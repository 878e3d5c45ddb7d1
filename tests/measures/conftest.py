"""The doors, for tests of figures."""

from __future__ import annotations

from tests.api.conftest import ask as ask
from tests.cli.conftest import kedang as kedang
