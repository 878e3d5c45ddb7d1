"""Sign-in: the password check, and the record of every attempt."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kedang import ledger
from kedang.kernel import clock
from kedang.kernel.actor import Actor, system
from kedang.kernel.deeds import Deed
from kedang.packs import in_force
from kedang.people.models import Staff

_NAME = re.compile(r"[a-z0-9._-]{1,64}")
EVENTS = ("people.sign_in", "people.sign_in_failed", "people.sign_out", "people.locked_out", "people.password")


class StaffBackend:
    """Checks a username and password; unknown names cost the same time as wrong passwords."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **_: Any
    ) -> Staff | None:
        if not username or password is None:
            return None
        staff = _named(username)
        if staff is None:
            make_password(password)
            return None
        return staff if staff.check_password(password) and staff.is_active else None

    def get_user(self, user_id: int) -> Staff | None:
        """The signed-in person of a session; a deactivated one is signed out at once."""
        return Staff.objects.select_related("unit").filter(pk=user_id, is_active=True).first()


def _named(typed: str) -> Staff | None:
    """The person whose name was typed; what can be nobody's name is asked of no database."""
    name = typed.strip().lower()
    return Staff.objects.filter(username=name).first() if _NAME.fullmatch(name) else None


def record(event: str, username: str, credential: str) -> None:
    """Write a sign-in event to the ledger. A name nobody has is recorded as `unknown`: people type
    passwords into the name field."""
    if event not in EVENTS:
        raise ValueError(f"unknown sign-in event {event!r}")
    known = _named(username)
    by = Actor(id=known.username, unit=known.unit_id, credential=credential) if known else system("sign-in")
    deed = Deed(call=0, op=event, actor=by, at_us=clock.now_us(), pack_version=in_force().version)
    with transaction.atomic():
        ledger.append(deed, event, subject=f"staff:{known.username if known else 'unknown'}", body={})
