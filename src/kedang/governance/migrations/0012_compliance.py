from django.db import migrations, models

import kedang.vault.columns


class Migration(migrations.Migration):
    dependencies = [("governance", "0010_registers")]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("control", kedang.vault.columns.Text(max_length=64)),
                ("outcome", kedang.vault.columns.Text(max_length=16)),
                ("at_us", kedang.vault.columns.Micros()),
                ("entry", kedang.vault.columns.Whole()),
                ("op", kedang.vault.columns.Text(max_length=64)),
                ("subject", kedang.vault.columns.Text(max_length=128)),
                ("unit", kedang.vault.columns.Whole(default=0)),
                ("call", kedang.vault.columns.Whole(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["control", "outcome", "at_us", "id"], name="evidence_of_control")],
                "constraints": [models.UniqueConstraint(fields=("entry", "control"), name="evidence_once")],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", kedang.vault.columns.Text(max_length=32, unique=True)),
                ("period", kedang.vault.columns.Text(max_length=16)),
                ("at_us", kedang.vault.columns.Micros()),
                ("by", kedang.vault.columns.Text(max_length=64)),
                ("digest", kedang.vault.columns.Text(max_length=64)),
                ("content", kedang.vault.columns.Sealed()),
            ],
        ),
    ]
