"""One way to write, one way to show: nothing in the source goes round the corridor."""

from __future__ import annotations

import ast
import re
import time

import pytest

from kedang.governance.registry import OPERATIONS
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Given, decide
from kedang.packs.shipped import load_shipped
from tests.architecture.source import DOORS, lines_with, modules

OPENERS = {
    "open_sealed": {
        "governance/calls.py": "the stored payload of a call, to run it",
        "customers/sealing.py": "defines open_value and open_delta, the next two rows",
        "governance/registers/sealing.py": "opens the lines of a register, for registers/present.py alone",
        "files/sealing.py": "reads a stored file back, frame by frame",
        "files/storage.py": "reads the name a stored file was given",
        "intake/originating.py": "what was said of a whole file about its coming, to judge its rows by it",
        "intake/problems.py": "reads back a row that did not go in, for the one who brought the file",
        "messages/addresses.py": "where a notice is sent; shown to its owner with most of it hidden",
        "ledger/selectors.py": "defines open_value for the values of an entry, the next row",
    },
    "open_value": {
        "customers/chronicle.py": "shows the history",
        "customers/bags.py": "defines opener for what stands in a bag: records, and fields a regulation adds",
        "customers/standing.py": "reads what stands in a field, for present.py to show and drafts.py to compare",
        "customers/digest.py": "hashes all values into the one state digest of doctor; shows none",
        "customers/finding.py": "compares the few candidates of a blind index and returns their ids only",
        "customers/holders.py": "finds who holds an identity number by the whole of it, the same way",
    },
    "open_supplier": {"customers/provenance.py": "shows who supplied a value, masked like the name of a contact"},
    "open_delta": {
        "customers/chronicle.py": "shows the history",
        "customers/past/reading.py": "undoes versions, for past/present.py to show and a restore to put back",
        "customers/drafts.py": "learns which versions touched a field, to tell a stale deed",
        "customers/bulk.py": "puts earlier values back when an import is undone",
    },
}
"""Who may open a ciphertext, and what for. A new line here is a decision, not a formality."""
OPENING = ("customers/sealing.py", "ledger/selectors.py")
DEFINED_IN = {"open_sealed": ("vault/",), "open_value": OPENING, "open_delta": OPENING, "open_supplier": OPENING}


def test_doors_write_nothing() -> None:
    assert lines_with(r"(?<!@router)\.(save|create|update|delete|bulk_create)\(", modules(*DOORS)) == []
    assert lines_with(r"\.(bulk_update|get_or_create|update_or_create|executemany)\(", modules(*DOORS)) == []


def test_doors_ask_selectors_and_not_the_tables() -> None:
    assert lines_with(r"\.objects\b", modules(*DOORS)) == []


def test_doors_speak_no_sql() -> None:
    found = lines_with(r"\.(execute|raw|extra)\(", modules(*DOORS))
    assert [line for line in found if "web/views/health.py" not in line or '"SELECT 1"' not in line] == []


def test_doors_touch_no_ciphertext() -> None:
    assert lines_with(r"_ct\b|\bopen_(sealed|value|delta)\b", modules(*DOORS)) == []


@pytest.mark.parametrize("opener", OPENERS)
def test_only_the_named_modules_open_a_ciphertext(opener: str) -> None:
    using = {name for name, text in modules() if re.search(rf"\b{opener}\b", text)}
    elsewhere = {name for name in using if not name.startswith(DEFINED_IN[opener])}
    assert elsewhere == set(OPENERS[opener])


def test_no_right_comes_from_a_flag() -> None:
    assert lines_with(r"is_superuser|is_staff\b", modules()) == []


def test_rooms_call_each_other_by_name() -> None:
    assert lines_with(r"import receiver|@receiver|\bdispatch import|_save\.connect|_delete\.connect", modules()) == []


def test_an_app_that_starts_registers_checks_and_does_nothing_else() -> None:
    def is_harmless(step: ast.stmt) -> bool:
        if isinstance(step, ast.ImportFrom):
            return True
        call = step.value if isinstance(step, ast.Expr) else None
        return isinstance(call, ast.Constant) or ast.unparse(call or step).startswith("register(check_")

    found = [
        f"{name}: {ast.unparse(step)}"
        for name, text in modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == "ready"
        for step in node.body
        if not is_harmless(step)
    ]
    assert found == []


def test_text_is_searched_by_the_index_alone() -> None:
    outside = ((name, text) for name, text in modules() if not name.startswith("search/"))
    assert (
        lines_with(r"__(i?contains|i?regex|i?endswith|istartswith|iexact|has_key|has_keys|has_any_keys)\b", outside)
        == []
    )


def test_deciding_asks_neither_a_database_nor_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `site` any query fails; here any look at the time does, too. (No import of Django: `make lint`.)"""
    pack = load_shipped("records")
    actor = Actor("clerk", roles=frozenset(pack.roles), units=None, clearance=Level.SECRET)
    monkeypatch.setattr(time, "time_ns", lambda: pytest.fail("decide looked at the clock"))
    monkeypatch.setattr(time, "time", lambda: pytest.fail("decide looked at the clock"))
    for name in pack.operations:
        first, second = (decide(pack, name, actor, Facts(kind="organisation"), Given(reason="why")) for _ in range(2))
        assert first == second


def test_an_operation_is_named_noun_dot_verb() -> None:
    assert OPERATIONS, "the house offers operations"
    for name, operation in OPERATIONS.items():
        assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", name), name
        assert (operation.name, bool(operation.title)) == (name, True)
