"""What a matter gives besides its line: the right to read a dossier for a time, the signature on an undertaking."""

from __future__ import annotations

from kedang.customers.models import Dossier
from kedang.governance.registers.targets import Target
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import reckoning
from kedang.packs.operations import Grants, OpRule
from kedang.packs.schema import Pack
from kedang.people import grants, undertakings
from kedang.people.models import Staff


def give(deed: Deed, pack: Pack, said: OpRule, target: Target, form: str) -> int:
    """Give what the operation gives when it is done; the instant until which a right to read lasts, else 0."""
    if said.signs:
        undertakings.sign(deed.actor.pk, said.signs, at_us=deed.at_us, call=deed.call)
    return _grant(deed, pack, said.grants, _dossier(deed, pack, target, form)) if said.grants else 0


def _grant(deed: Deed, pack: Pack, given: Grants, dossier: Dossier) -> int:
    username = str(deed.items.get(given.to, "")) if given.to else deed.actor.id
    reader = Staff.objects.filter(username=username, is_active=True).first()
    if reader is None:
        raise Refused("state", detail=N_("The person who shall read it does not work here any more."))
    until_us = _until(deed, pack, given)
    grants.give(
        reader.pk, dossier.ref, dossier.pk, since_us=deed.at_us, until_us=until_us, purpose=deed.op, clear=given.clear,
        call=deed.call,
    )  # fmt: skip
    return until_us


def _until(deed: Deed, pack: Pack, given: Grants) -> int:
    try:
        return clock.to_us(reckoning.due(given.for_, clock.from_us(deed.at_us), pack.hours))
    except reckoning.UnknownYear:
        raise Refused(
            "state", detail=N_("The working days of that year are not announced yet, so the end cannot be reckoned.")
        ) from None


def _dossier(deed: Deed, pack: Pack, target: Target, form: str) -> Dossier:
    """The dossier the matter is about, or else the one its form names."""
    items = pack.forms[form].items if form else {}
    named = next(
        (str(deed.items[name]) for name, item in items.items() if item.type == "dossier" and name in deed.items), ""
    )
    code = target.dossier.removeprefix("dossier:") or named
    found = Dossier.objects.filter(code=code).first() if code else None
    if found is None:
        raise Refused("invalid", detail=N_("Say which dossier it is about."))
    return found
