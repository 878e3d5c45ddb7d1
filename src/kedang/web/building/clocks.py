"""From duties and rounds to what their pages show."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from kedang.governance.clocks.selectors import LISTS, WHOSE, DutyShown, RoundShown
from kedang.governance.clocks.sending import shown_due
from kedang.kernel.i18n import N_
from kedang.web import words
from kedang.web.building.registers import subject_address
from kedang.web.pages.clocks import DutyRow, RoundRow
from kedang.web.pages.parts import Option

STATES = {
    "open": (N_("Running"), "info"),
    "in_time": (N_("Done in time"), "good"),
    "late": (N_("Done late"), "warning"),
    "overdue": (N_("Overdue"), "bad"),
    "missed": (N_("Missed"), "bad"),
    "unknown": (N_("Limit not known yet"), "warning"),
    "void": (N_("No longer owed"), ""),
}
TABS = {"overdue": N_("Overdue"), "soon": N_("Due soon"), "open": N_("Running"), "done": N_("Ended")}
FILTERS = {"mine": N_("Mine"), "unit": N_("My unit"), "all": N_("All I may see")}
KINDS = {
    "remind": N_("Reminder"), "overdue": N_("Notice that it is overdue"), "repeat": N_("Repeated notice"),
    "escalate": N_("Reported upwards"),
}  # fmt: skip
EMPTY = {
    "overdue": N_("Nobody is late with anything you may see. Look at what is due soon."),
    "soon": N_("Nothing falls due within three days. Look at everything that is running."),
    "open": N_("No limit is running. One begins with the first deed for which the regulation sets one."),
    "done": N_("Nothing has ended yet."),
}


def row(duty: DutyShown) -> DutyRow:
    """One duty."""
    state, tone = STATES[duty.state]
    return DutyRow(
        id=duty.id, title=duty.title, article=duty.article, state=gettext(state), tone=tone,
        subject=words.subject(duty.subject), subject_address=subject_address(duty.subject) if duty.subject else "",
        period="" if duty.period.startswith("?") else duty.period, who=duty.holder_name,
        due=shown_due(duty.due_us) if duty.due_us else "", due_us=duty.due_us, started_us=duty.started_us,
        stopped_us=duty.stopped_us, progress=f"{duty.done}/{duty.needed}" if duty.needed > 1 else "",
        problem=problem(duty.problem), address=reverse("duty", kwargs={"number": duty.id}),
    )  # fmt: skip


def problem(text: str) -> str:
    """Why a limit is not known, in words."""
    kind, _, year = text.partition(":")
    if kind == "calendar":
        return gettext("The working days of %(year)s are not announced yet.") % {"year": year}
    return gettext("The person has left.") if kind == "left" else ""


def round_row(said: RoundShown) -> RoundRow:
    """One round with the period that runs."""
    period = said.period.key if said.period else pgettext("period", "none now")
    if said.unknown:
        period = problem(f"calendar:{said.unknown}")
    until = f"{said.period.first.isoformat()} – {said.period.last.isoformat()}" if said.period else ""
    return RoundRow(said.title, said.article, period, until, said.done, said.open, said.missed)


def drawn(things: Sequence[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """What was drawn for a spot check: its name, its page, when it was looked at."""
    return [(words.subject(thing), subject_address(thing), done_us) for thing, done_us in things]


def options(words: dict[str, str], order: Sequence[str], chosen: str) -> list[Option]:
    """Choices in their order."""
    return [Option(name, gettext(words[name]), name == chosen) for name in order]


def tabs(chosen: str) -> list[Option]:
    """The lists."""
    return options(TABS, LISTS, chosen)


def whose(chosen: str) -> list[Option]:
    """Whose duties."""
    return options(FILTERS, WHOSE, chosen)
