"""Whatever is sent, both databases store the same or refuse the same, and the form knew it before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kedang.customers import present, selectors, values
from kedang.customers.digest import state_digest
from kedang.customers.payloads import OpenDossier
from kedang.governance.gate import perform
from kedang.kernel.errors import Invalid, NotVisible, Refused
from tests.databases import Template
from tests.parity.both import on_both
from tests.parity.hostile import rows
from tests.world import World, make_world


def test_two_hundred_hostile_rows_end_alike(template_of: Callable[[str], Template], tmp_path: Path) -> None:
    sqlite, postgresql = on_both(template_of, tmp_path, _play)
    assert sqlite == postgresql
    endings = [ending for ending, _ in sqlite["rows"]]
    assert {"opened", "invalid"} <= set(endings), "the rows try both ways"
    assert endings.count("opened") > 30


def _play() -> dict[str, Any]:
    world = make_world()
    return {"rows": [_ending(world, row) for row in rows()], "digest": state_digest()}


def _ending(world: World, row: dict[str, str]) -> tuple[str, Any]:
    by = world.actor("archivist")
    payload = OpenDossier(values=row, confirm=True)
    form = values.read(payload.values)
    try:
        call = perform("customer.open", by=by, subject="-", payload=payload, reason="按原件录入")
    except Invalid as no:
        found = no.findings
        assert all(error in found for error in form.errors), "what the form calls an error, the gate does"
        assert all(finding.what() and finding.remedy() for finding in found)
        return "invalid", [(finding.field, finding.rule) for finding in found]
    except (Refused, NotVisible) as no:
        return no.code, str(no)
    assert not form.errors
    shown = present.opened(by, selectors.dossier_by_code(by, call.outcome["code"]))
    return "opened", {key: value.text for key, value in shown.by_key.items()}
