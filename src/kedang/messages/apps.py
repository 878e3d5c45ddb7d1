"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Notices and their delivery."""

    name = "kedang.messages"
    label = "notices"  # Django's own `messages` has the name of the room
    default_auto_field = "django.db.models.BigAutoField"
