"""A site is founded with the regulation's units and, where they are named, its first people; all on record."""

from __future__ import annotations

import pytest

from kedang.governance import founding
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.packs.shipped import load_shipped
from kedang.people.models import Appointment, Staff, Unit
from kedang.people.seating import Seat

PACK = "jidian"


def found(*people: Seat) -> Staff:
    return founding.found(
        PACK, "ann", password_hash="", company="机电有限公司", credential="test", people=people
    )  # fmt: skip


def test_units_and_first_people(site: object) -> None:
    pack = load_shipped(PACK)
    code, post = next((code, said) for code, said in pack.posts.items() if said.head)
    where = next((name for name, unit in pack.units.items() if unit.kind == post.per), "")
    found(Seat("Lead.Er", "老总", unit=post.unit or where, posts=(code,), roles=tuple(sorted(post.roles))))
    assert set(pack.units) <= set(Unit.objects.values_list("code", flat=True))
    assert not Appointment.objects.filter(staff__username="ann").exists()
    held = Appointment.objects.get()
    assert (held.staff.username, held.post) == ("lead.er", code)
    assert Entry.objects.filter(op="site.seat", subject_ref="staff:lead.er").count() == 1


@pytest.mark.parametrize(
    "seat", [Seat("bob", "某", roles=("nothing",)), Seat("bob", "某", posts=("nothing",)), Seat("ann", "某")]
)
def test_nothing_is_founded_where_a_seat_cannot_be(site: object, seat: Seat) -> None:
    with pytest.raises(Refused):
        found(seat)
    assert not Staff.objects.exists()
    assert not Unit.objects.exists()
