"""`kedang pack`: the regulations this site knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, note, table
from kedang.governance import founding
from kedang.governance.gate import perform
from kedang.governance.ops import AdoptPack
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.packs import in_force
from kedang.packs.checking import check_file
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions
from kedang.packs.shipped import list_shipped, load_shipped

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("pack")
def command() -> None:
    """The regulations this site knows."""


@command.command("list")
@asking.as_json
def list_packs(json: bool) -> None:
    """Packs that come with the product, and the editions adopted here."""
    shipped = [{"name": name, "title": load_shipped(name).meta.title} for name in list_shipped()]
    result = {"shipped": shipped, "adopted": _adopted() if founding.is_founded() else []}
    lines = table([_("name"), _("title")], [(each["name"], each["title"]) for each in shipped])
    adopted = table(
        [_("adopted"), _("by"), _("since")], [(a["version"], a["by"], a["effective"]) for a in result["adopted"]]
    )
    answer(result, json=json, lines=[*lines, "", *adopted])


@command.command()
@click.argument("name", required=False)
@asking.as_json
def show(name: str | None, json: bool) -> None:
    """The pack of a NAME that comes with the product, or the one in force."""
    pack = load_shipped(name) if name else in_force()
    result = _as_json(pack)
    lines = table([_("article"), _("title")], [(a["number"], a["title"]) for a in result["articles"]])
    answer(result, json=json, lines=[f"{pack.version}  {pack.meta.title}", *lines])


@command.command()
@click.argument("file", type=FILE)
@asking.as_json
def check(file: Path, json: bool) -> int:
    """Check a pack file: line, key and what was expected. Exit code 1 when something is wrong."""
    problems = check_file(file, OPERATIONS)
    rows = [
        {"line": p.line, "key": p.key, "rule": p.rule, "expected": p.expectation(_), "found": p.found} for p in problems
    ]
    for problem in problems:
        note(str(problem))
    answer(
        {"ok": not problems, "file": str(file), "problems": rows}, json=json, lines=[] if problems else [_("Sound.")]
    )
    return 1 if problems else 0


@command.command()
@click.argument("file", type=FILE)
@asking.with_reason
@asking.as_user
@asking.as_json
def load(file: Path, reason: str, user: str, json: bool) -> None:
    """Adopt the edition in FILE; it is in force at once, and never retroactive."""
    by = asking.acting(user)
    payload = AdoptPack(source=file.read_text(encoding="utf-8"), file=file.name)
    call = perform("pack.adopt", by=by, subject="-", payload=payload, reason=reason)
    result = {"state": call.state, "pack": call.outcome["pack"]}
    answer(result, json=json, lines=[_("%(pack)s is in force.") % result])


def _adopted() -> list[dict[str, Any]]:
    return [
        {
            "version": row.version, "by": row.adopted_by, "founding": row.founding, "digest": row.digest,
            "effective": clock.from_us(row.effective_us).isoformat(),
        }
        for row in versions().order_by("effective_us", "pk")
    ]  # fmt: skip


def _as_json(pack: Pack) -> dict[str, Any]:
    return {
        "version": pack.version, "title": pack.meta.title,
        "roles": {code: role.title for code, role in pack.roles.items()},
        "operations": {name: sorted(rule.who) for name, rule in pack.operations.items()},
        "articles": [
            {"number": number, "title": each.title, "text": each.text, "controls": list(each.controls)}
            for number, each in pack.articles.items()
        ],
    }  # fmt: skip
