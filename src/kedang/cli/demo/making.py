"""Making the sample company, step by step, through the same deeds a real one is made through."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kedang.cli import asking, importing
from kedang.cli.answering import note
from kedang.cli.demo import accounts, coming, customers, home, life, requests
from kedang.cli.demo.accounts import Account
from kedang.cli.demo.company import CITIES, Plan, may_import, plan_of
from kedang.governance import founding
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.shipped import load_shipped

SEED = 20260101
WHY = "合作单位来函附表"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is ready to be served."""

    pack: str
    customers: int
    accounts: Sequence[Account]


def make(pack: str, number: int) -> Demo:
    """A new demo in an empty home, or the one that is there, with new passwords; Failed for any other home."""
    plan = plan_of(load_shipped(pack))
    staff = plan.people
    mark = home.require_usable(pack)
    if mark is not None:
        founding.migrate()
        return Demo(pack, mark.customers, accounts.shown(staff, accounts.renew(staff)))
    _step("databases", founding.migrate)
    home.write(home.Mark(pack, 0, ready=False))
    chosen = accounts.seat(pack, plan)
    note(f"  {len(staff)} accounts")
    requests.undertake(staff)
    taken_in = sum(_fill(plan, at, share) for at, share in enumerate(_shares(number)))
    _step("days of work", lambda: life.live(staff))
    _step("requests", lambda: requests.live(staff))
    home.write(home.Mark(pack, taken_in, ready=True))
    return Demo(pack, taken_in, accounts.shown(staff, chosen))


def _step(what: str, do: Callable[[], object]) -> None:
    began = time.monotonic()
    do()
    note(f"  {what}: {time.monotonic() - began:.1f} s")


def _shares(number: int) -> list[int]:
    """The customers of each part of the country: equal, the first parts one more where it does not divide."""
    each, left = divmod(number, len(CITIES))
    return [each + (at < left) for at in range(len(CITIES))]


def _fill(plan: Plan, at: int, number: int) -> int:
    """Import the customers of a part of the country as somebody who may; return how many were taken in."""
    branches, pack = plan.branches, in_force()
    here = branches[at % len(branches)] if branches else None
    able = [person for person in plan.people if may_import(pack, person)]
    importer = next((p for p in able if here is not None and p.unit == here.code), able[0] if able else None)
    if importer is None or not number:
        return 0
    title = here.name if here is not None else plan.places[0].name
    sheet = customers.sheet(f"{title}客户名单.csv", CITIES[at], number, SEED + at)
    with TemporaryDirectory(prefix="kedang-demo-") as folder:
        path = Path(folder) / sheet.name
        path.write_bytes(sheet.content)
        by = asking.acting(importer.username)
        form, confirmed = requests.answers("import.commit", by)
        taken = importing.take_in(
            path, by, importing.Wishes(unit=here.code if here else "", origin=coming.origin()), reason=WHY, form=form,
            confirmed=confirmed,
        )  # fmt: skip
    requests.sign_all(taken.said.get("request"))
    note(f"  {title}: {sheet.rows} rows")
    return imports_created(by, f"batch:{taken.said['batch']}")


def imports_created(by: Actor, ref: str) -> int:
    """Dossiers a batch opened, perhaps after it was signed."""
    return importing.shown(by, ref, None).created
