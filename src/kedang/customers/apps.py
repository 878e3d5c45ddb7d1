"""Django's view of the room."""

from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """See the package docstring."""

    name = "kedang.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
