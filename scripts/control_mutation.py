"""Take every available control away in turn, and demand that its named test fails.

`make control-mutation` reads docs/controls.csv. An enforced, monitored or attested control is removed from its pack; an
observed one is broken in the product by the name in the column `patch` (`tests/control_breaks.py`). First every named
test is run with nothing taken away. One process collects once and forks for each control that stands in a pack; a
product broken in code gets a process of its own, because what the parent started, as the threads of a library, does
not come along into a fork.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "controls.csv"
NOTICED, UNNOTICED, UNSOUND = 0, 1, 2
WORDS = {NOTICED: "noticed", UNNOTICED: "NOT NOTICED", UNSOUND: "NO PACK WITHOUT IT"}
SECONDS = 180


@dataclass(frozen=True, slots=True)
class Row:
    """A control that is said to be available, and the tests that would notice its absence."""

    control: str
    pack: str
    tests: tuple[str, ...]
    broken: str = ""

    @property
    def name(self) -> str:
        """The control, and how it is taken away."""
        return f"{self.pack}:{self.control}" + (f":{self.broken}" if self.broken else "")


def read(table: Path, only: Iterable[str] = ()) -> list[Row]:
    """The available controls of the table, or those of them that are named (a control or a pack)."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [
            Row(line["id"], line["pack"], tuple(line["test"].split()), line.get("patch", "").strip())
            for line in csv.DictReader(lines)
            if line["available"].strip().lower() in ("true", "yes", "1")
        ]
    wanted = set(only)
    return [row for row in rows if not wanted or {row.control, row.pack} & wanted]


class Mutation:
    """The plugin: instead of running the tests once, it runs them against each row."""

    def __init__(self, rows: Sequence[Row], jobs: int = 1) -> None:
        self.rows, self.jobs = rows, jobs
        self.verdicts: dict[str, int] = {}
        self.red: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Everything as it is first, then every control in turn."""
        from tests import databases  # noqa: PLC0415 - after pytest set Django up

        made: list[databases.SqliteTemplate] = []
        template = databases.SqliteTemplate

        def once(home: Path) -> databases.SqliteTemplate:
            made.extend([template(home)] if not made else [])
            return made[0]

        databases.SqliteTemplate = once  # type: ignore[assignment, misc]
        self.red = [item.nodeid for item in session.items if _fails(item)]
        running: dict[int, Row] = {}
        for row in [row for row in self.rows if not row.broken]:
            running[self._fork(session, row)] = row
            while len(running) >= self.jobs:
                self._reap(running)
        while running:
            self._reap(running)
        for row in [row for row in self.rows if row.broken]:
            self._tell(row, _judge_broken(row))
        return True

    def _fork(self, session: pytest.Session, row: Row) -> int:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            os._exit(_judge(session, row))
        return child

    def _reap(self, running: dict[int, Row]) -> None:
        child, status = os.wait()
        self._tell(running.pop(child), os.waitstatus_to_exitcode(status))

    def _tell(self, row: Row, verdict: int) -> None:
        self.verdicts[row.name] = verdict
        print(f"{row.name:32} {WORDS.get(verdict, f'ended with {verdict}')}", flush=True)


def _judge(session: pytest.Session, row: Row) -> int:
    from kedang.packs.shipped import load_shipped  # noqa: PLC0415 - after pytest set Django up
    from tests.mutation import mutate  # noqa: PLC0415

    try:
        mutate(row.pack, row.control)
        load_shipped(row.pack)
    except Exception as wrong:
        print(f"{row.name}: {wrong}", flush=True)
        return UNSOUND
    found = [item for item in session.items if any(_is(item, test) for test in row.tests)]
    return NOTICED if found and any(_fails(item) for item in found) else UNNOTICED


def _judge_broken(row: Row) -> int:
    command = [sys.executable, "-m", "pytest", *row.tests, "-q", "--no-header", "-p", "no:cacheprovider"]
    environ = os.environ | {"KEDANG_WITHOUT_CONTROL": row.name}
    try:
        code = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return -signal.SIGALRM
    known = {int(pytest.ExitCode.TESTS_FAILED): NOTICED, int(pytest.ExitCode.OK): UNNOTICED}
    return known.get(code.returncode, UNSOUND)


def _is(item: pytest.Item, test: str) -> bool:
    return item.nodeid == test or item.nodeid.startswith(f"{test}[")


def _fails(item: pytest.Item) -> bool:
    """Run one test, its fixtures made anew."""
    reports = runtestprotocol(item, log=False, nextitem=None)
    return any(report.failed for report in reports)


def run(rows: Sequence[Row], jobs: int = 1) -> tuple[list[str], list[str]]:
    """Judge the rows; returns what went unnoticed and which tests fail already."""
    os.environ["KEDANG_TEST_DATABASES"] = "sqlite"
    plugin = Mutation(rows, jobs)
    tests = sorted({test for row in rows for test in row.tests})
    unnamed = [row.name for row in rows if not row.tests]
    if tests:
        code = pytest.main([*tests, "-q", "--no-header", "-p", "no:cacheprovider"], plugins=[plugin])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return [*unnamed, f"pytest ended with {code!r}"], plugin.red
    return [*unnamed, *(name for name, verdict in plugin.verdicts.items() if verdict != NOTICED)], plugin.red


def main() -> int:
    """Print what went unnoticed; exit code 1 when anything did."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("only", nargs="*", help="controls or packs; all without")
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--table", type=Path, default=TABLE)
    said = asked.parse_args()
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    rows = read(said.table, said.only)
    unnoticed, red = run(rows, said.jobs)
    for name in red:
        print(f"fails with nothing taken away: {name}")
    for name in unnoticed:
        print(f"went unnoticed: {name}")
    print(f"{len(rows)} controls, {len(unnoticed)} unnoticed, {len(red)} tests that fail already")
    return 1 if unnoticed or red or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
