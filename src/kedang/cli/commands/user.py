"""`kedang user`: units, accounts, roles, posts, deputies and passwords, each a deed of whoever does it."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, passwords
from kedang.cli.answering import answer, note, table
from kedang.cli.failing import Failed
from kedang.governance import holdings as joined
from kedang.governance import jobs
from kedang.governance.gate import perform
from kedang.governance.models import ENDED_STATES, Call
from kedang.kernel import clock
from kedang.kernel.deeds import Payload
from kedang.packs import in_force
from kedang.people import payloads, selectors, units
from kedang.people.actors import held_roles
from kedang.people.models import SCOPES, UNIT_KINDS, Staff


@click.group("user")
def command() -> None:
    """Units, accounts, roles, posts, deputies and passwords."""


@command.command()
@click.argument("username")
@click.option("--name", required=True, metavar="TEXT", help="The name colleagues see.")
@click.option("--unit", default="", metavar="CODE", help="The unit the person belongs to; without: the company.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input; else a random one.")
@asking.as_user
@asking.as_json
def create(username: str, name: str, unit: str, password_stdin: bool, user: str, json: bool) -> None:
    """Add a person without any right; roles, clearance and scope are the security officer's to give."""
    by = asking.acting(user)
    password, made_here = passwords.chosen_password(password_stdin)
    unit = unit or _company()
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
    """Set one's own password, or one half of somebody else's.

    The password of another takes two officers: each sets a half and tells it to the person, who signs in with
    both, a blank between, and chooses an own one before anything else.
    """
    by = asking.acting(user)
    chosen, made_here = passwords.chosen_password(password_stdin)
    payload = payloads.SetPassword(password_hash=passwords.hash_of(chosen))
    call = perform("people.password", by=by, subject=f"staff:{username.lower()}", payload=payload)
    half = call.outcome.get("half", 0)
    if half == 1:
        note(_("This is the first half; another officer has to set the second before it opens anything."))
    _show_once({"user": username.lower(), "half": half}, chosen if made_here else "", json)


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
@click.option("--below", default="", metavar="CODE", help="The unit above it; without: the company.")
@click.option("--kind", type=click.Choice(UNIT_KINDS), default="department", show_default=True, help="What it is.")
@click.option("--lead", is_flag=True, help="The lead department of its branch or of the company.")
@asking.as_user
@asking.as_json
def unit(code: str, name: str, below: str, kind: str, lead: bool, user: str, json: bool) -> None:
    """Add a unit."""
    by, below = asking.acting(user), below or _company()
    payload = payloads.CreateUnit.model_validate({"code": code, "name": name, "kind": kind, "lead": lead})
    perform("people.unit", by=by, subject=f"unit:{below}", payload=payload)
    answer({"unit": code, "below": below}, json=json, lines=[_("Done.")])


@command.command("unit-amend")
@click.argument("code")
@click.option("--name", metavar="TEXT", help="The new name.")
@click.option("--kind", type=click.Choice(UNIT_KINDS), help="What it is.")
@click.option("--lead/--no-lead", default=None, help="Whether it is the lead department of its branch or company.")
@asking.as_user
@asking.as_json
def unit_amend(code: str, name: str | None, kind: str | None, lead: bool | None, user: str, json: bool) -> None:
    """Rename a unit, or say what kind it is and whether it leads."""
    payload = payloads.AmendUnit.model_validate({"name": name, "kind": kind, "lead": lead})
    call = perform("people.unit_amend", by=asking.acting(user), subject=f"unit:{code}", payload=payload)
    _told(call, {"unit": code}, json)


@command.command()
@click.argument("username")
@click.argument("post")
@click.option("--unit", default="", metavar="CODE", help="The unit; without: the nearest that has the post.")
@click.option("--until", default="", metavar="YYYY-MM-DD", help="The last day of the post; without: no end.")
@asking.with_reason
@asking.as_user
@asking.as_json
def appoint(username: str, post: str, unit: str, until: str, reason: str, user: str, json: bool) -> None:
    """Seat a person in a post."""
    payload = payloads.Appoint(post=post, unit=unit, until_us=asking.end_of_day_us(until))
    _deed("people.appoint", username, payload, user, reason, {"post": post}, json)


