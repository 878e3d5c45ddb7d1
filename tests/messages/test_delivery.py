"""Copies go out after the deed, again after growing pauses, and are given up in the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from kedang.kernel import clock
from kedang.messages import addresses, channels, selectors
from kedang.messages.delivery import PAUSES_US, TAKEN_US, deliver
from kedang.messages.delivery import _take as take
from kedang.messages.models import Address, Delivery
from tests.messages.notes import MAIL, Post, tell, texts, wants
from tests.world import World

pytestmark = pytest.mark.usefixtures("mail_on")


@pytest.fixture
def post(world: World) -> Post:
    wants(world)
    office = Post()
    deliver(clock.now_us(), senders=office.senders)  # the trial that follows a new address
    office.sent.clear()
    office.tried = 0
    return office


def test_a_copy_goes_out_once(post: Post) -> None:
    tell()
    now = clock.now_us()
    assert post.sent == []
    assert deliver(now, senders=post.senders) == 1
    assert deliver(now + PAUSES_US[-1], senders=post.senders) == 0
    assert [target for target, _ in post.sent] == [MAIL]
    assert "C00000001X" in texts(post.sent)
    assert Delivery.objects.get(notice__key="k1").state == "sent"


def test_a_failed_copy_is_tried_again_after_growing_pauses(post: Post) -> None:
    tell()
    post.failures = 2
    now = clock.now_us()
    assert deliver(now, senders=post.senders) == 0
    assert deliver(now + PAUSES_US[0] - 1, senders=post.senders) == 0
    assert post.tried == 1
    assert deliver(now + PAUSES_US[0], senders=post.senders) == 0
    again = now + PAUSES_US[0] + PAUSES_US[1]
    assert deliver(again - 1, senders=post.senders) == 0
    assert deliver(again, senders=post.senders) == 1
    assert (post.tried, len(post.sent)) == (3, 1)
    assert list(PAUSES_US) == sorted(set(PAUSES_US))


def test_a_copy_that_never_gets_through_is_given_up_and_noticed(post: Post) -> None:
    tell()
    post.failures = 99
    now = clock.now_us()
    for _ in range(20):
        deliver(now, senders=post.senders)
        now += PAUSES_US[-1]
    found = Delivery.objects.get(notice__key="k1")
    assert (post.tried, found.state, found.error) == (len(PAUSES_US) + 1, "failed", "ConnectionRefusedError")
    assert MAIL not in found.error
    assert selectors.failed_since(clock.now_us()) == 1


def test_one_bad_address_does_not_hold_up_the_others(world: World, post: Post) -> None:
    wants(world, "manager", target="manager@example.cn")
    tell("clerk")
    tell("manager")

    def choosy(target: str, letter: Any) -> None:
        if target == MAIL:
            raise OSError
        post(target, letter)

    deliver(clock.now_us(), senders={"mail": choosy})
    assert {target for target, _ in post.sent} == {"manager@example.cn"}


def test_a_copy_another_worker_has_taken_is_left_to_it(post: Post) -> None:
    tell()
    now = clock.now_us()
    inner: list[int] = []

    def slow(target: str, letter: Any) -> None:
        inner.append(deliver(now, senders=post.senders))
        post(target, letter)

    assert deliver(now, senders={"mail": slow}) == 1
    assert (inner, len(post.sent)) == ([0], 1)


def test_a_copy_that_kills_its_worker_is_not_tried_without_end(post: Post) -> None:
    tell()
    now = clock.now_us()

    def killer(target: str, letter: Any) -> None:
        post.tried += 1
        raise KeyboardInterrupt

    for _ in range(len(PAUSES_US) + 1):
        with pytest.raises(KeyboardInterrupt):
            deliver(now, senders={"mail": killer})
        now += TAKEN_US
    deliver(now, senders={"mail": killer})
    assert post.tried == len(PAUSES_US) + 1
    assert Delivery.objects.get(notice__key="k1").state == "failed"


def test_who_left_gets_nothing_more(post: Post) -> None:
    tell()
    deliver(clock.now_us(), senders=post.senders, may_reach=lambda name: name != "clerk")
    assert post.sent == []
    assert Delivery.objects.get(notice__key="k1").state == "dropped"


def test_a_channel_switched_off_meanwhile_gets_nothing(world: World, post: Post) -> None:
    tell()
    wants(world, target=None, on=False)
    deliver(clock.now_us(), senders=post.senders)
    assert post.sent == []


def test_the_letter_says_where_to_look_and_asks_for_the_receipt(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SITE_URL", "https://kedang.example.cn/")
    monkeypatch.setattr(settings, "LANGUAGE_CODE", "en")
    tell(receipt=True, link="/requests/7/")
    deliver(clock.now_us(), senders=post.senders)
    assert "https://kedang.example.cn/requests/7/" in texts(post.sent)
    assert "confirm that you have read" in texts(post.sent)


def test_mail_goes_by_djangos_mail(world: World, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    monkeypatch.setattr("django.core.mail.outbox", [], raising=False)
    tell(params={"what": "one\nBcc: evil@example.cn"})
    assert deliver(clock.now_us()) == 1
    from django.core import mail  # noqa: PLC0415 - the outbox exists from now on

    (letter,) = mail.outbox
    assert (letter.to, letter.bcc, "\n" in letter.subject) == ([MAIL], [], False)


@pytest.mark.parametrize(
    "target",
    ["json://localhost/", "jsons://10.0.0.1/", "form://localhost", "mailto://user:pass@example.cn", "file:///etc/passwd",
     "dingtalk://token?verify=no", "dingtalk://a,json://localhost", "dingtalk://a json://localhost", "apprise://h/k",
     "https://localhost/robot/send?access_token=abc", "http://169.254.169.254/", "wecombot://", "feishu://a%00b", "x"],
)  # fmt: skip
def test_only_named_services_are_let_in(world: World, target: str) -> None:
    assert not addresses.may_send(target)
    with pytest.raises(Exception, match="Paste the webhook"):
        wants(world, channel="apprise", target=target)
    with pytest.raises(channels.NotSent, match="not allowed"):
        channels.by_apprise(target, channels.Letter("a", "b"))
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("https://oapi.dingtalk.com/robot/send?access_token=0a1b2c", "dingtalk://0a1b2c"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx", "wecombot://693a91f6-7xxx"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/ab-cd", "feishu://ab-cd"),
        (" feishu://ab-cd ", "feishu://ab-cd"),
    ],
)
def test_the_webhook_as_people_copy_it_is_understood(pasted: str, kept: str) -> None:
    assert addresses.read("apprise", pasted) == kept


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_an_address_of_apprise_reaches_the_service_of_its_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Answer:
        status_code = 200
        content = b'{"errcode": 0}'

    def posted(url: str, **rest: Any) -> Answer:
        asked.append(url)
        return Answer()

    monkeypatch.setattr("apprise.plugins.dingtalk.requests.post", posted)
    channels.by_apprise("dingtalk://" + "a1" * 32, channels.Letter("标题", "正文"))
    assert [url.split("?")[0] for url in asked] == ["https://oapi.dingtalk.com/robot/send"]


def test_a_schema_taken_off_the_list_gets_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(world, channel="apprise", target="feishu://ab-cd")
    monkeypatch.setattr(settings, "APPRISE_SCHEMAS", ["dingtalk"])
    assert deliver(clock.now_us()) == 0
    assert Delivery.objects.get().error == "NotSent: this kind of address is not allowed"


def test_of_two_workers_that_saw_the_same_copy_one_has_it(post: Post) -> None:
    tell()
    one, other = (Delivery.objects.get(notice__key="k1") for _ in range(2))
    now = clock.now_us()
    assert (take(one, now), take(other, now)) == (True, False)
