"""The recycle bin (回收站): a dossier is taken out of sight and can be put back; nothing of it is deleted.

Its code and its credit code stay its own. What hangs on it is known to the rooms above; `governance.binning` asks them
before anything is removed.
"""

from __future__ import annotations

from kedang.customers import drafts, selectors, states
from kedang.customers.models import Dossier
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Outcome, Payload
from kedang.kernel.errors import NotVisible
from kedang.people.actors import actor_of
from kedang.people.models import Staff


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