@command.command()
@click.argument("username")
@click.argument("post")
@click.option("--unit", default="", metavar="CODE", help="Only in this unit.")
@asking.with_reason
@asking.as_user
@asking.as_json
def dismiss(username: str, post: str, unit: str, reason: str, user: str, json: bool) -> None:
    """End the holding of a post."""
    _deed("people.dismiss", username, payloads.Dismiss(post=post, unit=unit), user, reason, {"post": post}, json)


@command.command()
@click.argument("deputy")
@click.option("--from", "start", default="", metavar="YYYY-MM-DD", help="The first day; without: now.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day.")
@asking.with_reason
@asking.as_user
@asking.as_json
def delegate(deputy: str, start: str, until: str, reason: str, user: str, json: bool) -> None:
    """Let DEPUTY sign in USER's place for some days; roles and reading do not pass on."""
    payload = payloads.Delegate(
        deputy=deputy, from_us=asking.start_of_day_us(start), until_us=asking.end_of_day_us(until)
    )
    _deed("people.delegate", user, payload, user, reason, {"deputy": deputy.lower()}, json)


@command.command("delegate-end")
@click.argument("username")
@click.option("--deputy", default="", metavar="USER", help="Only this deputy's.")
@asking.as_user
@asking.as_json
def delegate_end(username: str, deputy: str, user: str, json: bool) -> None:
    """End the delegations of USERNAME before their day."""
    _deed("people.delegate_end", username, payloads.EndDelegation(deputy=deputy), user, "", {}, json)


@command.command()
@click.argument("username")
@click.option("--to", "successor", default="", metavar="USER", help="Who takes over what the person holds.")
@click.option("--declaration", required=True, metavar="TEXT", help="What the person declares to have kept of data.")
@click.option("--move-to", default="", metavar="CODE", help="The unit the person goes to; without: the account closes.")
@asking.with_reason
@asking.as_user
@asking.as_json
def leave(
    username: str, successor: str, declaration: str, move_to: str, reason: str, user: str, json: bool
) -> None:  # fmt: skip
    """Hand over everything a person holds; then the account closes, or the person moves on."""
    payload = payloads.Leave(successor=successor, declaration=declaration, move_to=move_to)
    _deed("people.leave", username, payload, user, reason, {"to": successor.lower()}, json)


@command.command()
@click.argument("username")
@asking.as_user
@asking.as_json
def holdings(username: str, user: str, json: bool) -> None:
    """Everything a person holds, as it would be handed over."""
    staff = selectors.staff_by_ref(asking.acting(user), f"staff:{username.lower()}")
    rows = [
        {"kind": held.kind, "title": _(held.title), "count": held.count, "how": held.how, "names": list(held.names)}
        for held in joined.of(staff, clock.now_us())
    ]
    titles = [_("what"), _("how many"), _("then"), _("which")]
    cells = [(row["title"], row["count"], row["how"], " ".join(map(str, row["names"]))) for row in rows]  # type: ignore[call-overload]
    answer({"user": username.lower(), "holdings": rows}, json=json, lines=table(titles, cells))


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
    by, subject = asking.acting(user), f"staff:{username.lower()}"
    _told(perform(op, by=by, subject=subject, payload=payload, reason=reason), {"user": username.lower(), **said}, json)


def _told(call: Call, said: dict[str, Any], json: bool) -> None:
    """Done, or waiting for signatures or the worker."""
    if call.state == "queued" and not jobs.worker_alive():
        jobs.run(call.pk)
        call.refresh_from_db()
    if call.state in ENDED_STATES:
        raise Failed(call.state, call.error)
    lines = [_("Done.")] if call.state == "done" else [_("Request %(id)s is under way.") % {"id": call.pk}]
    answer({**said, "state": call.state, "request": call.pk}, json=json, lines=lines)


def _company() -> str:
    """The code of the unit everything else is below."""
    top = units.root()
    return top.code if top else ""


def _show_once(result: dict[str, Any], password: str, json: bool) -> None:
    if password:
        result["password"] = password
        if not json:
            note(_("Password of %(user)s, shown only now:") % result)
    answer(result, json=json, lines=[password] if password else [_("Done.")])
