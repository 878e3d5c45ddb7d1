"""Words for the closed vocabularies of the house, as a page says them."""

from __future__ import annotations

from django.utils.translation import gettext

from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level

LEVELS = {
    "public": N_("Public"),
    "internal": N_("Internal"),
    "confidential": N_("Confidential"),
    "secret": N_("Secret"),
    "top_secret": N_("Top secret"),
}
KINDS = {"organisation": N_("Organisation"), "person": N_("Person")}
STATES = {"prospect": N_("Prospect"), "retained": N_("Retained"), "lapsed": N_("Lapsed"), "filed": N_("Filed")}
SCOPES = {
    "own": N_("Own customers"),
    "unit": N_("Own unit"),
    "unit_below": N_("Own unit and below"),
    "all": N_("All units"),
}
LOOKS = {"list": N_("in a list"), "open": N_("opened"), "search": N_("in a search"), "reveal": N_("revealed")}
BATCH_STATES = {
    "staged": N_("To be confirmed"),
    "checking": N_("Being checked"),
    "planned": N_("Checked, not taken in yet"),
    "committing": N_("Being taken in"),
    "done": N_("Taken in"),
    "reverting": N_("Being taken back"),
    "reverted": N_("Taken back"),
    "failed": N_("Failed"),
}
CREDENTIALS = {
    "session": N_("web page"),
    "web": N_("web page"),
    "token": N_("API token"),
    "cli": N_("command line"),
    "job": N_("background job"),
    "system": N_("system"),
}


def level(key: str) -> str:
    """密级 of a dossier by its key."""
    return gettext(LEVELS.get(key, key))


def clearance(value: int) -> str:
    """The level up to which a person may read."""
    return level(Level(value).key)


def kind(value: str) -> str:
    """Organisation or person."""
    return gettext(KINDS.get(value, value))


def state(value: str) -> str:
    """Lifecycle class of a customer."""
    return gettext(STATES.get(value, value))


def scope(value: str) -> str:
    """How far a person's row scope reaches."""
    return gettext(SCOPES.get(value, value))


def look(value: str) -> str:
    """The way somebody saw a dossier."""
    return gettext(LOOKS.get(value, value))


def batch_state(value: str) -> str:
    """Where an import stands."""
    return gettext(BATCH_STATES.get(value, value))


def credential(value: str) -> str:
    """How an actor came in, without the secret part: `session:1f…` is a web page."""
    return gettext(CREDENTIALS.get(value.partition(":")[0], value.partition(":")[0]))
