"""Rows that need a person: kept sealed with what was found, and opened again for the one who brought the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext

from kedang.intake.models import Batch, BatchRow
from kedang.intake.planning import Problem
from kedang.kernel.sql import write_rows
from kedang.standards import Finding
from kedang.vault import cipher, keyring

PURPOSE = "intake"
_COLUMNS = ("batch_id", "run", "row_no", "kind", "field", "rule", "sealed")
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored problem: row number, kind, the original cells, and the findings with their words."""

    row: int
    kind: str
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


def rows_of(batch: Batch, run: int, problems: Sequence[Problem], cells: Mapping[int, Sequence[str]]) -> list[Any]:
    """Problems as table rows, sealed; done before the transaction that writes them."""
    key_id, key = keyring.data_key(PURPOSE)
    plains = [_plain(problem, cells.get(problem.row, ())) for problem in problems]
    places = [_place(batch.pk, run, problem.row, problem.kind) for problem in problems]
    sealed = cipher.seal_many([key] * len(plains), plains, places, key_id)
    return [
        (batch.pk, run, problem.row, problem.kind, problem.findings[0].field, problem.findings[0].rule, ciphertext)
        for problem, ciphertext in zip(problems, sealed, strict=True)
    ]


def write(rows: Sequence[Any]) -> None:
    """Insert table rows in the caller's transaction."""
    if rows:
        with connection.cursor() as cursor:
            write_rows(cursor, connection.vendor, BatchRow._meta.db_table, _COLUMNS, rows)


def opened(batch: Batch, run: int, kinds: Sequence[str], *, after: int = 0, limit: int = 0) -> Iterator[Opened]:
    """Stored problems in the order of the file, from the row after `after`; `limit` 0 is all of them."""
    rows = BatchRow.objects.filter(batch=batch, run=run, kind__in=list(kinds)).order_by("row_no")
    left = limit or None
    while left is None or left > 0:
        page = list(rows.filter(row_no__gt=after)[: min(_AT_ONCE, left or _AT_ONCE)])
        yield from (open_row(row) for row in page)
        if len(page) < _AT_ONCE:
            return
        after, left = page[-1].row_no, None if left is None else left - len(page)


def open_row(row: BatchRow) -> Opened:
    """One stored problem in the clear."""
    sealed = bytes(row.sealed)
    key = keyring.data_key(PURPOSE, cipher.key_id_of(sealed))[1]
    kept = orjson.loads(cipher.open_sealed(key, sealed, _place(row.batch_id, row.run, row.row_no, row.kind)))
    findings = tuple(Finding(*entry) for entry in kept["findings"])
    return Opened(row.row_no, row.kind, tuple(kept["cells"]), tuple(_in_words(f) for f in findings))


def _in_words(finding: Finding) -> Finding:
    """A refusal of the gate with its sentence in the person's language."""
    if finding.rule != "gate.denied":
        return finding
    params = {**finding.params, "detail": gettext(str(finding.params["detail"]))}
    return Finding(finding.field, finding.rule, finding.severity, finding.found, params)


def _plain(problem: Problem, cells: Sequence[str]) -> bytes:
    findings = [[f.field, f.rule, f.severity, f.found, dict(f.params)] for f in problem.findings]
    return orjson.dumps({"cells": list(cells), "findings": findings}, default=str)


def _place(batch: int, run: int, row: int, kind: str) -> bytes:
    return cipher.aad("intake_batchrow", f"{batch}:{run}:{row}:{kind}", "sealed")
