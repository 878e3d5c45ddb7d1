"""Wrapped subject keys and counters."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from kedang.vault.columns import Sealed, Text, Whole


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                ("subject_ref", Text(max_length=80, primary_key=True, serialize=False)),
                ("wrapped_key", Sealed()),
                ("key_id", Whole()),
            ],
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                ("name", Text(max_length=40, primary_key=True, serialize=False)),
                ("next", Whole()),
            ],
        ),
    ]
