"""Tables of the ledger: entries with their values and versions, looks, and a chain of blocks over each."""

from django.db import migrations, models

from kedang.vault import columns


class Migration(migrations.Migration):
    initial = True

    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "block", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("block", columns.Whole()),
                ("place", columns.Text(max_length=80)),
                ("at_us", columns.Micros()),
                ("key_id", columns.Whole()),
                ("receipt", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_anchor",
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("no", columns.Whole(primary_key=True, serialize=False)),
                ("first", columns.Whole()),
                ("count", columns.Whole()),
                ("horizon", columns.Whole()),
                ("root32", columns.Sealed()),
                ("prev32", columns.Sealed()),
                ("peaks", columns.Sealed()),
                ("sealed_at_us", columns.Micros()),
                ("alg", columns.Text(max_length=8)),
                ("key_id", columns.Whole()),
                ("signature", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_block",
            },
        ),
        migrations.CreateModel(
            name="LookAnchor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "block", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("block", columns.Whole()),
                ("place", columns.Text(max_length=80)),
                ("at_us", columns.Micros()),
                ("key_id", columns.Whole()),
                ("receipt", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_lookanchor",
            },
        ),
        migrations.CreateModel(
            name="LookBlock",
            fields=[
                ("no", columns.Whole(primary_key=True, serialize=False)),
                ("first", columns.Whole()),
                ("count", columns.Whole()),
                ("horizon", columns.Whole()),
                ("root32", columns.Sealed()),
                ("prev32", columns.Sealed()),
                ("peaks", columns.Sealed()),
                ("sealed_at_us", columns.Micros()),
                ("alg", columns.Text(max_length=8)),
                ("key_id", columns.Whole()),
                ("signature", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_lookblock",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("xid", columns.Whole(db_default=0)),
                ("at_us", columns.Micros()),
                ("actor_id", columns.Text(max_length=80)),
                ("actor_kind", columns.Text(max_length=16)),
                ("credential", columns.Text(max_length=160)),
                ("on_behalf", columns.Text(blank=True, max_length=80)),
                ("unit", columns.Whole()),
                ("call_id", columns.Whole()),
                ("alg", columns.Text(max_length=8)),
                ("leaf32", columns.Sealed()),
                ("mac", columns.Sealed()),
                ("op", columns.Text(max_length=64)),
                ("outcome", columns.Text(max_length=16)),
                ("subject_ref", columns.Text(max_length=80)),
                ("cause", columns.Text(blank=True, max_length=160)),
                ("pack_version", columns.Text(blank=True, max_length=120)),
                ("n_rows", columns.Whole()),
                ("body", columns.Sealed()),
                ("commit32", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_entry",
                "indexes": [
                    models.Index(fields=["subject_ref", "id"], name="ledger_entry_subject"),
                    models.Index(fields=["actor_id", "id"], name="ledger_entry_actor"),
                    models.Index(fields=["op", "at_us"], name="ledger_entry_op"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "pos", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", columns.Whole()),
                ("pos", columns.Whole()),
                ("subject_ref", columns.Text(max_length=80)),
                ("field", columns.Text(max_length=64)),
                ("key_id", columns.Whole()),
                ("ct", columns.Sealed()),
                ("leaf32", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_value",
                "indexes": [models.Index(fields=["subject_ref"], name="ledger_value_subject")],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("xid", columns.Whole(db_default=0)),
                ("at_us", columns.Micros()),
                ("actor_id", columns.Text(max_length=80)),
                ("actor_kind", columns.Text(max_length=16)),
                ("credential", columns.Text(max_length=160)),
                ("on_behalf", columns.Text(blank=True, max_length=80)),
                ("unit", columns.Whole()),
                ("call_id", columns.Whole()),
                ("alg", columns.Text(max_length=8)),
                ("leaf32", columns.Sealed()),
                ("mac", columns.Sealed()),
                ("kind", columns.Text(max_length=16)),
                ("purpose", columns.Text(blank=True, max_length=200)),
                ("fields", columns.Text(blank=True, max_length=2000)),
                ("n_ids", columns.Whole()),
                ("first_id", columns.Whole()),
                ("last_id", columns.Whole()),
                ("ids", columns.Sealed()),
                ("query_digest", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_look",
                "indexes": [
                    models.Index(fields=["actor_id", "id"], name="ledger_look_actor"),
                    models.Index(fields=["at_us"], name="ledger_look_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookSealed",
            fields=[
                ("entry_id", columns.Whole(primary_key=True, serialize=False)),
                ("block", columns.Whole()),
                ("pos", columns.Whole()),
            ],
            options={
                "db_table": "ledger_looksealed",
                "constraints": [models.UniqueConstraint(fields=("block", "pos"), name="ledger_looksealed_place")],
            },
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("entry_id", columns.Whole(primary_key=True, serialize=False)),
                ("block", columns.Whole()),
                ("pos", columns.Whole()),
            ],
            options={
                "db_table": "ledger_sealed",
                "constraints": [models.UniqueConstraint(fields=("block", "pos"), name="ledger_sealed_place")],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "dossier", "no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", columns.Whole()),
                ("dossier", columns.Whole()),
                ("no", columns.Whole()),
                ("batch", columns.Whole()),
                ("delta_ct", columns.Sealed()),
                ("leaf32", columns.Sealed()),
            ],
            options={
                "db_table": "ledger_version",
                "indexes": [models.Index(fields=["entry_id", "dossier", "no"], name="ledger_version_entry")],
            },
        ),
    ]
