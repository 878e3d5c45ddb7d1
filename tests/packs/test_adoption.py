"""Which pack is in force: the founding act, later editions, never retroactive, byte for byte."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.models import PackVersion
from kedang.packs.problems import PackInvalid
from kedang.packs.selectors import NoPackInForce, PackTampered
from kedang.packs.services import adopt, found
from kedang.packs.shipped import load_shipped, source_of
from tests.packs.small import SMALL

NEXT = SMALL.encode()
RECORDS = load_shipped("records").version


def test_nothing_is_in_force_before_the_founding_act(site: Any):
    with pytest.raises(NoPackInForce):
        in_force()


def test_founding_act(site: Any):
    before = clock.now_us()
    row = found("records", "root")
    assert in_force() == load_shipped("records")
    assert in_force().version == row.version == RECORDS
    assert (row.founding, row.adopted_by) == (True, "root")
    assert before <= row.adopted_us == row.effective_us <= clock.now_us()
    stored = PackVersion.objects.get()
    assert stored.source == source_of("records")
    assert stored.digest == hashlib.sha256(source_of("records")).hexdigest()
    with pytest.raises(NoPackInForce):
        in_force(before - 1)


def test_a_site_is_founded_once(site: Any):
    found("records", "root")
    with pytest.raises(Refused, match="founded already"):
        found("records", "eve")
    assert PackVersion.objects.count() == 1


def test_unknown_name_founds_nothing(site: Any):
    with pytest.raises(KeyError):
        found("nonsense", "root")
    assert not PackVersion.objects.exists()


def test_next_edition_rules_from_its_own_instant(site: Any):
    found("records", "root")
    now = clock.now_us()
    adopt(NEXT, "small.yaml", by="gm", at_us=now, effective_us=now + 10_000_000)
    assert in_force().version == RECORDS
    assert in_force(now + 9_999_999).version == RECORDS
    assert in_force(now + 10_000_000).version == "small/1"
    assert PackVersion.objects.get(name="small").founding is False


def test_edition_is_never_retroactive(site: Any):
    found("records", "root")
    now = clock.now_us()
    with pytest.raises(Refused):
        adopt(NEXT, "small.yaml", by="gm", at_us=now, effective_us=now - 1)
    with pytest.raises(IntegrityError):
        PackVersion.objects.create(
            name="x", version="x/1", digest="", source=b"", adopted_us=now, effective_us=now - 1, adopted_by="gm"
        )
    assert in_force().version == RECORDS


def test_same_edition_is_not_adopted_twice(site: Any):
    found("records", "root")
    adopt(NEXT, "small.yaml", by="gm", at_us=clock.now_us())
    with pytest.raises(Refused, match="adopted already"):
        adopt(NEXT + b"\n# other words\n", "small.yaml", by="gm", at_us=clock.now_us())


def test_unsound_file_is_not_adopted(site: Any):
    found("records", "root")
    with pytest.raises(PackInvalid) as refused:
        adopt(NEXT.replace(b"who: [clerk, head]", b"who: [boss]"), "small.yaml", by="gm", at_us=clock.now_us())
    assert [(each.line, each.rule) for each in refused.value.problems] == [(31, "choice")]
    assert refused.value.code == "invalid"
    with pytest.raises(PackInvalid):
        adopt(NEXT, "small.yaml", by="gm", at_us=clock.now_us(), operations={"customer.open"})
    assert PackVersion.objects.count() == 1


def test_the_law_is_over_a_stored_pack(site: Any):
    found("records", "root")
    loose = SMALL.replace("    who: [clerk, head]\n", "    who: [clerk, head]\n    in_scope: false\n").encode()
    adopt(loose, "small.yaml", by="gm", at_us=clock.now_us())
    assert in_force().operations["customer.amend"].in_scope is True


def test_changed_bytes_are_found_out(site: Any):
    found("records", "root")
    row = adopt(NEXT, "small.yaml", by="gm", at_us=clock.now_us())
    changed = SMALL.replace("min_chars: 4", "min_chars: 1").replace("小制度", "小规章").encode()
    # Another digest than any pack read before, so that no cache of this process can answer.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE packs_packversion SET source = %s, digest = %s WHERE id = %s", [changed, "0" * 64, row.pk]
        )
    with pytest.raises(PackTampered):
        in_force()
