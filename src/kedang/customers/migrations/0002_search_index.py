"""The token index over dossiers: a FTS5 table on SQLite, an array column with GIN on PostgreSQL."""

from django.db import migrations

from kedang.search.schema import operations
from kedang.search.target import Target

TARGET = Target(table="customers_dossier", fts="customers_dossier_fts", text_column="search_text")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = operations(TARGET, "dossier")
