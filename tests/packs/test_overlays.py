"""What a pack may leave to its branches, what `pack check` says to the rest, and the pack a branch goes by."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.packs import delegation, overlays
from kedang.packs.checking import check_bytes
from kedang.packs.reading import read
from kedang.packs.schema import Pack
from kedang.packs.shipped import list_shipped, source_of
from tests.branches import source

DATA: dict[str, Any] = read(source().encode(), "").data
SHAANXI: dict[str, Any] = read(source_of("shaanxi-mobile"), "").data
FILING = "    - clocks.filing.within\n"


def found(text: str) -> list[tuple[str, str]]:
    _, problems = check_bytes(text.encode(), "pack.yaml")
    return [(problem.key, problem.rule) for problem in problems]


def delegating(pattern: str) -> list[tuple[str, str]]:
    return [each for each in found(source().replace(FILING, f"{FILING}    - {pattern}\n")) if "delegated" in each[0]]


def test_the_pack_of_the_tests_is_sound() -> None:
    assert found(source()) == found(source(signed=True)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "operations.*.who", "operations.customer.reveal.rules",
        "operations.customer.reveal.needs", "operations.pack.adopt.needs.reason.min_chars",
        "operations.pack.overlay.needs.reason.min_chars", "roles.*.max_scope", "roles.*", "fields.*.key",
        "fields.contact.phones.mask", "articles.*", "controls.*.kind", "clocks.filing", "clocks.filing.starts",
        "clocks.*.stops", "rounds.review.by", "rounds.whole.every", "quotas.amends.operations", "meta.edition",
        "overlays.delegated", "kinds.*",
    ],
)  # fmt: skip
def test_a_standard_of_the_whole_company_is_not_delegated(pattern: str) -> None:
    assert delegating(pattern) == [("overlays.delegated[1]", "not_delegable")]


@pytest.mark.parametrize(
    "pattern", ["clocks.nothing.within", "hours.open", "quotas.*.least", "rounds.review.sample.share"]
)
def test_what_reaches_nothing_is_said(pattern: str) -> None:
    assert delegating(pattern) == [("overlays.delegated[1]", "reaches_nothing")]


@pytest.mark.parametrize("pattern", ["clocks.*.within.days", "rounds.*.every.months", "quotas.amends.most"])
def test_what_a_branch_may_set_is_taken(pattern: str) -> None:
    assert delegating(pattern) == []


def test_limits_are_of_what_is_delegated_and_somebody_sets_it() -> None:
    assert ("overlays.limits['clocks.filing.sample']", "limit_of_delegated") in found(
        source().replace("limits: {", "limits: {clocks.filing.sample: {min: 1}, ")
    )
    assert found(source().replace("pack.overlay:", "people.nothing:")) == [("overlays.available", "overlay_deed")]
    assert ("operations['pack.overlay']", "delegates_nothing") in found(
        source().replace("available: true\nclocks", "available: false\nclocks")
    )


@pytest.mark.parametrize("name", list_shipped())
def test_every_shipped_pack_delegates_only_what_it_may(name: str) -> None:
    data = read(source_of(name), "").data
    for pattern in delegation.delegated(data):
        assert delegation.reached(data, pattern)
        assert all(delegation.is_delegated(data, path) for path in delegation.reached(data, pattern))


def test_names_with_dots_are_written_as_they_are() -> None:
    path = ("operations", "customer.reveal", "needs", "reason", "min_chars")
    for text in (
        "operations.customer.reveal.needs.reason.min_chars",
        "operations['customer.reveal'].needs.reason.min_chars",
    ):
        assert delegation.resolved(DATA, text) == path
    assert delegation.resolved(DATA, "operations.customer.nothing.needs.reason.min_chars") is None
    assert delegation.resolved(DATA, "clocks.filing.within.minutes") == ("clocks", "filing", "within", "minutes")
    assert delegation.covers("operations.*.needs.reason.min_chars", path)
    assert not delegation.covers("operations.*.needs.reason.min_chars", path[:-1])


def test_the_companys_data_stay_as_they_are() -> None:
    before = read(source().encode(), "").data
    merged = overlays.merged(DATA, {"clocks.filing.within.days": 1})
    assert (merged["clocks"]["filing"]["within"]["days"], DATA) == (1, before)


def test_a_merged_pack_is_named_after_its_branch_and_stands_under_the_law() -> None:
    under = overlays.under_overlay(DATA, {"clocks.filing.within.days": 1}, "XA.7", sound=True)
    assert under is not None
    assert (under.pack.version, under.pack.clocks["filing"].within.days) == ("plain/1+XA.7", 1)
    reveal = "operations.customer.reveal.needs.reason.min_chars"
    under = overlays.under_overlay(DATA, {reveal: 1}, "XA.8", sound=True)
    assert under is not None and under.pack.operations["customer.reveal"].needs.reason is not None
    assert under.pack.operations["customer.reveal"].needs.reason.min_chars == 4
    assert overlays.under_overlay(DATA, {"clocks.filing.stops": []}, "XA.9", sound=True) is None
    assert overlays.under_overlay(DATA, {"clocks.filing.within.days": "x"}, "XA.9", sound=False) is None


@pytest.mark.parametrize(("days", "is_sound"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_limit_a_control_proves_is_kept_more_strictly_or_not_changed(days: int, is_sound: bool) -> None:
    loose = {**SHAANXI, "overlays": {**SHAANXI["overlays"], "limits": {}}}
    problems = overlays.problems(loose, {"clocks.entry.within.days": days}, None)
    assert [problem.key for problem in problems] == ([] if is_sound else ["controls.R0-20"])


def test_values_as_they_are_typed() -> None:
    typed = ["3", " 12 ", '{"months": 1}', "{not json", "17:30", 4, ""]
    assert [overlays.value_of(each) for each in typed] == [3, 12, {"months": 1}, "{not json", "17:30", 4, ""]
    assert [overlays.words_of(each) for each in (3, {"months": 1}, None)] == ["3", "months 1", ""]


def test_the_branches_of_the_mobile_company_may_be_stricter() -> None:
    pack = Pack.model_validate(SHAANXI)
    assert pack.overlays is not None
    values = {"clocks.entry.within.days": 1, "clocks.entry_review.sample": 50, "quotas.reveals.most": 50}
    assert set(values) == set(pack.overlays.delegated)
    assert overlays.problems(SHAANXI, values, None) == []
    for path, value in (
        ("clocks.entry_review.sample", 5),
        ("quotas.reveals.most", 500),
        ("clocks.entry.within.days", 9),
    ):
        assert [problem.rule for problem in overlays.problems(SHAANXI, {path: value}, None)] == ["within_limits"]
