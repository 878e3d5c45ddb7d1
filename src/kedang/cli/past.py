"""Earlier days and the history of a value, as `kedang show` tells them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.cli.answering import table
from kedang.customers import selectors
from kedang.customers.past import present
from kedang.customers.past.present import PastHolder
from kedang.kernel import clock
from kedang.kernel.actor import Actor

Told = tuple[dict[str, Any], list[str]]


def as_of(by: Actor, code: str, day: str) -> Told:
    """The dossier at the end of a day, masked, with what is different today."""
    dossier = selectors.dossier_by_code(by, code)
    shown = present.as_of(by, dossier, present.day_of(day))
    found = shown.by_key
    told = {
        "code": shown.today.code, "as_of": shown.day.isoformat(), "version": shown.version, "class": shown.state,
        "level": shown.level, "unit": shown.unit, "owner": shown.owner, "in_bin": shown.in_bin,
        "values": {key: value.was.text for key, value in found.items() if value.was.text},
        "masked": sorted(key for key, value in found.items() if value.was.masked),
        "today": {key: value.now.text for key, value in found.items() if value.differs},
        "contacts": [_holder(each) for each in shown.contacts], "records": [_holder(each) for each in shown.records],
        "records_same": shown.records_same, "records_later": shown.records_later,
    }  # fmt: skip
    rows = [
        (_(value.was.title), value.was.text, value.now.text if value.differs else "")
        for value in found.values()
        if value.was.text or value.differs
    ]
    head = f"{shown.today.code}  {shown.day.isoformat()}  [{shown.level}]  {shown.unit}  {shown.owner}".rstrip()
    return told, [head, *table([_("field"), _("value"), _("today")], rows)]


def value(by: Actor, code: str, slot: str, limit: int) -> Told:
    """Who changed one value, when and why, newest first."""
    shown = present.steps_of(by, selectors.dossier_by_code(by, code), slot, limit=limit)
    items = [
        {
            "version": step.version, "at": clock.from_us(step.at_us).isoformat(), "op": step.op, "by": step.by,
            "reason": step.reason, "call": step.call, "signers": list(step.signers), "before": step.before.text,
            "after": step.after.text, "current": step.current,
        }
        for step in shown.steps
    ]  # fmt: skip
    rows = [(str(each["version"]), each["at"], each["by"], each["before"], each["after"]) for each in items]
    lines = table([_("version"), _("at"), _("by"), _("before"), _("after")], rows)
    return {"code": code.upper(), "field": slot, "now": shown.now.text, "items": items, "before": shown.next}, lines


def _holder(shown: PastHolder) -> dict[str, Any]:
    return {
        "slot": shown.slot, "stood": shown.then, "stands": shown.today,
        "values": {each.was.key: each.was.text for each in shown.values if each.was.text},
        "today": {each.was.key: each.now.text for each in shown.values if each.differs},
    }  # fmt: skip
