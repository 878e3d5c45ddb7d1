"""The values branches set for themselves."""

from __future__ import annotations

from django.db import migrations, models

import kedang.vault.columns


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="BranchOverlay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", kedang.vault.columns.Whole()),
                ("code", kedang.vault.columns.Text(max_length=32)),
                ("no", models.PositiveIntegerField()),
                ("digest", kedang.vault.columns.Text(max_length=64)),
                ("source", kedang.vault.columns.Sealed()),
                ("base", kedang.vault.columns.Text(max_length=64)),
                ("set_us", kedang.vault.columns.Micros()),
                ("effective_us", kedang.vault.columns.Micros()),
                ("set_by", kedang.vault.columns.Text(max_length=64)),
                ("approved_by", kedang.vault.columns.Text(default="", max_length=500)),
                ("reason", kedang.vault.columns.Text(default="", max_length=2000)),
            ],
            options={
                "ordering": ("code", "no"),
                "indexes": [models.Index(fields=["effective_us"], name="overlay_effective")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effective_us__gte", models.F("set_us"))), name="overlay_not_retroactive"
                    ),
                    models.UniqueConstraint(fields=("unit", "no"), name="overlay_numbered"),
                ],
            },
        ),
    ]
