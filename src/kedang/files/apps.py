"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
