"""Lines of deeds that a regulation wants in a register besides (登记): a deed of the product fills a book, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.customers.models import Dossier
from kedang.customers.slots import dossier_code
from kedang.governance.registers.models import Row
from kedang.governance.registers.services import About, open_row
from kedang.kernel.deeds import Deed
from kedang.packs.schema import Pack
from kedang.people.models import Staff, Unit


def after(call: Any, deed: Deed, pack: Pack, *, subject: str, items: Mapping[str, Any]) -> tuple[Row, ...]:
    """Write the deed into each register its operation names, in the deed's own transaction."""
    said = pack.operations.get(deed.op)
    if said is None or not said.registers:
        return ()
    about = About(subject, unit_of(subject) or deed.actor.unit, deed.actor.id)
    form = pack.form_of(deed.op)
    return tuple(open_row(deed, pack, name, about, form) for name in sorted(said.registers))


def unit_of(subject: str) -> int:
    """The unit of what a deed was about; 0 where it has none."""
    kind, _, code = subject.partition(":")
    found: int | None = None
    if dossier := dossier_code(subject):
        found = Dossier.objects.filter(code=dossier).values_list("unit_id", flat=True).first()
    elif kind == "staff":
        found = Staff.objects.filter(username=code).values_list("unit_id", flat=True).first()
    elif kind == "unit":
        found = Unit.objects.filter(code=code).values_list("pk", flat=True).first()
    elif kind == "row":
        register, _, number = code.partition("/")
        found = Row.objects.filter(register=register, number=number).values_list("unit_id", flat=True).first()
    return found or 0
