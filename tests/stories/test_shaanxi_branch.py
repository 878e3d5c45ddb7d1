"""陕西移动: a branch asks for a stricter limit; its head and the department in charge sign; others stay as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.governance.overlays import SetOverlay, in_force_now
from kedang.kernel.errors import Refused
from kedang.people.units import pack_for
from tests.company import Company
from tests.conftest import Clock

ENTRY = "clocks.entry.within.days"


@pytest.mark.usefixtures("frozen_clock")
def test_a_branch_is_stricter_with_the_signatures_the_regulation_wants(
    company: Callable[..., Company], frozen_clock: Clock
) -> None:
    made = company("shaanxi-mobile")
    lead = made.hire("xian_lead", "xian", "info_admin")
    with pytest.raises(Refused, match="from 0 to 2"):
        made.do("pack.overlay", "unit:xian", SetOverlay(values={ENTRY: 5}), by=lead.username)
    with pytest.raises(Refused):
        made.do("pack.overlay", "unit:baoji", SetOverlay(values={ENTRY: 1}), by=lead.username)
    call = made.do("pack.overlay", "unit:xian", SetOverlay(values={ENTRY: 1}), by=lead.username)
    assert call.state == "waiting"
    for post in ("branch_head", "group_head"):
        who = made.holder(post, "xian") if post == "branch_head" else made.holder(post)
        call = sign(call.pk, by=made.actor(who), verdict="agree", saw=saw_of(Call.objects.get(pk=call.pk)))
    assert call.state == "done"
    packs = {code: pack_for(made.unit(code).pk) for code in ("xian", "xian_group", "baoji")}
    assert {code: pack.version for code, pack in packs.items()} == {
        "xian": "shaanxi-mobile/1+xian.1", "xian_group": "shaanxi-mobile/1+xian.1", "baoji": "shaanxi-mobile/1",
    }  # fmt: skip
    assert [packs[code].clocks["entry"].within.days for code in ("xian", "baoji")] == [1, 2]
    shown = in_force_now()[0]
    assert shown.approved_by.count("、") == 1
    assert [(each.title, each.company, each.branch) for each in shown.values] == [("采集后规定时限内录入", "2", "1")]
