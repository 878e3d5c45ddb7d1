"""A pack that claims more than it does is found out before anybody works by it."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.packs import carriers, claims, probes
from kedang.packs.operations import Probe, TimeProbe
from tests.compliance.pack import Change, pack


def _rules(change: Change) -> list[tuple[str, str]]:
    return [(str(path[1]), rule) for path, rule, _ in claims.problems(pack(change), {"deeds_recorded"})]


def test_a_sound_pack_claims_no_more_than_it_does() -> None:
    assert claims.problems(pack(), {"deeds_recorded"}) == []
    assert probes.failures(pack()) == []


def test_every_carrier_is_found_by_its_path() -> None:
    found = carriers.by_control(pack())
    assert ("clocks", "first_update") in [path for path, _ in found["T-03"]]
    assert ("operations", "customer.reveal", "needs") in [path for path, _ in found["T-02"]]
    assert found["T-07"] == ()


def _allow_filed(data: dict[str, Any]) -> None:
    del data["operations"]["customer.amend"]["rules"][0]


def _no_reason(data: dict[str, Any]) -> None:
    data["operations"]["customer.reveal"].pop("needs")


def _no_signature(data: dict[str, Any]) -> None:
    data["operations"]["pack.adopt"]["rules"] = [{"article": "9", "controls": ["T-09"]}]
    data.pop("flows")


def _longer(data: dict[str, Any]) -> None:
    data["clocks"]["first_update"]["within"]["days"] = 5


def _half_yearly(data: dict[str, Any]) -> None:
    data["rounds"]["quarterly"]["every"]["months"] = 6


@pytest.mark.parametrize(
    ("change", "control"),
    [
        (_allow_filed, "T-01"),
        (_no_reason, "T-02"),
        (_longer, "T-03"),
        (_half_yearly, "T-04"),
        (_no_signature, "T-09"),
    ],
)
def test_a_sample_that_is_no_longer_caught_is_reported(change: Change, control: str) -> None:
    assert (control, "probe_not_caught") in _rules(change)


def test_what_is_caught_by_something_else_is_not_the_controls_work() -> None:
    def untag(data: dict[str, Any]) -> None:
        data["operations"]["customer.amend"]["rules"][0].pop("controls")
        data["operations"]["customer.file"]["controls"] = ["T-01"]

    assert ("T-01", "probe_not_caught") in _rules(untag)


def _untag_clock(data: dict[str, Any]) -> None:
    data["clocks"]["first_update"].pop("controls")


def _enforced_by_word(data: dict[str, Any]) -> None:
    data["operations"]["customer.amend"]["rules"][0].pop("controls")
    data["controls"]["T-01"] = {"kind": "enforced", "type": "WF", "operations": ["customer.amend"]}


def _promise_by_word(data: dict[str, Any]) -> None:
    data["operations"]["secrecy.promise"].pop("controls")
    data["undertakings"]["secrecy"].pop("controls")


def _observed_by_nobody(data: dict[str, Any]) -> None:
    data["controls"]["T-06"].pop("invariant")


def _observed_by_unknown(data: dict[str, Any]) -> None:
    data["controls"]["T-06"]["invariant"] = "all_is_well"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_untag_clock, ("T-03", "monitored_without_watch")),
        (_enforced_by_word, ("T-01", "enforced_without_proof")),
        (_promise_by_word, ("T-05", "attested_without_part")),
        (_observed_by_nobody, ("T-06", "observed_without_invariant")),
        (_observed_by_unknown, ("T-06", "unknown_invariant")),
    ],
)
def test_a_control_that_is_only_a_word_is_reported(change: Change, found: tuple[str, str]) -> None:
    assert found in _rules(change)


def test_what_comes_later_claims_nothing() -> None:
    def later(data: dict[str, Any]) -> None:
        _enforced_by_word(data)
        data["controls"]["T-01"]["available"] = False

    assert not [rule for name, rule in _rules(later) if name == "T-01"]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"colour": "red"}, "no fact is called colour"),
        ({"level": "enormous"}, "cannot be asked"),
        ({"rows": "many"}, "whole number"),
        ({"items": "x"}, "mapping"),
    ],
)
def test_a_sample_with_a_fact_nobody_knows_is_not_caught(facts: dict[str, object], found: str) -> None:
    probe = Probe(operation="customer.amend", roles=frozenset({"archivist"}), facts=facts, expect="denied")
    result = probes.run(pack(), probe)
    assert not result.ok
    assert found in result.found


def test_the_facts_of_a_sample_are_words_sets_and_numbers() -> None:
    secret = Probe(
        operation="customer.open", roles=frozenset({"entry_clerk"}), facts={"level": "top_secret"}, expect="denied"
    )
    assert probes.run(pack(), secret).ok, "above the highest clearance of the role"
    cleared = secret.model_copy(update={"facts": {"level": "top_secret", "clearance": "top_secret"}})
    assert not probes.run(pack(), cleared).ok
    outside = secret.model_copy(update={"facts": {"rel": ["owner"]}})
    assert probes.run(pack(), outside).ok, "relations given replace those left out"


def test_a_signature_by_somebody_else_does_not_do() -> None:
    def by_boss(data: dict[str, Any]) -> None:
        data["flows"]["adoption"]["steps"] = [{"of": {"role": "archivist"}}]

    assert ("T-09", "probe_not_caught") in _rules(by_boss)


def test_a_limit_of_an_unknown_year_is_no_proof() -> None:
    def working(data: dict[str, Any]) -> None:
        data["clocks"]["first_update"]["within"]["calendar"] = "working_days"

    probe = TimeProbe.model_validate({"clock": "first_update", "from": "2099-01-01T09:00", "due": "2099-01-07T24:00"})
    assert not probes.run_time(pack(working), probe).ok
