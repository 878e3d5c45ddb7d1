"""The recycle bin as a page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from kedang.customers import removing
from kedang.customers.models import Dossier
from kedang.customers.present import ShownRow
from kedang.customers.removing import Removal
from kedang.kernel.actor import Actor
from kedang.web.asking import Asking
from kedang.web.environment import query
from kedang.web.pages.life import BinLine
from kedang.web.pages.parts import Pager

AT_ONCE = 50
LONGEST = 18


def page(by: Actor, after: str) -> tuple[list[Dossier], str]:
    """A page of the bin, removed last first, and where the next goes on."""
    removed, _, number = after.partition(".")
    known = removed.isdecimal() and number.isdecimal() and len(removed) <= LONGEST and len(number) <= LONGEST
    found = removing.page(by, (int(removed), int(number)) if known else None, AT_ONCE + 1)
    last = found[AT_ONCE - 1] if len(found) > AT_ONCE else None
    return found[:AT_ONCE], f"{last.removed_us}.{last.pk}" if last else ""


def lines(rows: Sequence[Dossier], shown: Sequence[ShownRow]) -> list[BinLine]:
    """Each with who put it there, when and why."""
    why = removing.removals(rows)
    return [_line(each, row, why[row.pk]) for each, row in zip(shown, rows, strict=True)]


def _line(shown: ShownRow, row: Dossier, why: Removal) -> BinLine:
    return BinLine(
        shown.code, shown.name, shown.kind, shown.unit, shown.owner, row.removed_us, why.by_name, why.reason,
        reverse("customer_recover", kwargs={"code": shown.code}),
    )  # fmt: skip


def pager(request: Asking, following: str) -> Pager:
    """First page and next."""
    return Pager(
        before=query(request) if request.GET.get("after") else "",
        after=query(request, after=following) if following else "",
    )
