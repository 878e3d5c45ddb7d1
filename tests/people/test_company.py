"""The company of the tests: every role and every post of a pack is held, by people who may hold them together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kedang.packs.shipped import list_shipped
from kedang.people.actors import held_roles
from kedang.people.models import Appointment, Staff
from tests.company import Company


@pytest.mark.parametrize("pack", ["plain", *list_shipped()])
def test_everybody_is_there(company: Callable[..., Company], pack: str) -> None:
    made = company(pack)
    for role in made.pack.roles:
        assert made.holder(role)
    assert set(made.pack.posts) == set(Appointment.objects.values_list("post", flat=True))
    for staff in Staff.objects.all():
        assert not made.pack.conflicts(held_roles(staff)), staff.username
