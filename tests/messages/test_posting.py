"""A notice is posted exactly once, whoever else posts it, and goes back with its deed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from kedang import messages
from kedang.kernel import clock
from kedang.messages import selectors
from kedang.messages.models import Delivery, Notice
from kedang.messages.wording import sentence
from tests.messages.notes import tell, wants
from tests.world import World


def test_the_same_occasion_is_told_once_and_another_one_again(site: Any) -> None:
    tell(key="k1")
    tell(key="k1", params={"what": "other words"})
    tell(key="k2")
    tell("manager", key="k1")
    assert sorted(Notice.objects.values_list("to", "key")) == [("clerk", "k1"), ("clerk", "k2"), ("manager", "k1")]
    assert "C00000001X" in Notice.objects.get(to="clerk", key="k1").params


def test_many_writers_at_once_leave_one_notice_and_all_finish_their_own_work(site: Any) -> None:
    together, done = threading.Barrier(8), []

    def deed(number: int) -> None:
        try:
            together.wait()
            with transaction.atomic():
                tell(key="same")
                tell(key=f"own{number}")
            done.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deed, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(8))
    assert Notice.objects.filter(key="same").count() == 1
    assert Notice.objects.count() == 9


def test_who_loses_the_race_inside_a_deed_goes_on(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(key="k1")
    found = iter([False, True])  # not there when looked for, there when written
    with monkeypatch.context() as patched:
        patched.setattr("kedang.messages.posting._posted", lambda to, key: next(found))
        with transaction.atomic():
            tell(key="k1")
            Notice.objects.filter(key="k1").update(read_us=7)
    assert list(Notice.objects.values_list("key", "read_us")) == [("k1", 7)]


def test_a_notice_goes_back_with_its_deed(site: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tell()
        raise RuntimeError
    assert not Notice.objects.exists()


def test_copies_are_made_for_the_addresses_there_are(world: World, mail_on: None) -> None:
    tell(key="before")
    wants(world)
    wants(world, "manager", on=False)
    tell(key="after")
    tell("manager", key="after")
    made = Delivery.objects.filter(notice__key="after").values_list("notice__to", "channel")
    assert set(made) == {("clerk", "mail")}
    assert not Delivery.objects.filter(notice__key="before").exists()


def note(to: str, key: str) -> messages.Note:
    return messages.Note(to, key, "%(what)s is due", {"what": "C00000001X"}, "/", clock.now_us())


def test_many_at_once_are_told_once_each_with_their_copies(world: World, mail_on: None) -> None:
    tell(key="k1")
    wants(world)
    messages.post_all([note("clerk", "k1"), note("clerk", "k2"), note("manager", "k2"), note("clerk", "k2")])
    told = sorted(Notice.objects.filter(key__in=("k1", "k2")).values_list("to", "key"))
    assert told == [("clerk", "k1"), ("clerk", "k2"), ("manager", "k2")]
    made = Delivery.objects.filter(notice__key__in=("k1", "k2")).values_list("notice__to", "notice__key", "channel")
    assert list(made) == [("clerk", "k2", "mail")]


def test_of_many_one_that_was_posted_meanwhile_stops_none(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(key="k1")
    monkeypatch.setattr("kedang.messages.posting._new", list)  # looked before the other had written
    with transaction.atomic():
        messages.post_all([note("clerk", "k1"), note("clerk", "k2")])
    assert sorted(Notice.objects.values_list("key", flat=True)) == ["k1", "k2"]


def test_nothing_is_queued_for_a_channel_the_site_does_not_have(world: World, mail_off: None) -> None:
    wants(world)
    tell()
    assert not Delivery.objects.exists()


def test_a_link_leads_to_a_page_of_ours(site: Any) -> None:
    for link in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:x"):
        with pytest.raises(ValueError, match="a page of ours"):
            tell(link=link)


def test_a_persons_number_in_a_parameter_is_blanked_out(site: Any) -> None:
    numbers = "13800138000 138 0013 8000 029-87651234 110101199003070038 a.b@example.cn"
    messages.post("clerk", key="k", title="%(a)s", params={"a": numbers}, link="/", at_us=clock.now_us())
    text = sentence("%(a)s", Notice.objects.get().params)
    assert set(text.split()) == {"•••"}


def test_codes_and_credit_codes_stay(site: Any) -> None:
    tell(params={"what": "C00000001X 91350100M000100Y43 call:12"})
    assert "C00000001X 91350100M000100Y43 call:12" in Notice.objects.get().params


def test_a_notice_of_another_edition_shows_its_title(site: Any) -> None:
    assert sentence("%(gone)s is due", "{}") == "%(gone)s is due"
    assert sentence("100 % done", "{}") == "100 % done"


def test_everybody_sees_their_own_notices_alone(world: World) -> None:
    tell("clerk")
    assert selectors.unread(world.actor("clerk")) == 1
    assert selectors.unread(world.actor("manager")) == 0
    assert not selectors.notices_for(world.actor("boss")).exists()
