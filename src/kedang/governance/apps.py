"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"
