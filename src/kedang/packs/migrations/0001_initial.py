"""The adopted packs."""

from __future__ import annotations

from django.db import migrations, models

import kedang.vault.columns


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PackVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", kedang.vault.columns.Text(max_length=64)),
                ("version", kedang.vault.columns.Text(max_length=200, unique=True)),
                ("digest", kedang.vault.columns.Text(max_length=64)),
                ("source", kedang.vault.columns.Sealed()),
                ("adopted_us", kedang.vault.columns.Micros()),
                ("effective_us", kedang.vault.columns.Micros(db_index=True)),
                ("adopted_by", kedang.vault.columns.Text(max_length=64)),
                ("founding", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("effective_us", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effective_us__gte", models.F("adopted_us"))), name="pack_not_retroactive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("founding", True)), fields=("founding",), name="pack_founded_once"
                    ),
                ],
            },
        ),
    ]
