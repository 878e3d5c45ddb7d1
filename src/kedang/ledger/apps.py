"""The ledger as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Append-only, sealed record of every deed and every look."""

    name = "kedang.ledger"
    label = "ledger"
