"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"
