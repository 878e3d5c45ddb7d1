"""`kedang search`: find customers."""

from __future__ import annotations

from dataclasses import fields

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.customers import present
from kedang.customers.browsing import MOST, Filters, browse

NAMES = tuple(each.name for each in fields(Filters))


def read_filters(conditions: tuple[str, ...]) -> Filters:
    """Filters from texts of the form field=value; a field there is no filter for is wrong usage."""
    given = dict(asking.pair(text) for text in conditions)
    if unknown := sorted(set(given) - set(NAMES)):
        raise click.BadParameter(f"{unknown[0]}: there are filters for {', '.join(NAMES)}")
    return Filters(**given)


@click.command("search")
@click.argument("text")
@click.option("--where", "conditions", multiple=True, metavar="FIELD=VALUE", help=f"Narrow by {', '.join(NAMES)}.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, MOST), help="Most items to show.")
@asking.as_user
@asking.as_json
def command(text: str, conditions: tuple[str, ...], limit: int, user: str, json: bool) -> None:
    """Find customers by any part of a name, a code, pinyin initials, or the end of a telephone number."""
    by = asking.acting(user)
    page = browse(by, text, read_filters(conditions), limit=limit)
    shown = present.listed(by, page.rows, query=text, kind="search")
    items = [
        {
            "id": row.id, "code": row.code, "name": row.name, "class": row.state, "region": row.values["region"],
            "owner": row.owner,
        }
        for row in shown
    ]  # fmt: skip
    lines = table([_("code"), _("name"), _("class"), _("region"), _("owner")],
                  [[item[key] for key in ("code", "name", "class", "region", "owner")] for item in items])  # fmt: skip
    count = _("%(total)s found") if page.total_exact else _("more than %(total)s found")
    result = {"total": page.total, "total_exact": page.total_exact, "items": items, "ms": page.ms}
    answer(result, json=json, lines=[*lines, count % {"total": page.total}])
