"""A few days of work in the sample company: looks, changes, assignments, filings, and deeds that are refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress

from kedang.cli import asking
from kedang.cli.demo import coming, words
from kedang.cli.demo.company import Person
from kedang.cli.demo.requests import answers
from kedang.customers import payloads, present
from kedang.customers.browsing import Filters, browse
from kedang.customers.present import ShownRow
from kedang.governance.abilities import operations_of
from kedang.governance.gate import perform
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused

SEEN, AMENDED, REVEALED, FILED, ASSIGNED, TRIED = 40, 6, 3, 8, 5, 2
"""How many dossiers each person who may does it with."""
CHECKING = "归档前核对原件"
REASONS = ("客户来电更正", "年度资料核对", "拜访后更新", "合同签订前核实")
CALLING = ("回访客户", "通知到货", "约定拜访时间")


def live(staff: Sequence[Person], seed: int = 7) -> int:
    """Let everybody work for a while; return the number of deeds done. The same seed, the same days."""
    chance = random.Random(seed)  # noqa: S311 - invented days shall be repeatable
    return sum(_work(asking.acting(person.username), chance) for person in staff)


def _work(by: Actor, chance: random.Random) -> int:
    rows = _looked_at(by)
    if not rows:
        return 0
    can = operations_of(by)
    turns: dict[str, tuple[int, Callable[[ShownRow], Payload], Sequence[str]]] = {
        "customer.amend": (AMENDED, lambda row: _change(chance), REASONS),
        "customer.reveal": (REVEALED, lambda row: payloads.RevealField(field="contact.phones"), CALLING),
        "customer.assign": (ASSIGNED, lambda row: payloads.AssignDossier(owner=by.id), ("调整负责人",)),
        "customer.file": (FILED, lambda row: payloads.FileDossier(), ("资料已核齐",)),
    }
    done = 0
    for op, (number, payload, reasons) in turns.items():
        wanted = number if op in can else TRIED if op == "customer.amend" else 0
        for row in chance.sample(rows, min(wanted, len(rows))):
            if op == "customer.file" and (checked := coming.check()) is not None:
                done += _tried("customer.verify", by, row, checked, CHECKING)
            done += _tried(op, by, row, payload(row), chance.choice(reasons))
    return done


def _looked_at(by: Actor) -> list[ShownRow]:
    """What a person sees who opens the list, searches, and opens a dossier or two."""
    page = browse(by, limit=SEEN)
    rows = present.listed(by, page.rows)
    if rows:
        found = browse(by, words.FIRST[0], Filters(kind="organisation"), limit=SEEN)
        present.listed(by, found.rows, query=words.FIRST[0], kind="search")
        for dossier in list(page.rows)[:2]:
            with suppress(Refused):  # filed ones open for whom they were granted
                present.opened(by, dossier)
    return rows


def _change(chance: random.Random) -> payloads.AmendDossier:
    values = chance.choice(
        (
            {"grade": chance.choice(words.GRADES)},
            {"note": chance.choice(words.NOTES)},
            {"contact.post": chance.choice(words.POSTS)},
            {"contact.phones": f"1380000{chance.randint(0, 9999):04d}"},
            {"scale": chance.choice(words.SCALES), "source": chance.choice(words.SOURCES)},
        )
    )
    return payloads.AmendDossier(values=values, origin=coming.origin())


def _tried(op: str, by: Actor, row: ShownRow, payload: Payload, reason: str) -> int:
    form, confirmed = answers(op, by)
    try:
        perform(
            op, by=by, subject=f"dossier:{row.code}", payload=payload, reason=reason, evidence=("变更依据",), form=form,
            confirmed=confirmed,
        )  # fmt: skip
    except (Refused, NotVisible):
        return 0
    return 1
