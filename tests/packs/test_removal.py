"""A pack without one control: its parts are gone, what hung on them too, and the rest still stands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.carriers import by_control
from kedang.packs.checking import load_bytes
from kedang.packs.decide import Given, decide
from kedang.packs.removal import NotRemovable, without
from kedang.packs.shipped import list_shipped, load_shipped, source_of
from tests.packs.small import SMALL

ROOT = Path(__file__).resolve().parents[2]
TAGGED = SMALL.replace("    title: 要项变更\n", "    title: 要项变更\n    controls: [T-3]\n").replace(
    "  T-2:", "  T-3: {kind: enforced, type: WF}\n  T-2:"
).replace("controls: [T-1]}\n  \"3.10\"", "controls: [T-1, T-3]}\n  \"3.10\"")  # fmt: skip


def mutated(control: str, source: str = TAGGED):
    return load_bytes(without(source.encode(), control), "mutated.json")


def test_the_parts_that_carry_it_are_gone():
    pack = mutated("T-1")
    assert len(pack.operations["customer.amend"].rules) == 2
    assert not any(rule.deny for rule in pack.operations["customer.amend"].rules)
    assert "T-1" not in pack.controls
    assert pack.articles["2"].controls == ("T-3",)


def test_without_it_what_it_forbade_is_allowed():
    filed = Facts(rel=frozenset({"in_scope"}), state="filed", kind="organisation")
    clerk = Actor(id="ann", roles=frozenset({"clerk"}), clearance=1)
    given = Given("换章后更名")
    assert not decide(load_bytes(TAGGED.encode(), "t"), "customer.amend", clerk, filed, given).allow
    assert decide(mutated("T-1"), "customer.amend", clerk, filed, given).allow


def test_a_flow_that_goes_takes_its_mention_along():
    pack = mutated("T-3")
    assert pack.flows == {}
    assert all(rule.flow is None for rule in pack.operations["customer.amend"].rules)


def test_a_control_that_is_not_there():
    with pytest.raises(KeyError):
        without(TAGGED.encode(), "T-9")


def test_where_no_pack_remains():
    everything = SMALL.replace("roles:\n  clerk: {", "roles:\n  clerk: {controls: [T-1], ").replace(
        "  head:\n    title: 负责人\n", "  head:\n    title: 负责人\n    controls: [T-1]\n"
    )
    with pytest.raises(NotRemovable):
        without(everything.encode(), "T-1")


@pytest.mark.parametrize("name", list_shipped())
def test_shipped_packs_stand_without_any_one_control(name: str):
    """A few of each pack, evenly chosen; `make control-mutation` takes all of them."""
    pack = load_shipped(name)
    carried = by_control(pack)
    borne = [control for control, said in pack.controls.items() if said.available and carried[control]]
    assert borne
    for control in borne[:: max(1, len(borne) // 4)]:
        source = without(source_of(name), control)
        left = load_bytes(source, name)
        assert control not in left.controls
        assert control not in {each for part in by_control(left) for each in (part,)}
        assert f'"{control}"' not in json.dumps(json.loads(source)["operations"])


HEAD = "id,pack,article,kind,available,operation_or_clock,evidence,test,patch\n"
NOTICES = "tests/packs/test_removal_sample.py::test_filed_dossiers_stay_as_they_are"
SLEEPS = "tests/packs/test_removal_sample.py::test_that_notices_nothing"


@pytest.mark.parametrize(("test", "code"), [(NOTICES, 0), (SLEEPS, 1)])
def test_the_mutation_run_tells_a_test_from_an_ornament(tmp_path: Path, test: str, code: int):
    table = tmp_path / "controls.csv"
    table.write_text(f"{HEAD}R2-20,records,3.1c,enforced,true,customer.amend,,{test},\n", encoding="utf-8")
    script = [sys.executable, "scripts/control_mutation.py", "--table", str(table)]
    ran = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert ("went unnoticed: records:R2-20" in ran.stdout) == bool(code)
