"""Records and contacts at the terminal."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Kedang
from tests.world import World


@pytest.mark.database("sqlite")
def test_a_record_is_added_changed_and_listed(world: World, kedang: Kedang) -> None:
    code = world.open("西安终端机电有限公司", contact_name="王小明")
    fields = ("module=complaint", "complaint.day=2026-03-01", "complaint.subject=漏电", "complaint.content=配电柜漏电")
    settings = [part for field in fields for part in ("--set", field)]
    added = kedang("do", "record.add", f"dossier:{code}", *settings, "--as", "clerk", "--json")
    assert (added.code, added.json["state"], added.json["result"]["no"]) == (0, "done", 1)
    subject = added.json["result"]["record"]
    closing = ("complaint.status=closed", "complaint.handling=更换断路器", "complaint.result=客户满意")
    settings = [part for field in closing for part in ("--set", field)]
    assert kedang("do", "record.amend", subject, *settings, "--as", "clerk", "--json").code == 0
    shown = kedang("show", code, "--module", "complaint", "--as", "clerk", "--json").json
    assert (shown["total"], shown["items"][0]["status"], shown["items"][0]["subject"]) == (1, "closed", subject)
    refused = kedang("do", "record.remove", subject, "--as", "clerk", "--reason", "重复登记", "--json")
    assert refused.code == 1
    people = kedang("show", code, "--module", "contact", "--as", "clerk", "--json").json
    assert [each["values"]["contact.name"] for each in people["items"]] == ["王小明"]
