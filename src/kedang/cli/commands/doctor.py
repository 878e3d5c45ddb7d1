"""`kedang doctor`: what is well and what is not with this site."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _

from kedang.cli import asking, site
from kedang.cli.answering import answer, note, table
from kedang.customers.digest import state_digest
from kedang.governance import founding, jobs
from kedang.kernel.errors import KedangError
from kedang.upkeep.checks import Check, examine


@click.command("doctor")
@click.option("--settings", "list_settings", is_flag=True, help="List every setting and the value in force.")
@asking.as_json
def command(list_settings: bool, json: bool) -> int:
    """Look at everything that can go wrong with a site. Exit code 1 when something has failed.

    With --json the object also holds `state_digest`, one hash over all current values in the order of ids.
    """
    if list_settings:
        return _settings(json)
    checks = examine_site()
    checks += [] if checks[0].status == "failed" else examine()
    failed = [check for check in checks if check.status == "failed"]
    result: dict[str, Any] = {
        "ok": not failed, "version": version("kedang"), "home": str(settings.KEDANG_HOME),
        "database": founding.vendor(),
        "checks": [{"name": each.name, "status": each.status, "detail": each.detail} for each in checks],
    }  # fmt: skip
    if json:
        result["state_digest"] = _digest()
    rows = [(each.status, each.name, each.detail) for each in checks]
    answer(result, json=json, lines=table([_("status"), _("check"), _("finding")], rows))
    return 1 if failed else 0


def _digest() -> str:
    """The state digest, empty where the values cannot be read; the checks say why."""
    try:
        return state_digest() if founding.is_founded() else ""
    except KedangError as error:
        note(str(error))
        return ""


def examine_site() -> list[Check]:
    """Whether the tables are those of this program, and whether a worker lives."""
    why = site.why_not_ready()
    tables = Check("site", "failed", why) if why else Check("site", "ok", _("The databases are up to date."))
    if why:
        return [tables]
    alive = jobs.worker_alive()
    said = _("A worker is running.") if alive else _("No worker is running; commands run their own jobs.")
    return [tables, Check("worker", "ok" if alive else "warning", said)]


def _settings(json: bool) -> int:
    declared = settings.SETTINGS_DECLARED.values()
    rows = [
        {
            "name": each.name, "value": _("(set)") if each.secret and each.value else str(each.value),
            "default": each.default, "meaning": each.meaning,
        }
        for each in declared
    ]  # fmt: skip
    cells = [(row["name"], row["value"], row["default"], row["meaning"]) for row in rows]
    lines = table([_("setting"), _("value"), _("default"), _("meaning")], cells)
    answer({"settings": rows}, json=json, lines=lines)
    return 0
