"""Confirming a notice and saying where one wants them are deeds; an address is kept sealed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.db import connection

from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.messages import present, selectors
from kedang.messages.models import Address, Notice
from kedang.messages.payloads import ConfirmNotice, SetAddress
from tests.messages.notes import MAIL, tell, wants
from tests.world import World


def confirm(world: World, by: str) -> Any:
    return world.do("notice.confirm", Notice.objects.get().ref, ConfirmNotice(), by=by)


def test_a_receipt_is_given_once_and_leaves_its_entry(world: World) -> None:
    tell(receipt=True, article="3.1d")
    assert confirm(world, "clerk").state == "done"
    notice = Notice.objects.get()
    assert notice.confirmed_us
    assert notice.read_us
    entry = Entry.objects.latest("id")
    assert (entry.op, entry.subject_ref, entry.outcome) == ("notice.confirm", notice.ref, "done")
    assert orjson.loads(entry.body)["article"] == "3.1d"
    with pytest.raises(Refused, match="already"):
        confirm(world, "clerk")


def test_a_notice_of_somebody_else_does_not_exist(world: World) -> None:
    tell(receipt=True)
    for name in ("manager", "boss", "auditor"):
        with pytest.raises(NotVisible):
            confirm(world, name)
    assert not Notice.objects.get().confirmed_us


def test_what_asks_for_no_receipt_takes_none(world: World) -> None:
    tell()
    with pytest.raises(Refused, match="asks for no confirmation"):
        confirm(world, "clerk")


@pytest.mark.parametrize("subject", ["notice:x", "notice:99999999999999999999", "-", "notice:0"])
def test_what_is_no_notice_is_not_found(world: World, subject: str) -> None:
    with pytest.raises(NotVisible):
        world.do("notice.confirm", subject, ConfirmNotice())


def test_what_was_shown_counts_as_read_but_not_as_confirmed(world: World) -> None:
    tell(receipt=True)
    by = world.actor("clerk")
    (shown,) = present.listed(by, list(selectors.notices_for(by)))
    assert (shown.read_us, shown.to_confirm) == (0, True)
    assert selectors.unread(by) == 0
    assert selectors.to_confirm(by).count() == 1
    assert selectors.receipts_of("k1")[0][2] == 0


def test_nobody_is_shown_anothers_notice_even_when_handed_its_row(world: World) -> None:
    tell()
    assert present.listed(world.actor("boss"), list(Notice.objects.all())) == []
    assert not Notice.objects.get().read_us


def test_an_address_stands_nowhere_in_plain_text(world: World) -> None:
    wants(world)
    wants(world, channel="apprise", target="feishu://ab-cd-secret")
    with connection.cursor() as cursor:
        for table in (each for each in connection.introspection.table_names(cursor) if "_fts" not in each):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names are ours
            for row in cursor.fetchall():
                cells = b" ".join(bytes(cell) if isinstance(cell, memoryview) else str(cell).encode() for cell in row)
                assert MAIL.encode() not in cells, table
                assert b"ab-cd-secret" not in cells, table


def test_the_owner_sees_enough_to_recognise_an_address(world: World, mail_on: None) -> None:
    wants(world)
    wants(world, channel="apprise", target="feishu://ab-cd-secret", on=False)
    mail, robot = present.channels(world.actor("clerk"))
    assert (mail.hint, mail.on, mail.open) == ("c•••@example.cn", True, True)
    assert (robot.hint, robot.on) == ("feishu://•••cret", False)
    assert [channel.hint for channel in present.channels(world.actor("boss"))] == ["", ""]


def test_an_address_moved_to_another_person_does_not_open(world: World) -> None:
    wants(world)
    Address.objects.update(staff="boss")
    with pytest.raises(Exception, match="does not open"):
        present.channels(world.actor("boss"))


def test_an_address_is_kept_switched_off_and_forgotten(world: World) -> None:
    with pytest.raises(Refused, match="Give an address"):
        wants(world, target=None)
    wants(world)
    wants(world, target=None, on=False)
    assert not Address.objects.get().on
    wants(world, target=None)
    assert Address.objects.get().on
    wants(world, target="")
    assert not Address.objects.exists()


@pytest.mark.parametrize("target", ["x", "a@b", "a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn", "@b.cn", "甲@b.cn"])
def test_what_is_no_mail_address_is_refused(world: World, target: str) -> None:
    with pytest.raises(Refused, match="no mail address"):
        wants(world, target=target)


def test_nobody_sets_anothers_address(world: World) -> None:
    with pytest.raises(NotVisible):
        world.do("notice.address", "staff:boss", SetAddress(channel="mail", target=MAIL), by="clerk")
