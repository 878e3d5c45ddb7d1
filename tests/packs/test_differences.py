"""What changed between two editions, value by value."""

from __future__ import annotations

from kedang.packs.checking import load_bytes
from kedang.packs.differences import Difference, differences
from tests.packs.small import SMALL


def changed(*replacements: tuple[str, str]) -> list[Difference]:
    text = SMALL
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return differences(load_bytes(SMALL.encode(), "a"), load_bytes(text.encode(), "b"))


def test_equal_packs_have_no_difference():
    assert changed(("who: [clerk, head]", "who: [head, clerk]")) == []


def test_a_value_is_named_by_its_key():
    assert changed(("min_chars: 4", "min_chars: 9"), ('edition: "1"', 'edition: "2"')) == [
        Difference("meta.edition", "1", "2"),
        Difference("operations['customer.amend'].needs.reason.min_chars", "4", "9"),
    ]


def test_a_rule_that_came_in_between_is_one_difference():
    [found] = changed(("      - {when: {kind", "      - {when: {rows: {min: 9}}, deny: true}\n      - {when: {kind"))
    assert found.key == "operations['customer.amend'].rules[2]"
    assert (found.before, "deny" in found.after) == ("", True)


def test_a_set_is_one_value():
    assert changed(("who: [clerk, head]", "who: [head]")) == [
        Difference("operations['customer.amend'].who", "clerk, head", "head")
    ]
