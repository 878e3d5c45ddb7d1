"""A file for which signatures are wanted waits with its request, and goes when nobody agrees to it."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.attachments import present
from kedang.customers.models import Attachment
from kedang.files.models import Blob
from kedang.governance import clearing
from kedang.governance.flows.signing import withdraw
from kedang.governance.models import Claim
from kedang.kernel import clock
from tests.attachments import samples
from tests.attachments.folder import Folder
from tests.flows.signed import agree, company, seen

HEAD = [{"of": {"post": "unit_head"}}]
DAY_US = 24 * 3600 * 1_000_000


def folder_where(op: str) -> Folder:
    world = company(HEAD, op=op)
    return Folder(world, world.open("西安示例机电有限公司"))


def test_a_file_waits_for_its_signature_and_is_attached_with_it(site) -> None:
    folder = folder_where("file.attach")
    call = folder.bring(samples.png(), "执照.png").call
    assert (call.state, Attachment.objects.count(), Blob.objects.count()) == ("waiting", 0, 1)
    assert "执照.png" in str(seen(folder.world, call, "head"))
    clearing.clear_if_due(clock.now_us() + 3 * DAY_US)
    assert agree(folder.world, call, "head").state == "done"
    assert Attachment.objects.get().kind == "营业执照"


def test_a_file_whose_request_was_taken_back_is_cleared_away(site) -> None:
    folder = folder_where("file.attach")
    call = folder.bring(samples.png()).call
    withdraw(call.pk, by=folder.world.actor("clerk"))
    assert not Claim.objects.exists()
    clearing.clear_if_due(clock.now_us() + 3 * DAY_US)
    assert not Blob.objects.exists()


def test_a_look_that_was_signed_for_may_be_had_for_a_day(frozen_clock: Any, site) -> None:
    folder = folder_where("file.view")
    row = folder.attached(samples.png())
    call = folder.view(row.pk)
    with pytest.raises(Exception, match="ask for it first"):
        present.page(folder.world.actor("clerk"), folder.seen(), row.pk, call.pk, 1)
    agree(folder.world, call, "head")
    frozen_clock.advance(hours=20)
    assert present.page(folder.world.actor("clerk"), folder.seen(), row.pk, call.pk, 1)
