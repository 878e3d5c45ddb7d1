"""The ledger page: read, verified, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kedang import ledger
from kedang.web.views import ledger as page_of_ledger
from tests.web.visits import HTMX, signed_in, text_of
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安示例机电有限公司", by="clerk")


def test_entries_are_listed_and_narrowed_without_names_of_customers(world: World, code: str) -> None:
    client = signed_in(world, "auditor")
    page = text_of(client.get("/ledger/"))
    assert f"dossier:{code}" in page
    assert "西安示例机电" not in page
    assert f"dossier:{code}" not in text_of(client.get("/ledger/?op=people.sign_in", headers=HTMX))
    assert f"dossier:{code}" in text_of(client.get(f"/ledger/?subject=dossier:{code}&outcome=done", headers=HTMX))


def test_pages_of_entries_hold_each_entry_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [world.open(f"西安第{n}示例有限公司", by="clerk") for n in range(5)]
    monkeypatch.setattr(page_of_ledger, "PAGE", 2)
    client, path, seen = signed_in(world, "auditor"), "/ledger/?op=customer.open", []
    while path:
        page = text_of(client.get(path))
        seen += [code for code in codes if code in page]
        path = (
            "/ledger/" + page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in page
            else ""
        )
    assert sorted(seen) == sorted(codes)


def test_verification_says_that_the_ledger_is_whole(world: World, code: str) -> None:
    answer = signed_in(world, "auditor").post("/ledger/verify", headers=HTMX)
    assert answer.status_code == 200
    assert "k-verdict" in text_of(answer)
    assert "k-verdict k-bad" not in text_of(answer)


def test_the_proof_file_verifies_without_the_database(world: World, code: str, tmp_path: Path) -> None:
    answer: Any = signed_in(world, "auditor").post("/ledger/export")
    proof = tmp_path / "proof.kdproof"
    proof.write_bytes(b"".join(answer.streaming_content))
    assert ledger.check(proof).ok
    assert "attachment" in answer.headers["Content-Disposition"]
