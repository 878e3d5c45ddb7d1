"""The vault as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys, ciphers, blind indexes, column types and counters."""

    name = "kedang.vault"
    label = "vault"
