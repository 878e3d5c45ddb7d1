"""Two tests of the pack `records`, with which the mutation run itself is tried: one that notices, one that does not."""

from __future__ import annotations

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.decide import Given, decide
from kedang.packs.shipped import load_shipped


def test_filed_dossiers_stay_as_they_are():
    records = load_shipped("records")
    filed = Facts(rel=frozenset({"in_scope"}), state="filed")
    archivist = Actor(id="ann", roles=frozenset({"archivist"}), clearance=1)
    decision = decide(records, "customer.amend", archivist, filed, Given("换章后更名"))
    assert (decision.allow, "R2-20" in decision.controls) == (False, True)


def test_that_notices_nothing():
    assert load_shipped("records").meta.name == "records"
