"""What the regulation lets the product do by itself when a limit passes: a row goes back, a permission ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Duty
from kedang.governance.gate import perform
from kedang.governance.registers.matters import Matter
from kedang.governance.registers.models import Row
from kedang.kernel.actor import system
from kedang.kernel.errors import NotVisible, Refused
from kedang.packs import in_force, version_named
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions
from kedang.packs.times import Clock

HIGHEST = 4
CLOCKWORK = replace(system("clockwork"), units=None, clearance=HIGHEST)
"""It reaches the rows of every unit and every classification; it may do what the regulation opens to `system`."""


def lapse(at_us: int) -> int:
    """Do for each limit that passed what its clock `does`, once however often and by however many it is asked."""
    return sum(_lapse(duty, does) for duty, does in list(_passed(at_us)))


def _passed(at_us: int) -> Iterator[tuple[Duty, str]]:
    pack, shelf = in_force(), editions.Shelf()
    passed = Duty.objects.filter(source="clock", name__in=_doing(), closed_us=0, due_us__gt=0, due_us__lt=at_us)
    for duty in passed.filter(subject__startswith="row:").order_by("due_us", "pk"):
        said = shelf.part_of(duty)
        if isinstance(said, Clock) and said.overdue.does and _can_move(pack, said.overdue.does, duty.subject):
            yield duty, said.overdue.does


def _doing() -> set[str]:
    """The clocks of any adopted edition whose limit does something: only those are looked through at every turn."""
    adopted = (version_named(version) for version in versions().values_list("version", flat=True))
    return {name for pack in adopted for name, said in pack.clocks.items() if said.overdue.does}


def _can_move(pack: Pack, does: str, subject: str) -> bool:
    """Whether the edition in force still has the deed, and the row still is where it takes rows from."""
    said = pack.operations.get(does)
    if said is None or said.moves is None:
        return False
    register, _, number = subject.removeprefix("row:").partition("/")
    here = Row.objects.filter(register=register, number=number, state__in=said.moves.from_)
    return register == said.moves.register_ and here.exists()


def _lapse(duty: Duty, does: str) -> int:
    with suppress(Refused, NotVisible):
        call = perform(
            does, by=CLOCKWORK, subject=duty.subject, payload=Matter(), cause=f"duty:{duty.pk}", key=f"lapse:{duty.pk}"
        )  # fmt: skip
        return int(call.state == "done")
    return 0
