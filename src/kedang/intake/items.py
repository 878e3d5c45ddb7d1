"""Answers of the company's forms in a file: a column, or what the batch says for every row, as `item.<name>`.

Done alone, opening a dossier comes with a form, and the regulation reckons limits from its dates (收到日期) and tests
its answers (是否已取得同意). Rows of a file have the same answers. A date a limit runs from, which neither a column nor
the batch gives, is the day on which the customer was learned of, where the file has that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kedang.packs.classes import asked_of
from kedang.packs.forms import Item
from kedang.packs.schema import Pack

PREFIX = "item."
STAND_IN = "learned_on"
OPERATIONS = ("customer.open", "customer.amend")
_KEY = re.compile(r"item\.[a-z][a-z0-9_]{0,63}")
_NEVER = frozenset({"computed", "file"})


def is_item(key: str) -> bool:
    """Whether a target of a mapping is an answer of a form, and not a field of the dossier."""
    return _KEY.fullmatch(key) is not None


def offered(pack: Pack) -> dict[str, Item]:
    """The answers a file may give, by target: those that a rule or a limit has use for."""
    return {PREFIX + name: item for op in OPERATIONS for name, item in _useful(pack, op).items()}


def of(pack: Pack, op: str, targets: Iterable[str]) -> dict[str, str]:
    """Those of the targets that belong to the form of an operation, by target with the item's name."""
    form = pack.form_of(op) if op in pack.operations else ""
    items = pack.forms[form].items if form else {}
    return {key: name for key in targets if is_item(key) and (name := key.removeprefix(PREFIX)) in items}


def stand_ins(pack: Pack, given: Iterable[str]) -> frozenset[str]:
    """Dates a limit runs from that nothing in the batch gives, while it gives the day the customer was learned of."""
    there = set(given)
    if STAND_IN not in there:
        return frozenset()
    dates = {key for op in OPERATIONS for key in _dates(pack, op)}
    return frozenset(dates - there)


def _dates(pack: Pack, op: str) -> Iterable[str]:
    starts = [said.starts for said in pack.clocks.values() if said.starts.operation == op]
    return of(pack, op, (PREFIX + start.from_item for start in starts if start.from_item))


def _useful(pack: Pack, op: str) -> Mapping[str, Item]:
    said = pack.operations.get(op)
    form = pack.form_of(op) if said else ""
    if said is None or not form:
        return {}
    used = set(asked_of(pack, op).items)
    for clock in pack.clocks.values():
        if clock.starts.operation == op:
            used |= {clock.starts.from_item} if clock.starts.from_item else set()
            used |= set(clock.starts.where)
    items = pack.forms[form].items
    return {name: item for name, item in items.items() if name in used and item.type not in _NEVER}
