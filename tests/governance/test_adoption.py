"""A new edition of the regulation is adopted only when the product and it speak of the same things."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedang.customers import nature
from kedang.customers.dictionary import fields
from kedang.customers.fields import FIELDS
from kedang.governance import offered
from kedang.governance.models import Call
from kedang.governance.ops import AdoptPack
from kedang.governance.registry import OPERATIONS
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.checking import check_bytes
from kedang.packs.shipped import load_shipped, source_of
from kedang.standards import CATALOGUE
from tests.conftest import Clock
from tests.world import World

SHIPPED = ("records",)
PLAIN = (Path(__file__).resolve().parents[1] / "packs" / "plain.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_is_sound_for_this_product(name: str) -> None:
    _, problems = check_bytes(source_of(name), f"{name}.yaml", offered.NAMES)
    assert problems == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_reads_each_field_as_the_dictionary_does(name: str) -> None:
    pack = load_shipped(name)
    assert set(pack.fields) >= set(FIELDS)
    assert not list(nature.faults(pack, {}))
    for key, said in pack.fields.items():
        field = fields(pack)[key]
        assert said.standard in CATALOGUE or (said.standard == "choice" and field.choices), key
        assert key not in FIELDS or said.key == field.identifying, key
        assert (said.sensitivity in ("personal", "sensitive")) == field.personal, key


def test_the_names_are_those_of_the_registry() -> None:
    assert OPERATIONS.keys() == offered.NAMES


def edition(number: str, title: str = "客户资料档案系统管理与维护规范") -> str:
    """The pack this world runs by, as a later edition."""
    return PLAIN.replace('edition: "1"', f'edition: "{number}"').replace("客户资料档案系统管理与维护规范", title, 1)


def adopt(world: World, source: str, effective: str = "", reason: str = "新版发布") -> Call:
    return world.do("pack.adopt", "-", AdoptPack(source=source, effective=effective), by="boss", reason=reason)


def test_an_edition_with_a_misspelt_operation_is_refused_and_a_sound_one_taken(world: World) -> None:
    sound = source_of("records").decode()
    wrong = sound.replace("customer.assign:", "customer.asign:")
    assert wrong != sound
    with pytest.raises(Refused) as no:
        adopt(world, wrong)
    assert no.value.code == "invalid"
    assert "customer.asign" in no.value.detail
    assert in_force().version == "plain/1"
    adopt(world, sound)
    assert in_force().version == load_shipped("records").version


def test_an_edition_rules_from_the_instant_it_names(frozen_clock: Clock, world: World) -> None:
    call = adopt(world, edition("2"), effective="2026-03-02T18:00:00+08:00")
    assert (call.state, in_force().version) == ("done", "plain/1")
    assert call.outcome["effective"].startswith("2026-03-02T10:00:00")
    frozen_clock.advance(hours=9, minutes=1)
    assert in_force().version == "plain/2"


def test_an_edition_is_never_retroactive(frozen_clock: Clock, world: World) -> None:
    with pytest.raises(Refused, match="before it is adopted"):
        adopt(world, edition("2"), effective="2026-03-02T08:59:59+08:00")
    with pytest.raises(ValueError, match="zone"):
        AdoptPack(source="x", effective="2026-03-02T08:59:59")
    assert in_force().version == "plain/1"


def test_the_same_edition_is_refused_before_anybody_signs(world: World) -> None:
    with pytest.raises(Refused, match="adopted already"):
        adopt(world, edition("1", "别的"))


def test_who_decides_sees_what_changes(world: World) -> None:
    operation = OPERATIONS["pack.adopt"]
    lines = operation.show(world.actor("boss"), None, AdoptPack(source=edition("2", "别的规范")))
    changed = {line.field: (line.before, line.after) for line in lines}
    assert changed["meta.edition"] == ("1", "2")
    assert changed["meta.title"] == ("客户资料档案系统管理与维护规范", "别的规范")


def test_another_edition_in_force_meanwhile_makes_the_draft_stale(world: World) -> None:
    operation, draft = OPERATIONS["pack.adopt"], AdoptPack(source=edition("2"))
    before = operation.basis(None, draft)
    adopt(world, edition("3"))
    assert operation.basis(None, draft) != before
