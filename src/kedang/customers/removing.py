"""The recycle bin (回收站): a dossier is taken out of sight and can be put back; nothing of it is deleted.

Its code and its credit code stay its own. What hangs on it is known to the rooms above; `governance.binning` asks them
before anything is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Q

from kedang import ledger
from kedang.customers import drafts, selectors, states
from kedang.customers.models import Dossier
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.people.actors import actor_of
from kedang.people.models import Staff
from kedang.people.selectors import names_of

RECOVER = "customer.recover"
NOT_YOURS = N_("The recycle bin is for those who may recover dossiers.")


class RemoveDossier(Payload):
    """Removing needs no more than the dossier and a reason."""


class RecoverDossier(Payload):
    """Recovering needs no more than the dossier and a reason."""


def binned(by: Actor, code: str, *, lock: bool = False) -> Dossier:
    """A dossier in the recycle bin by its code; NotVisible, the same for one out of sight and one that stands."""
    found = selectors.in_bin(by).filter(code=code.upper()[:16])
    dossier = (selectors.locked(found) if lock else found.select_related("unit", "owner")).first()
    if dossier is None:
        raise NotVisible(f"dossier:{code}")
    return dossier


@dataclass(frozen=True, slots=True)
class Removal:
    """Who put a dossier into the bin, and why."""

    by_name: str
    reason: str


def may_recover(by: Actor) -> bool:
    """Whether the regulation lets this person recover dossiers, and so look into the bin."""
    said = in_force().operations.get(RECOVER)
    return said is not None and not by.roles.isdisjoint(said.who) and by.roles.isdisjoint(said.not_for)


def require_may_recover(by: Actor) -> None:
    """Refused(denied) for who may not look into the bin."""
    said = in_force().operations.get(RECOVER)
    if not may_recover(by):
        articles = (said.article,) if said is not None and said.article else ()
        raise Refused("denied", articles=articles, detail=NOT_YOURS)


def page(by: Actor, behind: tuple[int, int] | None, limit: int) -> list[Dossier]:
    """A page of the bin inside this actor's sight, removed last first, behind (removed_us, id)."""
    rows = selectors.in_bin(by).select_related("unit", "owner")
    if behind is not None:
        rows = rows.filter(Q(removed_us__lt=behind[0]) | Q(removed_us=behind[0], pk__lt=behind[1]))
    return list(rows[:limit])


def removals(rows: Sequence[Dossier]) -> dict[int, Removal]:
    """Of each dossier in the bin who removed it last, and why, from the ledger."""
    found: dict[int, Any] = {}
    for row in rows:
        found[row.pk] = ledger.entries_of(row.ref).filter(op="customer.remove", outcome="done").first()
    names = names_of({entry.actor_id for entry in found.values() if entry})
    return {pk: _removal(entry, names) for pk, entry in found.items()}


def _removal(entry: Any, names: Mapping[str, str]) -> Removal:
    if entry is None:
        return Removal("", "")
    reason = str(orjson.loads(bytes(entry.body)).get("reason", ""))
    return Removal(names.get(entry.actor_id, entry.actor_id), reason)


def remove_dossier(deed: Deed, dossier: Dossier, payload: RemoveDossier) -> Outcome:
    """Put a dossier into the recycle bin; a filed one stays where it is."""
    states.require_open(dossier.filed_us)
    draft = drafts.Draft.of(dossier)
    draft.delta["removed_us"] = [None, deed.at_us]
    dossier.removed_us = deed.at_us
    return Outcome(
        result={"code": dossier.code}, body={"removed": True, "version": dossier.version_no + 1},
        versions=(draft.update(deed.at_us),),
    )  # fmt: skip


def recover_dossier(deed: Deed, dossier: Dossier, payload: RecoverDossier) -> Outcome:
    """Put a dossier back as it was; one whose account manager cannot see it any more goes to who recovers it."""
    draft = drafts.Draft.of(dossier)
    draft.delta["removed_us"] = [dossier.removed_us, None]
    dossier.removed_us = 0
    owner = dossier.owner
    if owner is not None and not (owner.is_active and selectors.would_see(actor_of(owner, ""), dossier)):
        draft.assign(dossier.unit_id, Staff.objects.filter(pk=deed.actor.pk).first())
    return Outcome(
        result={"code": dossier.code, "owner": dossier.owner.username if dossier.owner else ""},
        body={"removed": False, "version": dossier.version_no + 1}, versions=(draft.update(deed.at_us),),
    )  # fmt: skip
