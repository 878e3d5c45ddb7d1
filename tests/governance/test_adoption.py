"""A new edition of the regulation is adopted only when the product and it speak of the same things."""

from __future__ import annotations

import pytest

from kedang.customers.fields import FIELDS
from kedang.governance import offered
from kedang.governance.ops import AdoptPack
from kedang.governance.registry import OPERATIONS
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.checking import check_bytes
from kedang.packs.shipped import load_shipped, source_of
from kedang.standards import CATALOGUE
from tests.world import World

SHIPPED = ("records",)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_is_sound_for_this_product(name: str) -> None:
    _, problems = check_bytes(source_of(name), f"{name}.yaml", offered.NAMES)
    assert problems == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_reads_each_field_as_the_dictionary_does(name: str) -> None:
    pack = load_shipped(name)
    assert set(pack.fields) == set(FIELDS)
    for key, said in pack.fields.items():
        field = FIELDS[key]
        assert said.standard == field.standard, key
        assert said.standard in CATALOGUE or (said.standard == "choice" and field.choices), key
        assert said.category == field.category, key
        assert said.key == field.identifying, key
        assert (said.sensitivity in ("personal", "sensitive")) == field.personal, key


def test_the_names_are_those_of_the_registry() -> None:
    assert OPERATIONS.keys() == offered.NAMES


def test_an_edition_with_a_misspelt_operation_is_refused_and_a_sound_one_taken(world: World) -> None:
    sound = source_of("records").decode().replace('edition: "1"', 'edition: "2"')
    wrong = sound.replace("customer.assign:", "customer.asign:")
    assert wrong != sound
    with pytest.raises(Refused) as no:
        world.do("pack.adopt", "-", AdoptPack(source=wrong), by="boss", reason="新版")
    assert no.value.code in ("invalid", "incomplete")
    with pytest.raises(Refused) as no:
        world.do("pack.adopt", "-", AdoptPack(source=wrong), by="boss", reason="新版发布")
    assert no.value.code == "invalid"
    assert "customer.asign" in no.value.detail
    assert in_force().version == "records/1"
    world.do("pack.adopt", "-", AdoptPack(source=sound), by="boss", reason="新版发布")
    assert in_force().version == "records/2"
