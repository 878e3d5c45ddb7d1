"""`kedang request`: what the contract promises."""

from __future__ import annotations

from typing import Any

from kedang.customers.models import Dossier
from tests.databases import Site
from tests.flows.signed import company
from tests.flows.test_signing import BOTH, HEAD, opened


def test_filed_listed_shown_signed(site: Site, kedang: Any) -> None:
    world = company([HEAD, BOTH])
    code = opened(world)
    filed = kedang("do", "customer.amend", code, "--as", "clerk", "--set", "short_name=示例", "--json")
    assert (filed.code, filed.json["state"]) == (0, "waiting")
    number = str(filed.json["request"])
    listed = kedang("request", "list", "--as", "head", "--waiting", "--json").json["requests"]
    assert [(each["request"], each["waiting_for"]) for each in listed] == [(int(number), ["head"])]
    shown = kedang("request", "show", number, "--as", "head", "--json").json
    assert shown["lines"][0]["after"] == "示例" and shown["may_sign"]
    assert "short_name" not in kedang("show", code, "--as", "clerk", "--json").json["values"]
    for who in ("head", "archivist", "boss"):
        said = kedang("request", "approve", number, "--as", who, "--json")
        assert said.code == 0, said
    assert said.json["state"] == "done"
    assert Dossier.objects.get(code=code).short_name == "示例"


def test_refused_and_taken_back(site: Site, kedang: Any) -> None:
    world = company([HEAD])
    code = opened(world)
    first = world.amend(code, short_name="示例")
    assert kedang("request", "reject", str(first.pk), "--as", "head", "--json").code == 1
    said = kedang("request", "reject", str(first.pk), "--as", "head", "--comment", "名称不符", "--json").json
    assert said["state"] == "rejected"
    second = world.amend(code, short_name="示例")
    assert kedang("request", "withdraw", str(second.pk), "--as", "clerk", "--json").json["state"] == "withdrawn"
    assert kedang("request", "show", str(second.pk), "--as", "stranger", "--json").code == 1
