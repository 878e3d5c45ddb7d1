"""Tables of the vault: wrapped subject keys and the counters that ids come from."""

from __future__ import annotations

from django.db import models

from kedang.vault.columns import Sealed, Text, Whole


class SubjectKey(models.Model):
    """The random key of one data subject, wrapped by the ring `subjects`; destroying the row is erasure."""

    subject_ref = Text(max_length=80, primary_key=True)
    wrapped_key = Sealed()
    key_id = Whole()

    def __str__(self) -> str:
        return self.subject_ref


class Sequence(models.Model):
    """A counter by name. It lives with the keys: a number, like a key, is given out before the row that uses it."""

    name = Text(max_length=40, primary_key=True)
    next = Whole()

    def __str__(self) -> str:
        return f"{self.name}: {self.next}"
