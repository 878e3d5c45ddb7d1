"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kedang.web"
    label = "web"
