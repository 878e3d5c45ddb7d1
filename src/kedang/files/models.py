"""What is known of a stored file."""

from __future__ import annotations

from django.db import models

from kedang.vault.columns import Micros, Sealed, Text


class Blob(models.Model):
    """A file in the sealed store. Its name is sealed too: people name files after customers.

    `token` is where it lies and what its bytes are bound to; `sha256` and `size` are of the plain bytes.
    """

    token = Text(max_length=32, unique=True)
    sha256 = Text(max_length=64)
    size = models.BigIntegerField()
    kind = Text(max_length=16)
    name_ct = Sealed()
    by_ref = Text(max_length=64)
    purpose = Text(max_length=16, default="")
    """What it was brought for, where that decides who clears it away (`attachment`); empty: whoever names it."""
    created_us = Micros()

    class Meta:
        indexes = (
            models.Index(fields=("sha256",), name="blob_sha256"),
            models.Index(fields=("purpose", "created_us"), name="blob_purpose"),
        )

    def __str__(self) -> str:
        return f"blob:{self.pk}"
