"""Putting back what stood earlier, as a change like any other: nothing of what was written since is touched.

The values are read out of the past, and from there on it is `customer.amend`: its facts, its checks, its difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from kedang.customers import consents, dictionary, ops, selectors
from kedang.customers.models import Dossier
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.past import reading
from kedang.customers.past.reading import Then
from kedang.customers.payloads import AmendDossier, FieldKey
from kedang.customers.slots import CONTACT
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.vocabulary import ANY_STAFF

NAME = "customer.restore"
_AMEND: Operation[Any, Any] = next(each for each in ops.OPERATIONS if each.name == "customer.amend")
NEVER = frozenset({"kind"})
SAME = N_("What stood there then stands there today.")
ANOTHER = N_("At that time somebody else was the main contact; what is known of them stays theirs.")
WHEN = N_("Say from when: the end of a day, or a version.")


class RestoreDossier(Payload):
    """Which fields (none: all that differ) as they stood at the end of a day, or after a version.

    `base_version` is the version on the applicant's screen: a field changed since then makes the deed stale.
    """

    fields: Annotated[tuple[FieldKey, ...], Field(max_length=64)] = ()
    on: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    version: Annotated[int, Field(ge=0)] = 0
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False
    origin: OriginIn | None = None


def asked(dossier: Dossier, payload: RestoreDossier) -> AmendDossier:
    """The change that puts the values back. Refused where nothing differs, or a value is another person's."""
    then = _then(dossier, payload)
    found = dict(_texts(dossier, then, payload.fields))
    if not found:
        raise Refused("state", missing=payload.fields, detail=SAME)
    return AmendDossier(values=found, base_version=payload.base_version, confirm=payload.confirm, origin=payload.origin)


def _then(dossier: Dossier, payload: RestoreDossier) -> Then:
    if bool(payload.on) == bool(payload.version):
        raise Refused("invalid", missing=("on",), detail=WHEN)
    if payload.version:
        return reading.after_version(dossier, payload.version)
    try:
        day = date.fromisoformat(payload.on)
    except ValueError:
        raise Refused("invalid", missing=("on",), detail=WHEN) from None
    return reading.at_end_of(dossier, day)


def _texts(dossier: Dossier, then: Then, wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each field with the text it held, in clear, for the change alone; shown to nobody from here."""
    main = selectors.main_contact(dossier.pk)
    keys = reading.keys_of(then.earlier.items())
    for key in wanted or _all():
        is_contact = dictionary.part_of(key) == CONTACT
        if is_contact and then.main != (main.pk if main else 0):
            if wanted:
                raise Refused("state", missing=(key,), detail=ANOTHER)
            continue
        slot = f"{CONTACT}#{then.main}.{key.partition('.')[2]}" if is_contact else key
        if slot not in then.earlier or (not wanted and consents.withheld(dossier, [slot])):
            continue
        consents.require_shown(dossier, slot)
        text = reading.clear(slot, then.earlier[slot], keys)
        if text is None:
            raise Refused("state", missing=(key,), detail=reading.ERASED)
        if text != _now(dossier, key):
            yield key, text


def _now(dossier: Dossier, key: str) -> str | None:
    stored = reading.now_of(dossier, key)
    return reading.clear(key, stored, reading.keys_of([(key, stored)]))


def _all() -> list[str]:
    """What may be put back at once: everything that may be filled in today on a dossier and its main contact."""
    collected = {**dictionary.collected(dictionary.DOSSIER), **dictionary.collected(dictionary.CONTACT)}
    return [key for key in collected if key not in NEVER]


def _facts(by: Actor, dossier: Dossier, payload: RestoreDossier) -> Facts:
    """Who may restore nothing is told so, whatever there would be to put back."""
    if not _may(by):
        return ops.facts_of(by, dossier)
    return _AMEND.facts(by, dossier, asked(dossier, payload))


def _may(by: Actor) -> bool:
    said = in_force().operations.get(NAME)
    return said is not None and (ANY_STAFF in said.who or not by.roles.isdisjoint(said.who))


def _implied(by: Actor, dossier: Dossier, payload: RestoreDossier) -> list[tuple[str, Facts]]:
    """What the regulation says of such a change holds for putting values back, too."""
    return [(_AMEND.name, _facts(by, dossier, payload))]


def _restore(deed: Deed, dossier: Dossier, payload: RestoreDossier) -> Outcome:
    out = _AMEND.run(deed, dossier, asked(dossier, payload))
    since = {"restored_on": payload.on} if payload.on else {"restored_version": payload.version}
    return replace(out, body={**out.body, **since})


def _lines(by: Actor, dossier: Dossier, payload: RestoreDossier) -> list[Line]:
    when = payload.on or str(payload.version)
    title = N_("As it stood at the end of") if payload.on else N_("As it stood after version")
    return [Line(title, after=when), *_AMEND.show(by, dossier, asked(dossier, payload))]


def _basis(dossier: Dossier, payload: RestoreDossier) -> dict[str, str]:
    return _AMEND.basis(dossier, asked(dossier, payload))


def _snapshot(dossier: Dossier, payload: RestoreDossier) -> dict[str, str]:
    return _AMEND.snapshot(dossier, asked(dossier, payload))


OPERATION: Operation[Any, Any] = Operation(
    NAME, N_("Restore an earlier value"), RestoreDossier, _AMEND.load, _facts, _restore, basis=_basis, show=_lines,
    snapshot=_snapshot, veil=_AMEND.veil, implies=_implied,
)  # fmt: skip
