"""How a masked value looks: enough to recognise it, not enough to use it; pure."""

from __future__ import annotations

STAR = "*"


def mask(key: str, text: str) -> str:
    """The masked form of a personal value by field key; an empty text stays empty."""
    if not text:
        return ""
    if key == "contact.email":
        return _email(text)
    if key == "contact.name":
        return text[0] + STAR * 2
    if key == "contact.phones":
        return "、".join(_number(number, head=3 if not number.startswith("+86") else 6) for number in text.split("、"))
    return _number(text, head=0)


def _number(number: str, head: int) -> str:
    tail = 4 if len(number) > head + 4 else max(len(number) - head, 0) // 2
    return number[:head] + STAR * (len(number) - head - tail) + (number[-tail:] if tail else "")


def _email(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{STAR * 3}{at}{domain}"
