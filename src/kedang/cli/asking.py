"""What commands have in common when they ask: who acts, and what kind of answer is wanted."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from kedang.cli.failing import Failed
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.people.actors import staff_actor

C = TypeVar("C", bound=Callable[..., Any])


def as_user(command: C) -> C:
    """The option `--as USER`: whose rights are used; the operating-system user goes on record too."""
    return click.option("--as", "user", required=True, metavar="USER", help="The account that acts.")(command)


def as_json(command: C) -> C:
    """The option `--json`."""
    return click.option("--json", "json", is_flag=True, help="Print exactly one JSON object.")(command)


def with_reason(command: C) -> C:
    """The option `--reason TEXT`."""
    return click.option("--reason", default="", metavar="TEXT", help="Why; kept in the ledger for good.")(command)


def pair(text: str) -> tuple[str, str]:
    """Field and value of a text `field=value`; wrong usage when it is none."""
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise click.BadParameter(_("%(text)s is not of the form field=value.") % {"text": text})
    return name.strip(), value


def acting(username: str) -> Actor:
    """The actor of an account, with the operating-system user as credential; Failed when there is none."""
    try:
        return staff_actor(username, f"cli:{os_user()}")
    except ObjectDoesNotExist:
        raise Failed("unknown_user", _("There is no active account %(user)s.") % {"user": username}) from None


def end_of_day_us(day: str) -> int:
    """The end of a company day written `YYYY-MM-DD`, in microseconds; 0 for an empty text."""
    if not day:
        return 0
    try:
        return clock.day_bounds_us(date.fromisoformat(day))[1]
    except ValueError:
        raise click.BadParameter(_("%(day)s is no day of the form YYYY-MM-DD.") % {"day": day}) from None


def start_of_day_us(day: str) -> int:
    """The start of a company day written `YYYY-MM-DD`, in microseconds; 0 for an empty text."""
    end = end_of_day_us(day)
    return clock.day_bounds_us(clock.company_day(end - 1))[0] if end else 0


def os_user() -> str:
    """The operating-system user at the terminal, by number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
