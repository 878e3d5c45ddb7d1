"""Whoever changes, deletes or inserts a row with the database's own shell is found out, and where."""

import re

import pytest

from kedang import ledger
from tests.ledger.scenes import small_ledger
from tests.ledger.shell import KEYS, Shell, other

WHERE = {
    "ledger_entry": "ledger_entry",
    "ledger_value": "ledger_value|ledger_entry",
    "ledger_version": "ledger_version|ledger_entry",
    "ledger_block": "ledger_block",
    "ledger_sealed": "ledger_sealed|ledger_entry|ledger_block",
    "ledger_anchor": "ledger_anchor|ledger_block",
    "ledger_look": "ledger_look ",
    "ledger_lookblock": "ledger_lookblock",
    "ledger_looksealed": "ledger_looksealed|ledger_look |ledger_lookblock",
    "ledger_lookanchor": "ledger_lookanchor|ledger_lookblock",
}
tables = pytest.mark.parametrize("table", sorted(KEYS))


def test_every_ledger_table_is_here():
    assert set(WHERE) == set(KEYS)


def found_at(table):
    """Whether verification fails and names a row of this table, or of the one that vouches for it."""
    verdict = ledger.verify()
    assert not verdict.ok or not verdict.problems
    return any(re.match(WHERE[table], problem) for problem in verdict.problems)


@tables
def test_a_changed_column_is_found(site, table):
    small_ledger()
    assert ledger.verify().ok
    shell, missed = Shell(site, table), []
    rows = shell.rows()
    for row in {str(row): row for row in (rows[0], rows[-1])}.values():
        for name, value in row.items():
            changed = row | {name: other(name, value)}
            shell.update(row, {name: changed[name]})
            if not found_at(table):
                missed.append((name, ledger.verify().problems))
            shell.update(changed, {name: value})
    assert missed == []
    assert ledger.verify().ok, "put back as it was, all is well again"


@tables
def test_a_deleted_row_is_found(site, table):
    small_ledger()
    shell, missed = Shell(site, table), []
    for row in shell.rows():
        if site.vendor == "postgresql" and table in ("ledger_entry", "ledger_look") and row == shell.rows()[-1]:
            continue  # the newest record of PostgreSQL, not sealed yet: see the test below
        shell.delete(row)
        if not found_at(table):
            missed.append(row)
        shell.insert(row)
    assert missed == []
    assert ledger.verify().ok


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_look"])
def test_a_deleted_newest_record_is_found_once_it_was_sealed(site, table):
    small_ledger()
    ledger.seal()
    shell = Shell(site, table)
    shell.delete(shell.rows()[-1])
    assert found_at(table)


@tables
def test_an_inserted_row_is_found(site, table):
    """A copy of a genuine row under another key: a forger who knows the tables but not the key."""
    small_ledger()
    shell, missed = Shell(site, table), []
    for row in shell.rows():
        fresh = {name: other(name, row[name]) for name in (KEYS[table][-1], "pos") if name in row}
        forged = row | fresh
        shell.insert(forged)
        if not found_at(table):
            missed.append(row)
        shell.delete(forged)
    assert missed == []


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_look"])
def test_a_forged_record_is_never_sealed(site, table):
    small_ledger()
    ledger.seal()
    shell = Shell(site, table)
    genuine = shell.rows()[-1]
    for changes in ({"id": genuine["id"] + 1}, {"id": genuine["id"] + 2, "actor_id": "carl"}):
        shell.insert(genuine | changes)
        assert ledger.seal() == 0
    verdict = ledger.verify()
    assert not verdict.ok
    assert verdict.unsealed == 2


def test_a_record_changed_before_sealing_is_never_sealed(site):
    small_ledger()
    shell = Shell(site, "ledger_entry")
    newest = shell.rows()[-1]
    shell.update(newest, {"actor_id": "carl"})
    ledger.seal()
    verdict = ledger.verify()
    assert verdict.first_bad is not None
    assert verdict.first_bad.startswith(f"ledger_entry {newest['id']}: changed")
    assert newest["id"] not in {row["entry_id"] for row in Shell(site, "ledger_sealed").rows()}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("broken", ["CAST(x'ff' AS TEXT)", "12.5", "NULL", "x'00'"])
def test_a_value_of_a_type_never_written_is_reported_not_raised(site, broken):
    small_ledger()
    shell = Shell(site, "ledger_entry")
    with shell.connection() as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'ledger_entry'")
    shell.run(f"UPDATE ledger_entry SET op = {broken} WHERE id = 2")  # noqa: S608
    verdict = ledger.verify()
    assert verdict.first_bad is not None and verdict.first_bad.startswith("ledger_entry 2: ")


def test_rows_moved_between_entries_are_found(site):
    small_ledger()
    shell = Shell(site, "ledger_version")
    first, *_, last = shell.rows()
    shell.update(first, {"entry_id": last["entry_id"]})
    assert found_at("ledger_version")


def test_an_emptied_ledger_is_found(site):
    small_ledger()
    for table in KEYS:
        if not table.startswith("ledger_look"):
            Shell(site, table).run(f"DELETE FROM {table}")  # noqa: S608
    verdict = ledger.verify()
    assert not verdict.ok
    assert any("ledger_block 1: missing: its head was written down" in problem for problem in verdict.problems)


def test_problems_are_capped_but_counted(site):
    small_ledger()
    Shell(site, "ledger_version").run("UPDATE ledger_version SET batch = batch + 1")
    for _ in range(3):
        small = ledger.verify()
    assert small.n_problems == len(Shell(site, "ledger_version").rows()) + 4
    assert len(small.problems) <= 20
