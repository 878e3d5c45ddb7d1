"""A page of customers: its rows, its filters, its pager."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.browsing import Filters, Listing
from kedang.customers.fields import KIND_CHOICES, LEVEL_CHOICES
from kedang.customers.present import ShownRow
from kedang.people.selectors import colleagues, units
from kedang.standards import industry, regions
from kedang.web import words
from kedang.web.building.dossier import in_words
from kedang.web.environment import query
from kedang.web.pages.customers import CustomerRow
from kedang.web.pages.parts import Filter, Option, Pager

PROVINCES = (
    "11",
    "12",
    "13",
    "14",
    "15",
    "21",
    "22",
    "23",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "50",
    "51",
    "52",
    "53",
    "54",
    "61",
    "62",
    "63",
    "64",
    "65",
    "71",
    "81",
    "82",
)


def row(shown: ShownRow) -> CustomerRow:
    """One line of the list."""
    return CustomerRow(
        code=shown.code,
        name=shown.name,
        address=reverse("customer", kwargs={"code": shown.code}),
        kind=shown.kind,
        state=shown.state,
        level=shown.level,
        region=in_words("region", shown.values.get("region", "")),
        industry=in_words("industry", shown.values.get("industry", "")),
        unit=shown.unit,
        owner=shown.owner,
        updated_us=shown.updated_us,
        findings=shown.warnings,
    )


def filters(chosen: Filters) -> list[Filter]:
    """The selects above the list."""
    return [
        _filter("region", gettext("Region"), _provinces(), chosen.region),
        _filter("industry", gettext("Industry"), industry.sections().items(), chosen.industry),
        _filter("kind", gettext("Kind"), _translated(KIND_CHOICES), chosen.kind),
        _filter("state", gettext("State"), [(key, words.state(key)) for key in words.STATES], chosen.state),
        _filter("level", gettext("Classification"), _translated(LEVEL_CHOICES), chosen.level),
        _filter("unit", gettext("Unit"), [(unit.code, unit.name) for unit in units()], chosen.unit),
        _filter("owner", gettext("Account manager"), _staff(), chosen.owner),
    ]


def _filter(name: str, label: str, pairs: Iterable[tuple[str, str]], chosen: str) -> Filter:
    options = [Option(value, title, value == chosen) for value, title in pairs]
    if chosen and not any(option.chosen for option in options):
        options.insert(0, Option(chosen, chosen, True))
    return Filter(name, label, options)


def _provinces() -> list[tuple[str, str]]:
    codes = [code + "0000" for code in PROVINCES]
    return [(code, regions.full_name(code)) for code in codes]


def _translated(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, gettext(title)) for key, title in choices]


def _staff() -> list[tuple[str, str]]:
    return [(person.username, person.name) for person in colleagues()]


def pager(request: HttpRequest, listing: Listing) -> Pager:
    """Onward by the cursor of the search; back to the first page."""
    return Pager(
        before=query(request) if request.GET.get("after") else "",
        after=query(request, after=listing.next) if listing.next else "",
        shown=len(listing.rows),
        total=listing.total,
        total_exact=listing.total_exact,
    )
