"""How a masked value looks: enough to recognise it, not enough to use it; pure."""

from __future__ import annotations

from collections.abc import Callable

from kedang.customers.fields import Field

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


def masked(field: Field, text: str) -> str:
    """The masked form of any personal value, by the field's standard: of a name its first character, of a number
    its last ones, of a day and of anything else nothing but that it is there."""
    if not text or field.key in _OWN:
        return mask(field.key, text)
    return _BY_STANDARD.get(field.standard, _hidden)(text)


def _name(text: str) -> str:
    return text[0] + STAR * 2


def _hidden(text: str) -> str:
    return STAR * 4


_OWN = frozenset({"contact.email", "contact.name", "contact.phones", "identity_number"})
_BY_STANDARD: dict[str, Callable[[str], str]] = {
    "name": _name,
    "email": _email,
    "phones": lambda text: mask("contact.phones", text),
    "identity_number": lambda text: _number(text, head=0),
}
