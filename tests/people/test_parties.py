"""Whom a regulation means: heads up the tree, posts by unit, roles by scope, superiors by level; open accounts only."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kedang.kernel import clock
from kedang.packs import in_force
from kedang.packs.parties import Party
from kedang.packs.services import found
from kedang.people import units
from kedang.people.models import Appointment, Staff, StaffRole, Unit
from kedang.people.parties import Book, Matter, candidates
from tests.company import Company
from tests.people.posts import source

HEADS = (("director", "hq"), ("branch_head", "xa"), ("department_head", "xa_sales"), ("branch_head", "bj"))


@pytest.fixture
def firm(site: object) -> Company:
    """Units, heads named after their units, two clerks in the team; nobody else."""
    found("given", by="test", source=source())
    made = Company(in_force())
    units.build(made.pack, "总公司")
    made.units.update({unit.code: unit for unit in Unit.objects.all()})
    for post, unit in HEADS:
        made.hire(f"head_{unit}", unit)
        made.appoint(f"head_{unit}", post, unit)
    made.hire("clerk", "xa_one", "entry_clerk")
    made.hire("other", "bj", "entry_clerk")
    return made


def who(firm: Company, party: dict[str, object], unit: str = "xa_one", **more: Any) -> tuple[str, ...]:
    persons = {"applicant": "clerk"} | {key: more.pop(key) for key in ("applicant", "owner", "holder") if key in more}
    matter = Matter(unit_id=firm.units[unit].pk if unit else 0, **persons)
    return candidates(firm.pack, Party.model_validate(party), matter, clock.now_us(), **more)


@pytest.mark.parametrize(
    ("party", "more", "expected"),
    [
        ({"head_of": "applicant_unit"}, {}, ("head_xa_sales",)),
        ({"head_of": "subject_unit"}, {"unit": "bj"}, ("head_bj",)),
        ({"head_of": "subject_unit"}, {"unit": "office"}, ("head_hq",)),
        ({"head_of": "company"}, {}, ("head_hq",)),
        ({"head_of": "xa"}, {}, ("head_xa",)),
        ({"head_of": "applicant_unit"}, {"applicant": "head_xa_sales"}, ("head_xa",)),
        ({"head_of": "applicant_unit"}, {"applicant": "head_hq"}, ()),
        ({"head_of": "applicant_unit"}, {"applicant": "head_hq", "with_applicant": True}, ("head_hq",)),
        ({"head_of": "applicant_unit"}, {"above": True}, ("head_xa_sales",)),
        ({"head_of": "xa"}, {"above": True}, ("head_hq",)),
        ({"head_of": "applicant_unit"}, {"applicant": "nobody"}, ()),
        ({"superior_of": "applicant"}, {}, ("head_xa_sales",)),
        ({"superior_of": "applicant", "level": 2}, {}, ("head_xa",)),
        ({"superior_of": "applicant", "level": 3}, {}, ("head_hq",)),
        ({"superior_of": "applicant", "level": 3}, {"applicant": "head_xa_sales"}, ()),
        ({"superior_of": "applicant", "level": 2}, {"above": True}, ("head_hq",)),
        ({"superior_of": "owner"}, {"owner": "other"}, ("head_bj",)),
        ({"superior_of": "owner"}, {}, ()),
        ({"person": "applicant"}, {}, ("clerk",)),
        ({"person": "owner"}, {"owner": "other"}, ("other",)),
        ({"person": "holder"}, {}, ()),
        ({"person": "owner"}, {"owner": "other", "above": True}, ("head_bj",)),
        ({"post": "branch_head"}, {}, ("head_xa",)),
        ({"post": "branch_head"}, {"unit": "bj"}, ("head_bj",)),
        ({"post": "branch_head"}, {"unit": "office"}, ()),
        ({"post": "branch_head"}, {"unit": "", "applicant": "other"}, ("head_bj",)),
        ({"post": "director"}, {}, ("head_hq",)),
        ({"post": "lawyer"}, {}, ()),
        ({"post": "lawyer"}, {"above": True}, ("head_hq",)),
        ({"post": "branch_head"}, {"above": True}, ("head_xa_sales",)),
        ({"role": "entry_clerk"}, {}, ("clerk",)),
        ({"role": "entry_clerk"}, {"unit": ""}, ("clerk", "other")),
        ({"role": "entry_clerk"}, {"unit": "office"}, ()),
        ({"role": "entry_clerk"}, {"unit": "office", "above": True}, ("head_hq",)),
    ],
)
def test_who_is_meant(firm: Company, party: dict[str, object], more: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert who(firm, party, **more) == expected


def test_a_role_reaches_as_far_as_the_scope(firm: Company) -> None:
    firm.hire("reviewer", "xa", "reviewer")
    firm.hire("everywhere", "hq", "archivist")
    firm.hire("office", "hq", "security_officer")
    assert who(firm, {"role": "reviewer"}) == ("reviewer",)
    assert who(firm, {"role": "reviewer"}, "bj") == ()
    assert who(firm, {"role": "archivist"}, "bj") == ("everywhere",)
    assert who(firm, {"role": "security_officer"}, "bj") == ("office",), "an office without dossiers has no row scope"
    Staff.objects.filter(username="reviewer").update(scope="unit")
    assert who(firm, {"role": "reviewer"}) == ()


def test_a_closed_account_an_ended_post_and_an_ended_role_are_nobody(firm: Company) -> None:
    Staff.objects.filter(username="head_xa_sales").update(is_active=False)
    assert who(firm, {"head_of": "applicant_unit"}) == ("head_xa",)
    Appointment.objects.filter(staff__username="head_xa").update(until_us=clock.now_us())
    assert who(firm, {"head_of": "applicant_unit"}) == ("head_hq",)
    StaffRole.objects.filter(staff__username="clerk").update(until_us=clock.now_us())
    assert who(firm, {"role": "entry_clerk"}) == ()
    Staff.objects.filter(username="clerk").update(is_active=False)
    assert who(firm, {"person": "applicant"}) == ()


def test_two_heads_are_both_meant_and_the_applicant_is_left_out(firm: Company) -> None:
    firm.hire("second", "xa_sales")
    firm.appoint("second", "department_head", "xa_sales")
    assert who(firm, {"head_of": "applicant_unit"}) == ("head_xa_sales", "second")
    assert who(firm, {"head_of": "applicant_unit"}, applicant="second") == ("head_xa_sales",)


def test_a_book_asks_once_for_many_matters(firm: Company) -> None:
    parties = [
        Party.model_validate(each)
        for each in ({"head_of": "subject_unit"}, {"role": "entry_clerk"}, {"post": "branch_head"})
    ]
    book = Book(firm.pack, clock.now_us())

    def ask() -> None:
        for unit in firm.units.values():
            for party in parties:
                candidates(firm.pack, party, Matter("clerk", unit.pk), book.at_us, book=book)

    with CaptureQueriesContext(
        connection,
    ) as first:
        ask()
    with CaptureQueriesContext(connection) as again:
        ask()
    assert len(first) <= 5
    assert len(again) == 0
