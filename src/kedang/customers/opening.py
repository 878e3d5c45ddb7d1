"""Who may open a dossier that stands before them in a list: a filed one needs a grant where the regulation says so."""

from __future__ import annotations

from kedang.customers.models import Dossier
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import State

FILING = "customer.file"
"""Whoever may file, keeps what is filed and needs no grant."""
BY_GRANT = N_("In this state the dossier is opened only by who was granted it; ask for it first.")
NOT_CLEAR = N_("You were granted to read this dossier, not to reveal its masked values.")


def require(by: Actor, dossier: Dossier) -> None:
    """Raise Refused(denied) with the article of the state where this person may see the row but not open it."""
    state = needs_grant(by, dossier)
    if state is not None and dossier.pk not in by.granted:
        raise Refused("denied", articles=(state.article,) if state.article else (), detail=BY_GRANT)


def require_clear(by: Actor, dossier: Dossier) -> None:
    """Raise Refused(denied) where a grant opens the dossier but not its masked values."""
    require(by, dossier)
    if needs_grant(by, dossier) is not None and dossier.pk not in by.granted_clear:
        raise Refused("denied", detail=NOT_CLEAR)


def needs_grant(by: Actor, dossier: Dossier) -> State | None:
    """The state that asks this person for a grant; None where the dossier is open to whoever sees it."""
    pack = in_force()
    kind = pack.kinds.get(dossier.kind)
    state = kind.states.get(dossier.standing) if kind else None
    if state is None or not state.by_grant:
        return None
    said = pack.operations.get(FILING)
    keeps = said is not None and not by.roles.isdisjoint(said.who) and by.roles.isdisjoint(said.not_for)
    return None if keeps else state
