"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class CliConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.cli"
    label = "cli"
