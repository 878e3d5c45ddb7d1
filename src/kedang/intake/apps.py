"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
