"""What a deed on people would change, line by line, for whoever signs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Line, Payload
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.people.models import Staff, Unit
from kedang.people.payloads import (
    Appoint,
    CreateStaff,
    CreateToken,
    CreateUnit,
    Delegate,
    Dismiss,
    EndDelegation,
    GrantRole,
    RevokeRole,
)

TITLES = {
    "username": N_("Username"),
    "name": N_("Full name"),
    "code": N_("Code"),
    "unit": N_("Unit"),
    "kind": N_("Kind of unit"),
    "lead": N_("Lead department"),
    "clearance": N_("Clearance"),
    "scope": N_("Sees"),
    "role": N_("Role"),
    "post": N_("Post"),
    "deputy": N_("Deputy"),
    "from_us": N_("From"),
    "until_us": N_("Until"),
    "reason": N_("Reason"),
    "label": N_("Label"),
    "days": N_("Days"),
}
"""Payload fields that are shown; a password's or a token's digest is not among them."""
WORDS = {
    "scope": {
        "own": N_("Own customers"), "unit": N_("Own unit"), "unit_below": N_("Own unit and below"),
        "all": N_("All units"),
    },
    "kind": {
        "company": N_("Head office"), "branch": N_("Branch"), "department": N_("Department"), "team": N_("Team"),
        "outside": N_("Outside the company"),
    },
}  # fmt: skip
"""What the closed vocabularies are called."""


ADDING = (CreateUnit, CreateStaff, GrantRole, RevokeRole, Appoint, Dismiss, Delegate, EndDelegation, CreateToken)
"""What adds or ends something beside what there is, and so replaces no value."""


def lines(by: Actor, target: Any, payload: Payload) -> Sequence[Line]:
    """The person or unit it is about, then each value that is set, beside what stands there now."""
    out = [Line(N_("Person"), after=f"{target.name} · {target.unit.name}")] if isinstance(target, Staff) else []
    out += [Line(N_("Unit"), after=target.name)] if isinstance(target, Unit) else []
    set_ = {key: getattr(payload, key) for key in type(payload).model_fields if key in TITLES}
    for key, value in set_.items():
        if value in (None, "", 0) and key not in ("clearance", "until_us"):
            continue
        if value is not None:
            before = "" if isinstance(payload, ADDING) else _before(target, key)
            out.append(Line(TITLES[key], before=before, after=_text(key, value)))
    return out


def _before(target: Any, key: str) -> str:
    if not hasattr(target, key):
        return ""
    value = getattr(target, key)
    return value.name if isinstance(value, Unit) else _text(key, value)


def _text(key: str, value: Any) -> str:
    pack = in_force()
    if key in ("from_us", "until_us"):
        return clock.company_day(value - 1 if key == "until_us" else value).isoformat() if value else "—"
    if key == "clearance":
        level = Level(value).key
        return pack.levels[level].title if level in pack.levels else level
    if key == "role":
        return pack.roles[value].title if value in pack.roles else str(value)
    if key == "post":
        return pack.posts[value].title if value in pack.posts else str(value)
    if value in WORDS.get(key, {}):
        return gettext(WORDS[key][value])
    return gettext("yes") if value is True else gettext("no") if value is False else str(value)
