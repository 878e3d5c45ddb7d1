"""`kedang user`: units, accounts, roles and passwords, each a deed of the officer who does it."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, passwords
from kedang.cli.answering import answer, note, table
from kedang.governance.gate import perform
from kedang.kernel.deeds import Payload
from kedang.packs import in_force
from kedang.people import payloads, selectors
from kedang.people.actors import held_roles
from kedang.people.models import SCOPES, Staff


@click.group("user")
def command() -> None:
    """Units, accounts, roles and passwords."""


@command.command()
@click.argument("username")
@click.option("--name", required=True, metavar="TEXT", help="The name colleagues see.")
@click.option("--unit", default="HQ", show_default=True, metavar="CODE", help="The unit the person belongs to.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input; else a random one.")
@asking.as_user
@asking.as_json
def create(username: str, name: str, unit: str, password_stdin: bool, user: str, json: bool) -> None:
    """Add a person without any right; roles, clearance and scope are the security officer's to give."""
    by = asking.acting(user)
    password, made_here = passwords.chosen_password(password_stdin)
    payload = payloads.CreateStaff(username=username, name=name, unit=unit, password_hash=passwords.hash_of(password))
    perform("people.create", by=by, subject="-", payload=payload)
    result: dict[str, Any] = {"user": username.lower(), "unit": unit}
    _show_once(result, password if made_here else "", json)


@command.command()
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input; else a random one.")
@asking.as_user
@asking.as_json
def password(username: str, password_stdin: bool, user: str, json: bool) -> None:
    """Set a password: one's own, or as system officer anybody's. Other sessions end."""
    by = asking.acting(user)
    chosen, made_here = passwords.chosen_password(password_stdin)
    payload = payloads.SetPassword(password_hash=passwords.hash_of(chosen))
    perform("people.password", by=by, subject=f"staff:{username.lower()}", payload=payload)
    _show_once({"user": username.lower()}, chosen if made_here else "", json)


@command.command()
@click.argument("username")
@click.argument("role")
@click.option("--until", default="", metavar="YYYY-MM-DD", help="The last day of the role; without: no end.")
@asking.with_reason
@asking.as_user
@asking.as_json
def grant(username: str, role: str, until: str, reason: str, user: str, json: bool) -> None:
    """Give a role."""
    payload = payloads.GrantRole(role=role, until_us=asking.end_of_day_us(until))
    _deed("people.grant", username, payload, user, reason, {"role": role}, json)


@command.command()
@click.argument("username")
@click.argument("role")
@asking.with_reason
@asking.as_user
@asking.as_json
def revoke(username: str, role: str, reason: str, user: str, json: bool) -> None:
    """Take a role back."""
    _deed("people.revoke", username, payloads.RevokeRole(role=role), user, reason, {"role": role}, json)


@command.command()
@click.argument("username")
@click.option("--clearance", type=click.IntRange(0, 4), help="Up to which classification: 0 public … 4 top secret.")
@click.option("--scope", type=click.Choice(SCOPES), help="How far around the own desk.")
@asking.with_reason
@asking.as_user
@asking.as_json
def clear(username: str, clearance: int | None, scope: str | None, reason: str, user: str, json: bool) -> None:
    """Set clearance and row scope."""
    payload = payloads.ClearStaff.model_validate({"clearance": clearance, "scope": scope})
    _deed("people.clear", username, payload, user, reason, {"clearance": clearance, "scope": scope}, json)


@command.command()
@click.argument("username")
@click.option("--name", metavar="TEXT", help="The new name.")
@click.option("--unit", metavar="CODE", help="The new unit.")
@asking.as_user
@asking.as_json
def amend(username: str, name: str | None, unit: str | None, user: str, json: bool) -> None:
    """Rename a person or move them to another unit."""
    _deed("people.amend", username, payloads.AmendStaff(name=name, unit=unit), user, "", {}, json)


@command.command()
@click.argument("username")
@asking.as_user
@asking.as_json
def close(username: str, user: str, json: bool) -> None:
    """Close an account: sessions end, tokens die, the person stays in the records."""
    _deed("people.deactivate", username, payloads.Nothing(), user, "", {"closed": True}, json)


@command.command()
@click.argument("code")
@click.argument("name")
@click.option("--below", default="HQ", show_default=True, metavar="CODE", help="The unit above it.")
@asking.as_user
@asking.as_json
def unit(code: str, name: str, below: str, user: str, json: bool) -> None:
    """Add a unit."""
    by = asking.acting(user)
    perform("people.unit", by=by, subject=f"unit:{below}", payload=payloads.CreateUnit(code=code, name=name))
    answer({"unit": code, "below": below}, json=json, lines=[_("Done.")])


@command.command("list")
@asking.as_user
@asking.as_json
def list_people(user: str, json: bool) -> None:
    """Accounts that USER administers: all for an officer, else one's own."""
    by = asking.acting(user)
    rows = [_row(staff) for staff in selectors.staff_for(by)]
    titles = [_("user"), _("full name"), _("unit"), _("roles"), _("clearance"), _("scope"), _("active")]
    cells = [_cells(row) for row in rows]
    answer({"users": rows, "pack": in_force().version}, json=json, lines=table(titles, cells))


def _row(staff: Staff) -> dict[str, Any]:
    return {
        "user": staff.username, "name": staff.name, "unit": staff.unit.code, "roles": sorted(held_roles(staff)),
        "clearance": staff.clearance, "scope": staff.scope, "active": staff.is_active,
    }  # fmt: skip


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    active = _("yes") if row["active"] else _("no")
    return row["user"], row["name"], row["unit"], " ".join(row["roles"]), row["clearance"], row["scope"], active


def _deed(op: str, username: str, payload: Payload, user: str, reason: str, said: dict[str, Any], json: bool) -> None:
    perform(op, by=asking.acting(user), subject=f"staff:{username.lower()}", payload=payload, reason=reason)
    answer({"user": username.lower(), **said}, json=json, lines=[_("Done.")])


def _show_once(result: dict[str, Any], password: str, json: bool) -> None:
    if password:
        result["password"] = password
        if not json:
            note(_("Password of %(user)s, shown only now:") % result)
    answer(result, json=json, lines=[password] if password else [_("Done.")])
