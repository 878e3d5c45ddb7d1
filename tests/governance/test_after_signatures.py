"""A deed that waited for its signatures has the same consequences as one done at once."""

from __future__ import annotations

import pytest

from kedang.governance import clocks
from kedang.governance.clocks.models import Duty
from kedang.governance.compliance.models import Evidence
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.people.payloads import GrantRole
from tests.conftest import Clock
from tests.databases import Site
from tests.flows.signed import agree, company
from tests.intake.importing import ran

REPORT = {
    "title": "每季上报", "every": {"months": 3}, "by": {"role": "archivist"}, "done_by": ["customer.file"],
}  # fmt: skip


def test_a_role_given_after_signatures_hands_open_duties_on_at_once(frozen_clock: Clock, site: Site) -> None:
    world = company([{"of": {"post": "director"}}], op="people.grant", rounds={"quarterly": REPORT})
    clocks.tick(clock.now_us())
    assert Duty.objects.get(name="quarterly").holder == "archivist"
    call = world.do("people.grant", "staff:boss", GrantRole(role="archivist"), by="secop", reason="接手归档")
    agree(world, call, "archivist")
    assert ran(Call.objects.get(pk=call.pk)).state == "done"
    assert Duty.objects.get(name="quarterly").holder == "", "any of the two may do it now"


def test_a_refusal_and_what_it_proves_are_written_together_or_not_at_all(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.world import make_world  # noqa: PLC0415 - models exist only after django.setup()

    world = make_world()
    code = world.open("西安示例机电有限公司")

    def broken(*given: object, **named: object) -> None:
        raise OSError("power failed")

    before = Entry.objects.count()
    with monkeypatch.context() as patched, pytest.raises(OSError, match="power failed"):
        patched.setattr("kedang.governance.compliance.evidence.record", broken)
        world.amend(code, by="query", short_name="示例")
    assert Entry.objects.count() == before
    with pytest.raises(Refused):
        world.amend(code, by="query", short_name="示例")
    entry = Entry.objects.order_by("-id").first()
    assert entry is not None
    assert entry.outcome == "refused"
    assert Evidence.objects.filter(entry=entry.pk, outcome="refused").exists()
