"""How values look on a page: numbers, amounts, sizes, and instants in the company's zone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from kedang.kernel import clock

DASH = "—"


def number(value: int | None) -> str:
    """A whole number with thousands separators; a dash for none."""
    return DASH if value is None else f"{value:,}"


def moment(us: int | None) -> str:
    """A stored instant (µs of UTC) as `2026-11-22 14:05` in the company's zone; a dash for none or 0."""
    if not us:
        return DASH
    return clock.from_us(us).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")


def exact(us: int) -> str:
    """A stored instant to the second with its offset, for the title of a shortened one."""
    return clock.from_us(us).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M:%S %z")


def iso(us: int) -> str:
    """A stored instant as ISO 8601 in UTC, for `<time datetime>`."""
    return clock.from_us(us).isoformat().replace("+00:00", "Z")


def day(value: date | int | None) -> str:
    """A date, or the company's day of an instant (µs), as `2026-11-22`; a dash for none or 0."""
    if not value:
        return DASH
    return (value if isinstance(value, date) else clock.company_day(value)).isoformat()


def yuan(fen: int | None, currency: str = "CNY") -> str:
    """An amount kept in 分 as `1,234.56 CNY` (1,234.56 元); whole units without decimals; a dash for none."""
    if fen is None:
        return DASH
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    amount = f"{sign}{whole:,}" + (f".{rest:02d}" if rest else "")
    return gettext("%(amount)s CNY") % {"amount": amount} if currency == "CNY" else f"{amount} {currency}"


def size(count: int) -> str:
    """A number of bytes as B, KiB, MiB or GiB."""
    value = float(count)
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def percent(part: int, whole: int) -> int:
    """Part of a whole in whole per cent, 100 only when nothing is missing."""
    if whole <= 0:
        return 0
    return min(part * 100 // whole, 100)
