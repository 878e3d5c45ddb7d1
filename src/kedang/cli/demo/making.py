"""Making the sample company, step by step, through the same deeds a real one is made through."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kedang.cli import asking, importing
from kedang.cli.answering import note
from kedang.cli.demo import accounts, customers, home, life
from kedang.cli.demo.accounts import Account
from kedang.cli.demo.company import BRANCHES, Branch, Person, staff_of
from kedang.governance import founding
from kedang.governance.abilities import operations_of
from kedang.packs.shipped import load_shipped

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is ready to be served."""

    pack: str
    customers: int
    accounts: Sequence[Account]


def make(pack: str, number: int) -> Demo:
    """A new demo in an empty home, or the one that is there, with new passwords; Failed for any other home."""
    staff = staff_of(load_shipped(pack))
    mark = home.require_usable(pack)
    if mark is not None:
        founding.migrate()
        return Demo(pack, mark.customers, accounts.shown(staff, accounts.renew(staff)))
    _step("databases", founding.migrate)
    home.write(home.Mark(pack, 0, ready=False))
    chosen = accounts.seat(pack, staff)
    note(f"  {len(staff)} accounts")
    taken_in = sum(_fill(branch, staff, share) for branch, share in zip(BRANCHES, _shares(number), strict=True))
    _step("days of work", lambda: life.live(staff))
    home.write(home.Mark(pack, taken_in, ready=True))
    return Demo(pack, taken_in, accounts.shown(staff, chosen))


def _step(what: str, do: Callable[[], object]) -> None:
    began = time.monotonic()
    do()
    note(f"  {what}: {time.monotonic() - began:.1f} s")


def _shares(number: int) -> list[int]:
    """The customers of each branch: equal, the first branches one more where it does not divide."""
    each, left = divmod(number, len(BRANCHES))
    return [each + (at < left) for at in range(len(BRANCHES))]


def _fill(branch: Branch, staff: Sequence[Person], number: int) -> int:
    """Import a branch's customers as the first person there who may; return how many were taken in."""
    importer = next((p for p in staff if p.unit == branch.code and _may_import(p)), None)
    if importer is None or not number:
        return 0
    sheet = customers.sheet(f"{branch.name}客户名单.csv", branch.cities, number, SEED + BRANCHES.index(branch))
    with TemporaryDirectory(prefix="kedang-demo-") as folder:
        path = Path(folder) / sheet.name
        path.write_bytes(sheet.content)
        taken = importing.take_in(path, asking.acting(importer.username), importing.Wishes())
    note(f"  {branch.name}: {taken.created} of {sheet.rows} rows")
    return taken.created


def _may_import(person: Person) -> bool:
    return "import.commit" in operations_of(asking.acting(person.username))
