"""`kedang pack overlay`: what branches set for themselves. They set it with `kedang do pack.overlay unit:CODE`."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.cli.failing import Failed
from kedang.governance import overlays
from kedang.governance.overlays import OverlayShown
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force


@click.group("overlay")
def command() -> None:
    """What branches set for themselves where the regulation leaves it to them."""


@command.command("list")
@asking.as_json
def list_overlays(json: bool) -> None:
    """The values in force and to come, and what the regulation leaves to its branches."""
    pack, found = in_force(), overlays.in_force_now()
    left = overlays.left_to_branches(pack)
    result = {"pack": pack.version, "delegated": list(left), "overlays": [overlays.as_json(each) for each in found]}
    lines = [line for each in found for line in _lines(each)]
    answer(
        result, json=json,
        lines=[pack.version, _("left to branches: %(paths)s") % {"paths": ", ".join(left) or "-"}, "", *lines],
    )  # fmt: skip


@command.command()
@click.argument("name")
@asking.as_json
def show(name: str, json: bool) -> None:
    """One set of values by its NAME (`XA.2`), or the newest of a branch (`XA`)."""
    try:
        found = overlays.named(name)
    except NotVisible:
        raise Failed("not_found", _("There are no values of that name.")) from None
    replaced = [(each.key, each.pack_value, each.law_value, each.why) for each in found.overrides]
    lines = [*_lines(found), _("reason: %(reason)s") % {"reason": found.reason}]
    lines += table([_("key"), _("the branch says"), _("in force"), _("why")], replaced) if replaced else []
    answer(overlays.as_json(found), json=json, lines=lines)


def _lines(found: OverlayShown) -> list[str]:
    since = clock.from_us(found.effective_us).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")
    head = f"{found.name}  {found.unit_name}  {since}  {found.set_by}  {found.approved_by}".rstrip()
    rows = [(each.title, each.path, each.company, each.branch) for each in found.values]
    return [head, *table([_("title"), _("key"), _("the company says"), _("the branch says")], rows)]
