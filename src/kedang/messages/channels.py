"""The two ways out of the house: Django's mail, and Apprise for DingTalk, WeCom and Feishu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import apprise
from django.conf import settings
from django.core.mail import EmailMessage

from kedang.kernel.errors import KedangError
from kedang.messages.addresses import may_send


class NotSent(KedangError):
    """A copy of a notice did not get through; the text says why and names no address."""

    code = "not_sent"


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: no name and no value of any customer."""

    title: str
    body: str


Sender = Callable[[str, Letter], None]


def mail(target: str, letter: Letter) -> None:
    """Send by Django's mail, as the settings say."""
    if not EmailMessage(letter.title, letter.body, settings.DEFAULT_FROM_EMAIL, [target]).send():
        raise NotSent("the mail server took nothing")


def by_apprise(target: str, letter: Letter) -> None:
    """Send by Apprise, to an allowed service alone: the setting may have been narrowed since the address was kept."""
    if not may_send(target):
        raise NotSent("this kind of address is not allowed")
    service = apprise.Apprise.instantiate(target, suppress_exceptions=True)
    if not isinstance(service, apprise.NotifyBase):
        raise NotSent("this is no complete address")
    if not service.notify(body=letter.body, title=letter.title):
        raise NotSent("the service took nothing")


SENDERS: Mapping[str, Sender] = MappingProxyType({"mail": mail, "apprise": by_apprise})
