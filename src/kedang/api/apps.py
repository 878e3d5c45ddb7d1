"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.api"
    label = "api"
