"""Nobody reaches alone what takes two; and a hole that is planted is found, with the way through it."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.packs.schema import Pack
from kedang.packs.separation import STEPS, Hole, holes
from kedang.packs.shipped import list_shipped, load_shipped

ROLES: dict[str, Any] = {
    "admin": {"title": "系统管理员", "office": "system"},
    "security": {"title": "安全管理员", "office": "security"},
    "keeper": {"title": "档案管理员", "reads": ["dossier"], "max_clearance": "top_secret"},
    "clerk": {"title": "录入员", "reads": ["dossier"], "max_clearance": "internal"},
    "boss": {"title": "总经理", "reads": ["dossier"], "max_clearance": "internal"},
}
BOTH = {"title": "双签", "steps": [{"of": {"role": "security"}}, {"of": {"post": "manager"}}]}
BOSS = {"title": "审批", "steps": [{"of": {"post": "manager"}}]}
SOUND: dict[str, Any] = {
    "people.create": {"who": ["admin"], "in_scope": False, "rules": [{}]},
    "people.grant": {"who": ["security", "boss"], "in_scope": False, "rules": [{"flow": "both"}]},
    "people.clear": {"who": ["security", "boss"], "in_scope": False, "rules": [{"flow": "both"}]},
    "people.appoint": {"who": ["admin"], "in_scope": False, "rules": [{"flow": "both"}]},
    "people.password": {"who": ["admin"], "in_scope": False, "rules": [{"flow": "both"}]},
    "copy.export": {"who": ["clerk"], "in_scope": False, "rules": [{"when": {"rows": {"max": 10}}}, {"flow": "boss"}]},
    "custody.dispose": {"who": ["keeper"], "in_scope": False, "rules": [{"flow": "boss"}]},
    "pack.adopt": {"who": ["clerk"], "in_scope": False, "rules": [{"flow": "boss"}]},
}


def company(*, flows: dict[str, Any] | None = None, **changed: Any) -> Pack:
    operations = SOUND | {name.replace("__", "."): said for name, said in changed.items()}
    return Pack.model_validate(
        {
            "meta": {"name": "made", "title": "t", "number": "1", "edition": "1", "source": "s"},
            "roles": ROLES,
            "exclusive": [["admin", "security"], ["admin", "clerk"], ["admin", "keeper"], ["admin", "boss"]]
            + [["security", "clerk"], ["security", "keeper"], ["security", "boss"]],
            "posts": {"manager": {"title": "总经理", "head": True, "roles": ["boss"]}},
            "operations": operations,
            "flows": {"both": BOTH, "boss": BOSS} | (flows or {}),
            "articles": {},
            "controls": {},
        }
    )


def alone(**changed: Any) -> dict[str, Hole]:
    return {hole.goal: hole for hole in holes(company(**changed))}


def everyone(**rule: Any) -> dict[str, Any]:
    return {"who": ["any_staff"], "in_scope": False, "rules": [rule]}


def test_a_sound_company_has_no_hole():
    assert holes(company()) == []


@pytest.mark.parametrize("name", list_shipped())
def test_shipped_packs_have_no_hole(name: str):
    assert [str(hole) for hole in holes(load_shipped(name))] == []


@pytest.mark.parametrize(
    ("operation", "goal"),
    [("copy__export", "bulk export"), ("custody__dispose", "destruction"), ("pack__adopt", "policy change")],
)
def test_a_deed_nobody_signs_is_found(operation: str, goal: str):
    hole = alone(**{operation: everyone()})[goal]
    assert hole.path == (f"{operation.replace('__', '.')} as {hole.person}, signed by nobody else",)
    assert str(hole).startswith(f"{hole.person} alone: {goal}\n  1. ")


def test_small_exports_are_no_bulk_export_but_a_choice_of_words_is():
    assert "bulk export" not in alone()
    urgent = {"items": {"urgent": ["yes"]}}
    rules = [{"when": urgent}, {"when": {"unless": urgent}, "flow": "boss"}]
    lax = {"who": ["clerk"], "in_scope": False, "rules": rules}
    assert "bulk export" in alone(copy__export=lax)


def test_an_office_that_makes_accounts_and_gives_rights_reads_everything():
    found = alone(people__grant={"who": ["admin"], "in_scope": False, "rules": [{}]},
                  people__clear={"who": ["admin"], "in_scope": False, "rules": [{}]})  # fmt: skip
    path = found["classified reading"].path
    assert [deed.partition(":")[0] for deed in path[:-1]] in (
        ["people.create", "people.grant", "people.clear"],
        ["people.create", "people.clear", "people.grant"],
    )
    assert path[-1].startswith("reads classified dossiers as account ")


def test_two_accounts_of_one_person_are_two_signers():
    """A manager's signature is none where the applicant can seat an account of their own as manager."""
    found = alone(people__appoint={"who": ["admin"], "in_scope": False, "rules": [{}]},
                  pack__adopt={"who": ["admin"], "in_scope": False, "rules": [{"flow": "boss"}]})  # fmt: skip
    assert [deed.partition(":")[0] for deed in found["policy change"].path] == [
        "people.create", "people.appoint", "pack.adopt as admin, signed by nobody else",
    ]  # fmt: skip


def test_the_system_officer_who_resets_a_password_needs_a_second_account():
    """One officer sets only one half; but an account of one's own that may set passwords gives the other."""
    assert "classified reading" not in alone(people__password={"who": ["admin"], "in_scope": False, "rules": [{}]})
    path = alone(people__password=everyone())["classified reading"].path
    assert [deed.partition(":")[0] for deed in path[:2]] == ["people.create", "people.password"]


def test_self_approval_and_one_person_for_two_are_found():
    own = {"title": "自批", "self_approval": True, "steps": [{"of": {"role": "clerk"}}]}
    assert "policy change" in alone(pack__adopt={"who": ["clerk"], "rules": [{"flow": "own"}]}, flows={"own": own})
    twice = {"title": "双签", "steps": [{"of": {"role": "clerk"}}]}
    assert "policy change" not in alone(
        pack__adopt={"who": ["clerk"], "rules": [{"flow": "own"}]}, flows={"own": twice}
    )


def test_a_step_that_falls_away_is_found():
    lax = {"title": "部分", "steps": [{"of": {"post": "manager"}, "when": {"kind": ["person"]}}]}
    pack = company(pack__adopt={"who": ["clerk"], "in_scope": False, "rules": [{"flow": "lax"}]}, flows={"lax": lax})
    assert "policy change" in {hole.goal for hole in holes(pack)}


def test_no_path_is_longer_than_asked_for():
    found = holes(company(people__grant=everyone(), people__clear=everyone(), people__appoint=everyone()))
    assert found
    assert all(len(hole.path) <= STEPS for hole in found)
