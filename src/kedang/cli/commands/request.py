"""`kedang request`: requests that wait for signatures; reading, signing, refusing, taking back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, running
from kedang.cli.answering import answer, table
from kedang.governance.flows import present, selectors
from kedang.governance.flows.signing import saw_of, sign, withdraw
from kedang.governance.models import Call
from kedang.governance.registry import title_of
from kedang.packs import in_force

C = TypeVar("C", bound=Callable[..., Any])


def signing(command: C) -> C:
    """The options of a signature."""
    for option in (
        click.option("--tick", "ticked", multiple=True, metavar="POINT", help="A point of the checklist; repeatable."),
        click.option(
            "--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The scan of a stamped form.",
        ),
        click.option("--comment", default="", metavar="TEXT", help="What is to be said to it."),
        click.option("--saw", default="", metavar="DIGEST", help="What `request show` gave; refused if it moved."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group("request")
def command() -> None:
    """Requests that wait for signatures: list, show, approve, reject, return, withdraw."""


@command.command("list")
@click.option("--waiting", is_flag=True, help="Only those this person may sign now.")
@asking.as_user
@asking.as_json
def listing(waiting: bool, user: str, json: bool) -> None:
    """Requests of concern to this person, newest first."""
    by = asking.acting(user)
    found = selectors.waiting_for(by) if waiting else selectors.requests_of(by)
    rows = [_row(call) for call in found[:200]]
    lines = [[each["request"], each["title"], each["subject"], each["state"], each["applicant"]] for each in rows]
    titles = [_("number"), _("what"), _("about"), _("state"), _("from")]
    answer({"requests": rows}, json=json, lines=table(titles, lines))


@command.command("show")
@click.argument("number", type=int)
@asking.as_user
@asking.as_json
def show(number: int, user: str, json: bool) -> None:
    """One request: what will happen, whose signatures it has and needs."""
    by = asking.acting(user)
    call = selectors.call_for(by, number)
    page = present.shown(by, call)
    result = _row(call) | {
        "saw": page.saw, "may_sign": page.may_sign, "stale": page.stale, "reason": page.reason, "error": page.error,
        "lines": [
            {"field": each.field, "title": _(each.title), "before": each.before, "after": each.after, "now": each.now}
            for each in (*page.lines, *page.items)
        ],
        "steps": [
            {"no": step.no, "title": step.title, "parties": list(step.parties), "done": step.done,
             "signatures": [{"signer": s.signer, "verdict": s.verdict, "comment": s.comment} for s in step.signatures]}
            for step in page.steps
        ],
    }  # fmt: skip
    lines = [f"{call.pk} {_(page.title)} {call.subject}: {call.state}"]
    lines += [f"  {_(each.title)}: {each.before or '—'} → {each.after or '—'}" for each in (*page.lines, *page.items)]
    lines += [f"  {step.no + 1}. {step.title} {'✓' if step.done else ''}" for step in page.steps]
    answer(result, json=json, lines=lines)


@command.command("approve")
@click.argument("number", type=int)
@signing
@asking.as_user
@asking.as_json
def approve(number: int, **given: Any) -> None:
    """Sign a request; with the last signature it is done."""
    _sign(number, "agree", **given)


@command.command("reject")
@click.argument("number", type=int)
@signing
@asking.as_user
@asking.as_json
def reject(number: int, **given: Any) -> None:
    """Refuse a request, saying why with --comment."""
    _sign(number, "refuse", **given)


@command.command("return")
@click.argument("number", type=int)
@click.option("--to-step", type=int, default=None, help="The step it goes back to; without it, to the applicant.")
@signing
@asking.as_user
@asking.as_json
def send_back(number: int, to_step: int | None, **given: Any) -> None:
    """Send a request back to an earlier step, or to the applicant."""
    _sign(number, "return", to_step=None if to_step is None else to_step - 1, **given)


@command.command("withdraw")
@click.argument("number", type=int)
@asking.with_reason
@asking.as_user
@asking.as_json
def take_back(number: int, reason: str, user: str, json: bool) -> None:
    """Take one's own request back."""
    _answer(withdraw(number, by=asking.acting(user), reason=reason), json)


def _sign(
    number: int, verdict: str, *, user: str, json: bool, ticked: tuple[str, ...], files: tuple[Path, ...],
    comment: str, saw: str, to_step: int | None = None,
) -> None:  # fmt: skip
    by = asking.acting(user)
    call = selectors.call_for(by, number)
    signed = sign(
        number, by=by, verdict=verdict, saw=saw or saw_of(call), comment=comment, ticked=ticked,
        evidence=running.stored_evidence(files, by), to_step=to_step,
    )  # fmt: skip
    _answer(running.finished(signed) if signed.state in ("queued", "running") else signed, json)


def _answer(call: Call, json: bool) -> None:
    result = _row(call)
    answer(
        result, json=json, lines=[f"{call.pk} {result['title']}: {call.state}{' ' + call.error if call.error else ''}"]
    )


def _row(call: Call) -> dict[str, Any]:
    return {
        "request": call.pk, "operation": call.op, "title": _(title_of(in_force(), call.op)), "subject": call.subject,
        "state": call.state, "applicant": call.actor_ref, "waiting_for": selectors.asked_on(call),
        "articles": call.articles.split("\n") if call.articles else [],
    }  # fmt: skip
