"""The ledger as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class LedgerConfig(AppConfig):
    """Append-only, sealed record of every deed and every look."""

    name = "kedang.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register the check that the append-only triggers are in place."""
        from kedang.ledger.triggers import check_triggers  # noqa: PLC0415 - needs the models to be loaded

        register(check_triggers, Tags.database)
