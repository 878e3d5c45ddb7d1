"""What tables and scores of a pack give for known inputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.packs.conditions import answers
from kedang.packs.schema import Pack


def table_value(pack: Pack, name: str, inputs: Mapping[str, Any]) -> str | int | None:
    """What a decision table says: the first line that fits decides; None where none does and nothing is said otherwise.

    `inputs` are words, whole numbers or sets of words by name; a line that asks for one that is missing does not fit.
    """
    table = pack.tables[name]
    return next((row.then for row in table.rows if answers(row.when, inputs)), table.otherwise)
