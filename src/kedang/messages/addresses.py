"""Where notices may be sent: what an address looks like on each channel, and how it is kept.

An address of Apprise makes this server send requests, so only services whose host is fixed by the service itself are
let in (`KEDANG_APPRISE_SCHEMAS`); a plain `json://…` could be turned against the company's own network.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.messages.models import Address
from kedang.vault import cipher, keyring

LONGEST = 300
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_APPRISE = re.compile(r"([a-z][a-z0-9]*)://[A-Za-z0-9@:._/+-]+")
_FEISHU_HOOK = "/open-apis/bot/v2/hook/"


def is_open(channel: str) -> bool:
    """Whether this site sends anything on a channel."""
    return settings.MAIL != "off" if channel == "mail" else bool(settings.APPRISE_SCHEMAS)


def read(channel: str, text: str) -> str:
    """An address as it is kept; Refused(invalid) when nothing may be sent there."""
    plain = text.strip()
    if len(plain) > LONGEST:
        raise _wrong(N_("This address is too long."))
    if channel == "mail":
        if not _MAIL.fullmatch(plain):
            raise _wrong(N_("This is no mail address."))
        return plain
    address = _of_webhook(plain)
    if not may_send(address):
        raise _wrong(N_("Notices are not sent to this kind of address. Paste the webhook of a DingTalk, WeCom or "
                        "Feishu robot."))  # fmt: skip
    return address


def may_send(address: str) -> bool:
    """Whether an Apprise address is of a service this site allows, without any option of its own."""
    found = _APPRISE.fullmatch(address)
    return found is not None and found[1] in settings.APPRISE_SCHEMAS


def sealed(staff: str, channel: str, target: str) -> bytes:
    """An address as ciphertext bound to its person and channel."""
    key_id, key = keyring.data_key("messages")
    return cipher.seal(key, target.encode(), _place(staff, channel), key_id)


def opened(address: Address) -> str:
    """The address in plain text, to send to it."""
    key = keyring.data_key("messages", cipher.key_id_of(address.target_ct))[1]
    return cipher.open_sealed(key, address.target_ct, _place(address.staff, address.channel)).decode()


def hinted(address: Address) -> str:
    """As much of an address as its owner needs to recognise it; a robot's address is a password."""
    target = opened(address)
    if address.channel == "mail":
        name, _, host = target.partition("@")
        return f"{name[:1]}•••@{host}"
    schema, _, rest = target.partition("://")
    return f"{schema}://•••{rest.rstrip('/')[-4:]}"


def _of_webhook(text: str) -> str:
    """The address of a robot whose webhook was pasted as DingTalk, WeCom and Feishu show it; others as they are."""
    parts = urlsplit(text)
    asked = parse_qs(parts.query)
    if parts.scheme != "https":
        return text
    if parts.netloc == "oapi.dingtalk.com" and parts.path == "/robot/send":
        return f"dingtalk://{asked.get('access_token', [''])[0]}"
    if parts.netloc == "qyapi.weixin.qq.com" and parts.path == "/cgi-bin/webhook/send":
        return f"wecombot://{asked.get('key', [''])[0]}"
    if parts.netloc == "open.feishu.cn" and parts.path.startswith(_FEISHU_HOOK):
        return f"feishu://{parts.path.removeprefix(_FEISHU_HOOK).strip('/')}"
    return text


def _place(staff: str, channel: str) -> bytes:
    return cipher.aad("notices_address", f"{staff}/{channel}", "target_ct")


def _wrong(detail: str) -> Refused:
    return Refused("invalid", missing=("target",), detail=detail)
