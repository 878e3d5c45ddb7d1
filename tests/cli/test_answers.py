"""What every command keeps to: exit codes, one JSON object, one line of reason, the operating-system user."""

from __future__ import annotations

import getpass

import pytest

from kedang.cli.main import VERBS
from kedang.ledger.models import Entry
from tests.cli.conftest import Kedang
from tests.databases import Site
from tests.world import World


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, kedang: Kedang) -> None:
    ran = kedang(verb, "--help")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Usage: kedang " + verb)


def test_the_list_of_verbs_is_complete(kedang: Kedang) -> None:
    ran = kedang("--help")
    assert ran.code == 0
    for verb in VERBS:
        assert f"  {verb} " in ran.out


@pytest.mark.parametrize(
    "arguments", [["frob"], ["show"], ["search", "x"], ["do", "customer.open"], ["show", "X", "--no"]]
)
def test_wrong_usage_exits_with_two(kedang: Kedang, arguments: list[str]) -> None:
    ran = kedang(*arguments)
    assert (ran.code, ran.out) == (2, "")


def test_on_an_unfounded_site_each_command_says_so(site: Site, kedang: Kedang) -> None:
    for arguments in (["search", "x", "--as", "ann"], ["show", "C1", "--as", "ann"], ["user", "list", "--as", "ann"]):
        ran = kedang(*arguments, "--json")
        assert (ran.code, ran.json["code"]) in ((1, "unknown_user"), (1, "no_pack"), (1, "not_ready")), arguments


def test_an_unknown_or_closed_account_may_do_nothing(world: World, kedang: Kedang) -> None:
    ran = kedang("search", "x", "--as", "nobody", "--json")
    assert (ran.code, ran.json["code"]) == (1, "unknown_user")
    staff = world.staff["clerk"]
    staff.is_active = False
    staff.save()
    assert kedang("search", "x", "--as", "clerk").code == 1


def test_a_refusal_is_one_line_and_one_object_with_the_articles(world: World, kedang: Kedang) -> None:
    code = world.open("西安示例机电有限公司")
    ran = kedang("do", "customer.file", code, "--as", "clerk", "--json")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "4.1c" in ran.err
    assert ran.json["state"] == "refused"
    assert ran.json["articles"] == ["4.1c"]
    assert set(ran.json) >= {"state", "result", "request", "articles"}


def test_whoever_sits_at_the_terminal_is_on_record(world: World, kedang: Kedang) -> None:
    kedang("do", "customer.open", "-", "--set", "name=西安示例机电有限公司", "--as", "clerk")
    entry = Entry.objects.get(op="customer.open")
    assert (entry.actor_id, entry.credential) == ("clerk", f"cli:{getpass.getuser()}")


def test_the_language_follows_the_terminal(world: World, kedang: Kedang, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no active account" in kedang("search", "x", "--as", "nobody").err


def test_what_a_command_wrote_is_sealed_when_it_ends(world: World, kedang: Kedang) -> None:
    kedang("do", "customer.open", "-", "--set", "name=西安示例机电有限公司", "--as", "clerk")
    ran = kedang("ledger", "verify", "--json")
    assert (ran.json["ok"], ran.json["unsealed"]) == (True, 0)
