"""docs/controls.csv: every control of the five regulations, as its pack has it, with a test that exists."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from kedang.governance.compliance.invariants import INVARIANTS
from kedang.packs.schema import Control, Pack
from kedang.packs.shipped import list_shipped, load_shipped
from tests.control_breaks import BREAKS
from tests.mutation import found

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"R0": 27, "R1": 45, "R2": 32, "R3": 27, "R4": 25}
IDS = [f"{seed}-{number:02}" for seed, count in COUNTS.items() for number in range(1, count + 1)]
COLUMNS = ["id", "pack", "article", "kind", "available", "operation_or_clock", "evidence", "test", "patch"]
SLICE = (
    "R0-04", "R0-20", "R1-24", "R1-30", "R1-44", "R2-17", "R2-20", "R2-23", "R3-15", "R3-24", "R4-10", "R4-17",
)  # fmt: skip
"""Every pack; enforced, monitored and attested ones. The observed ones take a site each: `make control-mutation`."""


@cache
def table() -> dict[str, dict[str, str]]:
    with (ROOT / "docs" / "controls.csv").open(encoding="utf-8", newline="") as lines:
        read = csv.DictReader(lines)
        assert read.fieldnames == COLUMNS
        rows = list(read)
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: row for row in rows}


@cache
def controls() -> dict[str, tuple[Pack, Control]]:
    packs = [load_shipped(name) for name in list_shipped()]
    return {name: (pack, said) for pack in packs for name, said in pack.controls.items()}


def is_available(row: dict[str, str]) -> bool:
    return {"true": True, "false": False}[row["available"]]


def test_the_table_has_the_156_controls_and_no_other() -> None:
    assert (len(IDS), list(table())) == (156, IDS)
    assert set(controls()) == set(IDS)


@pytest.mark.parametrize("control", IDS)
def test_a_row_says_what_its_pack_says(control: str) -> None:
    row, (pack, said) = table()[control], controls()[control]
    assert row["pack"] == pack.meta.name
    assert (row["kind"], is_available(row)) == (said.kind, said.available)
    assert row["article"] in pack.articles
    assert control in pack.articles[row["article"]].controls
    assert not said.available or row["evidence"]


@pytest.mark.parametrize("control", IDS)
def test_an_observed_control_is_looked_at_and_can_be_broken(control: str) -> None:
    row, said = table()[control], controls()[control][1]
    observed = said.kind == "observed" and said.available
    assert bool(row["patch"]) == observed
    if observed:
        assert row["patch"] == said.invariant
        assert row["test"] == f"tests/controls/test_observed.py::test_{said.invariant}"


def test_breaks_are_of_code_that_exists() -> None:
    assert set(BREAKS) >= set(INVARIANTS)
    assert [name for name, (owner, attribute, _) in BREAKS.items() if not hasattr(found(owner), attribute)] == []


@pytest.mark.parametrize("control", IDS)
def test_the_named_test_exists(control: str) -> None:
    for test in table()[control]["test"].split():
        file, _, name = test.partition("::")
        function, _, case = name.partition("[")
        assert function in _functions(file)
        assert case in ("", f"{control}]")


@cache
def _functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}


def test_twelve_controls_taken_away_are_noticed(tmp_path: Path) -> None:
    command = [sys.executable, "scripts/control_mutation.py", *SLICE]
    environ = os.environ | {"PYTEST_DEBUG_TEMPROOT": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "12 controls, 0 unnoticed, 0 tests that fail already", done.stdout


@pytest.mark.soak
def test_every_available_control_taken_away_is_noticed() -> None:
    command = [sys.executable, "scripts/control_mutation.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout
