"""What can be wrong with the answers of a form, and how to mend it, in words for the person who fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kedang.kernel.i18n import N_
from kedang.standards.finding import ERROR, FOUND_LIMIT, Finding

SAID: dict[str, tuple[str, str]] = {
    "form.unknown": (N_("The form has no item “%(field)s”."), N_("Use the items of the form: %(items)s.")),
    "form.required": (N_("“%(title)s” is empty."), N_("It has to be filled in.")),
    "form.unreadable": (N_("“%(title)s” contains characters that no text may hold."), N_("Type it again.")),
    "form.short": (N_("“%(title)s” has only %(count)s characters."), N_("Write at least %(least)s.")),
    "form.long": (N_("“%(title)s” has %(count)s characters."), N_("Write at most %(most)s.")),
    "form.number": (N_("“%(found)s” is no whole number."), N_("Write digits, such as 12.")),
    "form.money": (N_("“%(found)s” is no amount in yuan."), N_("Write it such as 1200, 1200.50 or 3万元.")),
    "form.percent": (N_("“%(found)s” is no whole percentage."), N_("Write it such as 15.")),
    "form.date": (N_("“%(found)s” is no day."), N_("Write it such as 2026-03-02.")),
    "form.choice": (N_("“%(found)s” is none of the answers."), N_("Choose among: %(options)s.")),
    "form.yes_no": (N_("“%(found)s” is neither yes nor no."), N_("Answer yes or no.")),
    "form.range": (N_("%(found)s lies outside what the regulation allows."), N_("Allowed: %(allowed)s.")),
    "form.range_date": (
        N_("%(found)s lies outside what the regulation allows."),
        N_("Allowed are days %(allowed)s, counted from today."),
    ),
    "form.grammar": (N_("“%(found)s” is not built as the regulation says."), "%(explained)s"),
    "form.personal": (
        N_("“%(title)s” holds a telephone number, an identity number or a mail address."),
        N_("Write such numbers into an item for personal particulars, or leave them out."),
    ),
    "form.staff": (N_("“%(found)s” is nobody who works here."), N_("Write the user name of a colleague.")),
    "form.unit": (N_("“%(found)s” is no unit of the company."), N_("Write the code of a unit.")),
    "form.dossier": (N_("There is no dossier “%(found)s” for you."), N_("Write the code of a dossier you may see.")),
    "form.row": (N_("There is no row “%(found)s” for you."), N_("Write the number of a row of that register.")),
    "form.file": (N_("The file “%(found)s” is not here."), N_("Bring the file again.")),
}


class Problem(Finding):
    """A finding on an item of a form; its sentences stand here and not with the data standard."""

    __slots__ = ()

    def what(self, translate: Callable[[str], str] = str) -> str:
        """What was found."""
        return translate(SAID[self.rule][0]) % {**self.params, "found": self.found, "field": self.field}

    def remedy(self, translate: Callable[[str], str] = str) -> str:
        """How to mend it."""
        said = SAID[self.rule][1]
        params: Mapping[str, Any] = {**self.params, "found": self.found, "field": self.field}
        return (translate(said) if said != "%(explained)s" else said) % params


def problem(item: str, rule: str, found: object = "", **params: Any) -> Problem:
    """One thing that is wrong with an item."""
    return Problem(item, rule, ERROR, str(found)[:FOUND_LIMIT], params)
