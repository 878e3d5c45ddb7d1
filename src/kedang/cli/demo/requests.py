"""Requests of the sample company: forms filled in, most signed, and for everybody who signs one that waits."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from kedang.cli import asking
from kedang.cli.demo.company import Person
from kedang.customers import selectors
from kedang.governance import jobs
from kedang.governance import selectors as calls
from kedang.governance.abilities import operations_of
from kedang.governance.flows.selectors import asked_on, points_of
from kedang.governance.flows.signing import saw_of, sign, withdraw
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.governance.registers import offers
from kedang.governance.registers.matters import Matter
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import KedangError
from kedang.packs import in_force
from kedang.packs.forms import Item
from kedang.packs.schema import Pack

EACH, LEFT_WAITING, ON_THE_DESK = 2, 3, 2
"""How many requests of each kind are made, of how many one stops half way, and how many wait for one person."""
PHRASES = ("按年度计划办理", "客户来函要求", "部门例会决定", "合同签订前核实需要")
MOST_STEPS = 12


def live(staff: Sequence[Person], seed: int = 11) -> int:
    """Let everybody ask for what the regulation provides for; sign most of it; return how many were filed."""
    chance = random.Random(seed)  # noqa: S311 - invented days shall be repeatable
    pack, filed = in_force(), 0
    asked = [name for name in pack.matters() if not pack.operations[name].signs]
    for op in sorted(asked, key=lambda name: (pack.operations[name].moves is not None, name)):
        able = [asking.acting(p.username) for p in staff if op in operations_of(asking.acting(p.username))]
        for by in chance.sample(able, min(EACH, len(able))):
            call = _asked(pack, op, by, chance)
            filed += call is not None
            if call is not None:
                sign_all(call.pk, MOST_STEPS if filed % LEFT_WAITING else chance.randrange(2))
    _clear_desks()
    return filed


def _clear_desks() -> None:
    """What waits for nobody is withdrawn by who asked; what would be too much for one person is signed."""
    desks: Counter[str] = Counter()
    for call_id in calls.waiting():
        call = calls.numbered(call_id)
        signers = asked_on(call)
        if not signers:
            withdraw(call_id, by=asking.acting(call.actor_ref), reason="改由他人办理")
        elif min(desks[each] for each in signers) >= ON_THE_DESK:
            sign_all(call_id)
        else:
            desks += Counter(signers)


def undertake(staff: Sequence[Person]) -> None:
    """Everybody signs what the regulation has them undertake before they may work."""
    pack = in_force()
    for op in sorted(name for name in pack.matters() if pack.operations[name].signs):
        for person in staff:
            by = asking.acting(person.username)
            if op in operations_of(by):
                call = _asked(pack, op, by, random.Random(0))  # noqa: S311 - nothing is chosen
                sign_all(call.pk if call else None)


def sign_all(call_id: int | None, steps: int = MOST_STEPS) -> None:
    """Everybody who is asked signs, until it is done, nobody can, or so many have."""
    if call_id is None:
        return
    for _ in range(steps):
        call = calls.numbered(call_id)
        signers = asked_on(call)
        if call.state == "queued":
            jobs.run(call.pk)
        if call.state != "waiting" or not signers:
            return
        try:
            sign(
                call.pk, by=asking.acting(signers[0]), verdict="agree", saw=saw_of(call), comment="同意",
                ticked=tuple(points_of(call)),
                evidence=("盖章申请表",),
            )  # fmt: skip
        except KedangError:
            return


def answers(op: str, by: Actor) -> tuple[dict[str, Any], bool]:
    """The form of an operation as somebody would fill it in, and whether there is a sentence to confirm."""
    pack = in_force()
    name = pack.form_of(op) if op in pack.operations else ""
    form = pack.forms[name] if name else None
    filled = {key: _answer(pack, item, by) for key, item in form.items.items()} if form else {}
    return {key: text for key, text in filled.items() if text is not None}, True


def _asked(pack: Pack, op: str, by: Actor, chance: random.Random) -> Call | None:
    subject = _subject(pack, op, by, chance)
    if subject is None:
        return None
    form, confirmed = answers(op, by)
    try:
        return perform(
            op, by=by, subject=subject, payload=Matter(), reason=chance.choice(PHRASES), evidence=("附件一",),
            form=form, confirmed=confirmed,
        )  # fmt: skip
    except KedangError:
        return None


def _subject(pack: Pack, op: str, by: Actor, chance: random.Random) -> str | None:
    """Something the deed can be about: a dossier one sees, a row it moves, a colleague, a unit, the company."""
    said = pack.operations[op]
    if said.about == "dossier":
        codes = list(selectors.visible_to(by).order_by("pk").values_list("code", flat=True)[:40])
        return f"dossier:{chance.choice(codes)}" if codes else None
    if said.about == "row":
        fit = [row.ref for row in offers.rows_to_move(pack, by, op)]
        return chance.choice(fit) if fit else None
    return {"staff": f"staff:{by.id}", "site": "-"}.get(said.about or "site")


def _answer(pack: Pack, item: Item, by: Actor) -> Any:
    today = clock.company_day(clock.now_us())
    if item.type in ("text", "long_text"):
        return _text(pack, item)
    if item.type in ("choice", "choices"):
        first = next(iter(item.options), None)
        return [first] if item.type == "choices" and first else first
    simple: Mapping[str, Any] = {
        "number": item.range.min if item.range and item.range.min is not None else 1,
        "money": "100", "percent": item.range.min if item.range and item.range.min is not None else 10,
        "date": str(today + timedelta(days=max(item.range.min or 0, 0) if item.range else 0)),
        "yes_no": "yes", "staff": by.id, "channel": next(iter(pack.channels), None),
        "purpose": next(iter(pack.purposes), None),
        "dossier": selectors.visible_to(by).order_by("pk").values_list("code", flat=True).first(),
    }  # fmt: skip
    return simple.get(item.type)


def _text(pack: Pack, item: Item) -> str | None:
    if item.grammar is not None:
        return pack.grammars[item.grammar].example
    text = "按年度计划办理，客户来函要求核对资料，经部门例会同意后执行"
    return (text * (item.min_chars // len(text) + 1))[: max(item.min_chars, 18)]
