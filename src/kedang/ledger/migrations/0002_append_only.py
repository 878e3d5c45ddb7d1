"""Refuse every change of a ledger row inside the database itself, and note the writing transaction on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEYS = {
    "entry": ["id"],
    "value": ["entry_id", "pos"],
    "version": ["dossier", "no"],
    "block": ["no"],
    "sealed": ["entry_id"],
    "anchor": ["block", "place"],
    "look": ["id"],
    "lookblock": ["no"],
    "looksealed": ["entry_id"],
    "lookanchor": ["block", "place"],
}
MODELS = {"value": "ledgervalue"}

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

POSTGRESQL = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""

TRANSACTION = """
ALTER TABLE {table} ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX {table}_xid ON {table} (xid, id);
"""


def guard(name: str) -> migrations.RunPython:
    """A step that guards one table, in whichever database it lives."""
    table = f"ledger_{name}"

    def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            same = " AND ".join(f"{column} = NEW.{column}" for column in KEYS[name])
            exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names are ours
            for verb, event, when in (
                ("update", "UPDATE", ""),
                ("delete", "DELETE", ""),
                ("replace", "INSERT", exists),
            ):
                schema_editor.execute(SQLITE.format(table=table, verb=verb, event=event, when=when))
            return
        if name in ("entry", "look"):
            schema_editor.execute(REFUSE)
            schema_editor.execute(TRANSACTION.format(table=table))
        schema_editor.execute(POSTGRESQL.format(table=table))

    return migrations.RunPython(forward, elidable=False, hints={"model_name": MODELS.get(name, name)})


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [guard(name) for name in ("entry", "look", *(name for name in KEYS if name not in ("entry", "look")))]
