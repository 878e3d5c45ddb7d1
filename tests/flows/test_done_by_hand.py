"""What somebody has to do with their own hands is done by nobody in their place."""

from __future__ import annotations

import pytest

from kedang.governance.flows import limits
from kedang.kernel import clock
from kedang.messages.models import Notice
from kedang.people.models import Staff
from tests.databases import Site
from tests.flows.signed import agree, company, seen
from tests.flows.test_signing import opened, refusal


@pytest.mark.parametrize("kind", ["carry_out", "witness"])
def test_an_empty_seat_stays_empty_and_the_applicant_is_told(site: Site, kind: str) -> None:
    world = company([{"of": {"post": "director"}, "kind": kind}])
    call = world.amend(opened(world), short_name="示例")
    Staff.objects.filter(username="archivist").update(is_active=False)
    limits.tick(clock.now_us())
    page = seen(world, call, "clerk")
    assert (page.state, page.steps[0].stuck) == ("waiting", True)
    assert refusal(world, call, "boss") in ("denied", "not_found")
    assert Notice.objects.filter(to="clerk", key__startswith="stuck:").count() == 1
    Staff.objects.filter(username="archivist").update(is_active=True)
    assert agree(world, call, "archivist").state == "done"
