import django.db.models.deletion
from django.db import migrations, models

import kedang.vault.columns


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0013_flows"),
    ]

    operations = [
        migrations.CreateModel(
            name="Started",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", kedang.vault.columns.Text(max_length=64, unique=True)),
                ("count", kedang.vault.columns.Whole(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", kedang.vault.columns.Text(max_length=64, unique=True)),
                ("until_us", kedang.vault.columns.Micros(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", kedang.vault.columns.Text(max_length=255, unique=True)),
                ("source", kedang.vault.columns.Text(max_length=8)),
                ("name", kedang.vault.columns.Text(max_length=64)),
                ("subject", kedang.vault.columns.Text(default="-", max_length=128)),
                ("about", kedang.vault.columns.Text(default="-", max_length=128)),
                ("seat", kedang.vault.columns.Text(default="", max_length=80)),
                ("period", kedang.vault.columns.Text(default="", max_length=40)),
                ("unit", kedang.vault.columns.Whole(default=0)),
                ("holder", kedang.vault.columns.Text(default="", max_length=64)),
                ("party", kedang.vault.columns.Text(default="{}", max_length=500)),
                ("applicant", kedang.vault.columns.Text(default="", max_length=64)),
                ("owner", kedang.vault.columns.Text(default="", max_length=64)),
                ("thing_holder", kedang.vault.columns.Text(default="", max_length=64)),
                ("day_only", models.BooleanField(default=False)),
                ("started_us", kedang.vault.columns.Micros()),
                ("ends_us", kedang.vault.columns.Micros(default=0)),
                ("due_us", kedang.vault.columns.Micros(default=0)),
                ("stopped_us", kedang.vault.columns.Micros(default=0)),
                ("closed_us", kedang.vault.columns.Micros(default=0)),
                ("next_us", kedang.vault.columns.Micros(default=0)),
                ("started_call", kedang.vault.columns.Whole(default=0)),
                ("stopped_call", kedang.vault.columns.Whole(default=0)),
                ("pack_version", kedang.vault.columns.Text(max_length=80)),
                ("n", kedang.vault.columns.Whole(default=0)),
                ("needed", kedang.vault.columns.Whole(default=1)),
                ("done", kedang.vault.columns.Whole(default=0)),
                ("problem", kedang.vault.columns.Text(default="", max_length=40)),
                ("created_us", kedang.vault.columns.Micros()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("closed_us", 0)), fields=["holder", "due_us"], name="duty_late"),
                    models.Index(condition=models.Q(("closed_us", 0)), fields=["subject"], name="duty_subject"),
                    models.Index(condition=models.Q(("closed_us", 0)), fields=["about"], name="duty_about"),
                    models.Index(
                        condition=models.Q(("closed_us", 0), ("next_us__gt", 0)), fields=["next_us"], name="duty_next"
                    ),
                    models.Index(
                        condition=models.Q(("problem", ""), _negated=True), fields=["problem"], name="duty_problem"
                    ),
                    models.Index(fields=["closed_us", "due_us", "id"], name="duty_list"),
                    models.Index(fields=["source", "name", "due_us"], name="duty_name"),
                    models.Index(fields=["source", "name", "seat", "due_us"], name="duty_seat"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("source__in", ("clock", "round"))), name="duty_source")
                ],
            },
        ),
        migrations.CreateModel(
            name="Drawn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", kedang.vault.columns.Text(max_length=128)),
                ("done_us", kedang.vault.columns.Micros(default=0)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawn", to="governance.duty"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("done_us", 0)), fields=["subject"], name="drawn_subject")],
                "constraints": [models.UniqueConstraint(fields=("duty", "subject"), name="drawn_once")],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", kedang.vault.columns.Text(max_length=8)),
                ("no", kedang.vault.columns.Whole()),
                ("at_us", kedang.vault.columns.Micros()),
                ("sent_us", kedang.vault.columns.Micros()),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alarms", to="governance.duty"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "kind", "no"), name="alarm_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("remind", "overdue", "repeat", "escalate"))), name="alarm_kind"
                    ),
                ],
            },
        ),
    ]
