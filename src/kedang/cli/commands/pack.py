"""`kedang pack`: the regulations this site knows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, overlays
from kedang.cli.answering import answer, note, table
from kedang.cli.failing import Failed
from kedang.customers import dictionary, entries, nature
from kedang.governance import founding
from kedang.governance.flows.selectors import call_for
from kedang.governance.gate import perform
from kedang.governance.ops import AdoptPack
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible
from kedang.packs.checking import check_file, under_law
from kedang.packs.differences import differences
from kedang.packs.merging import LawfulPack
from kedang.packs.schema import Pack, json_schema
from kedang.packs.selectors import NoPackInForce, lawful_in_force, lawful_version, versions
from kedang.packs.shipped import list_shipped, load_lawful, load_shipped

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("pack")
def command() -> None:
    """The regulations this site knows."""


command.add_command(overlays.command)


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
@click.option("--overrides", is_flag=True, help="What standards and the law replaced in it, and why.")
@asking.as_json
def show(name: str | None, overrides: bool, json: bool) -> None:
    """The pack of a NAME that comes with the product, of an adopted edition or a file; or the one in force."""
    lawful = _lawful(name) if name else lawful_in_force()
    result = _as_json(lawful.pack)
    result["overrides"] = [
        {"key": each.key, "by": each.by, "pack": each.pack_value, "now": each.law_value, "why": each.why}
        for each in lawful.overrides
    ]
    lines = table([_("article"), _("title")], [(a["number"], a["title"]) for a in result["articles"]])
    if overrides:
        titles = [_("key"), _("the pack says"), _("in force"), _("according to"), _("why")]
        lines = table(titles, [(o["key"], o["pack"], o["now"], o["by"], o["why"]) for o in result["overrides"]])
    answer(result, json=json, lines=[f"{lawful.pack.version}  {lawful.pack.meta.title}", *lines])


@command.command()
@click.argument("file", type=FILE)
@asking.as_json
def check(file: Path, json: bool) -> int:
    """Check a pack file: line, key and what was expected. Exit code 1 when something is wrong."""
    problems = check_file(file, OPERATIONS) or nature.problems(file.read_bytes(), file.name, _earlier())
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
@click.option("--effective", default="", metavar="INSTANT", help="In force from then on; at once without it.")
@asking.with_reason
@asking.as_user
@asking.as_json
def load(file: Path, effective: str, reason: str, user: str, json: bool) -> None:
    """Adopt the edition in FILE. Where the regulation in force names an approver, it waits for that signature."""
    by = asking.acting(user)
    payload = AdoptPack(source=file.read_text(encoding="utf-8"), file=file.name, effective=_instant(effective))
    call = perform("pack.adopt", by=by, subject="-", payload=payload, reason=reason)
    if call.state != "done":
        answer(
            {"state": call.state, "request": call.pk}, json=json,
            lines=[_("Request %(request)s waits for a signature.") % {"request": call.pk}],
        )  # fmt: skip
        return
    result = {"state": call.state, "pack": call.outcome["pack"], "effective": call.outcome["effective"]}
    answer(result, json=json, lines=[_("%(pack)s is in force from %(effective)s.") % result])


@command.command()
@click.argument("one")
@click.argument("other")
@asking.as_json
def diff(one: str, other: str, json: bool) -> None:
    """What differs from ONE to OTHER: names of shipped packs, adopted editions (`records/2`) or files."""
    found = differences(_lawful(one).pack, _lawful(other).pack)
    rows = [{"key": each.key, "before": each.before, "after": each.after} for each in found]
    lines = [f"{each.key}: {each.before or '-'} → {each.after or '-'}" for each in found]
    answer({"from": one, "to": other, "differences": rows}, json=json, lines=lines or [_("No difference.")])


@command.command("dictionary")
@click.argument("key", required=False)
@click.option("--part", default="", help="dossier, contact, or a module such as contract.")
@click.option("--all", "every", is_flag=True, help="Also what is not collected.")
@asking.as_json
def show_dictionary(key: str | None, part: str, every: bool, json: bool) -> None:
    """The data dictionary of the edition in force, or the one field of a KEY."""
    known = entries.in_force(_)
    found = [entry for entry in known.entries if key in (None, entry.key) and part in ("", entry.part)]
    if key and not found:
        raise Failed("not_found", _("There is no field %(key)s.") % {"key": key})
    listed = [entry for entry in found if every or key or entry.collected]
    rows = [(e.key, e.title, "；".join(e.said), _(entries.SENSITIVITIES[e.sensitivity]), e.since) for e in listed]
    titles = [_("key"), _("title"), _("standard"), _("sensitivity"), _("since")]
    result = {"pack": known.version, "before": known.before, "gone": list(known.gone)}
    answer(result | {"fields": [entries.as_json(entry) for entry in listed]}, json=json, lines=table(titles, rows))


@command.command()
def schema() -> None:
    """The JSON Schema of a pack file, for editors."""
    answer(json_schema(), json=True)


@command.command()
@click.argument("call", type=int)
@asking.as_user
@asking.as_json
def explain(call: int, user: str, json: bool) -> None:
    """By which edition, articles and controls the request or deed of number CALL was decided."""
    try:
        found = call_for(asking.acting(user), call)
    except NotVisible:
        raise Failed("not_found", _("There is no such request, or it is none of yours.")) from None
    pack = lawful_version(found.pack_version).pack
    articles = [
        {"number": number, "title": pack.articles[number].title, "text": pack.articles[number].text}
        for number in found.articles.split("\n") if number in pack.articles
    ]  # fmt: skip
    result: dict[str, Any] = {
        "call": found.pk, "operation": found.op, "state": found.state, "pack": found.pack_version,
        "articles": articles, "controls": [name for name in found.controls.split("\n") if name],
    }  # fmt: skip
    lines = [f"{found.op}  {found.state}  {found.pack_version}", *table([_("article"), _("title")], _pairs(articles))]
    answer(
        result, json=json, lines=[*lines, _("controls: %(names)s") % {"names": ", ".join(result["controls"]) or "-"}]
    )


def _earlier() -> dictionary.Fields:
    """Added fields of the editions adopted at this site, if there is one."""
    return dictionary.ever_added() if founding.is_founded() else {}


def _pairs(articles: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(each["number"], each["title"]) for each in articles]


def _lawful(name: str) -> LawfulPack:
    """A pack by the name it ships under, by its version as adopted, or from a file."""
    if name in list_shipped():
        return load_lawful(name)
    if Path(name).is_file():
        return under_law(Path(name).read_bytes(), Path(name).name)
    try:
        return lawful_version(name)
    except NoPackInForce:
        raise Failed("not_found", _("There is no pack, edition or file %(name)s.") % {"name": name}) from None


def _instant(text: str) -> str:
    """An instant as the payload wants it; without a zone it is company time."""
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(_("%(text)s is no instant such as 2026-07-01T00:00.") % {"text": text}) from None
    return (at if at.tzinfo else at.replace(tzinfo=clock.COMPANY_ZONE)).isoformat()


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
