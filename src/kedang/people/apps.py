"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Units, staff, roles."""

    name = "kedang.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
