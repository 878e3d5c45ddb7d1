"""Files are numbered and evidence is typed: nobody reads another's file by naming its number."""

from __future__ import annotations

import io

import pytest

from kedang.customers.payloads import AmendDossier
from kedang.files import storage
from kedang.governance.flows import papers
from kedang.governance.flows.signing import saw_of
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.errors import NotVisible
from tests.databases import Site
from tests.flows.signed import agree, company, seen
from tests.flows.test_signing import HEAD, opened
from tests.world import World


def put(by: str) -> int:
    return int(storage.put(io.BytesIO(b"names and numbers"), "customers.xlsx", by).pk)


def asked(world: World, *blobs: int) -> Call:
    return perform(
        "customer.amend", by=world.actor("clerk"), subject=f"dossier:{opened(world)}",
        payload=AmendDossier(values={"short_name": "示例"}), reason="更正", evidence=[f"file:{each}" for each in blobs],
    )  # fmt: skip


def test_a_file_of_another_is_neither_read_nor_named(site: Site) -> None:
    world = company([HEAD])
    own, other = put("clerk"), put("head")
    call = asked(world, own, other, 10**17)
    assert papers.opened(world.actor("head"), call, own)[1].read() == b"names and numbers"
    for who in ("clerk", "head"):
        assert set(seen(world, call, who).papers) == {f"file:{own}"}
        with pytest.raises(NotVisible):
            papers.opened(world.actor(who), call, other)


def test_a_file_that_comes_later_under_the_number_is_not_read_either(site: Site) -> None:
    world = company([HEAD])
    call = asked(world, put("clerk") + 1)
    later = put("stranger")
    with pytest.raises(NotVisible):
        papers.opened(world.actor("clerk"), call, later)


def test_the_scan_of_a_signer_is_read_and_a_foreign_one_is_not(site: Site) -> None:
    world = company([HEAD, {"of": {"post": "director"}}])
    call = asked(world)
    scan, foreign = put("head"), put("stranger")
    assert saw_of(call)
    agree(world, call, "head", evidence=(f"file:{scan}", f"file:{foreign}"))
    assert papers.opened(world.actor("archivist"), call, scan)[1].read() == b"names and numbers"
    with pytest.raises(NotVisible):
        papers.opened(world.actor("archivist"), call, foreign)
