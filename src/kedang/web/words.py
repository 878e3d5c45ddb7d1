"""Words for the closed vocabularies of the house, as a page says them."""

from __future__ import annotations

from django.utils.translation import gettext

from kedang.customers.dictionary import known
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force

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
TODO_KINDS = {
    "sign": N_("To sign"),
    "undertake": N_("Undertakings to sign"),
    "duty": N_("Time limits"),
    "confirm": N_("To confirm"),
    "import": N_("Imports"),
    "check": N_("Values to check"),
}
CHANNELS = {"mail": N_("Mail"), "apprise": N_("DingTalk, WeCom, Feishu")}
AFTER_SIGNING = {
    "waiting": N_("waits for further signatures"),
    "queued": N_("signed, about to run"),
    "running": N_("signed, running"),
    "done": N_("signed and done"),
    "stale": N_("signed, but overtaken by another change"),
    "denied": N_("signed, but no longer allowed"),
    "failed": N_("signed, but it could not be done"),
    "void": N_("signed, but the applicant has left"),
    "superseded": N_("signed, but the regulation changed"),
}
"""What became of a request after one more signature."""
REQUEST_STATES = {
    "waiting": N_("Waiting for a signature"),
    "queued": N_("Signed, about to run"),
    "running": N_("Running"),
    "done": N_("Done"),
    "rejected": N_("Refused"),
    "returned": N_("Given back"),
    "withdrawn": N_("Withdrawn"),
    "stale": N_("Overtaken by another change"),
    "superseded": N_("Overtaken by a new regulation"),
    "void": N_("Ended: the applicant has left"),
    "denied": N_("Not allowed any more"),
    "failed": N_("Could not be done"),
    "cancelled": N_("Stopped"),
}
REQUEST_TONES = {
    "waiting": "warn", "done": "good", "rejected": "bad", "stale": "bad", "superseded": "bad", "denied": "bad",
    "failed": "bad", "queued": "info", "running": "info",
}  # fmt: skip
STEP_KINDS = {
    "sign": N_("signs"),
    "checklist": N_("checks point by point"),
    "bind": N_("signs over it as it stands"),
    "carry_out": N_("carries it out"),
    "witness": N_("was present"),
}
PARTIES = {
    "head_of:applicant_unit": N_("Head of the applicant's unit"),
    "head_of:subject_unit": N_("Head of the unit it concerns"),
    "head_of:company": N_("Head of the company"),
    "superior_of:applicant": N_("Superior of the applicant"),
    "superior_of:owner": N_("Superior of the account manager"),
    "person:applicant": N_("The applicant"),
    "person:owner": N_("The account manager"),
    "person:holder": N_("Whoever has it"),
}
"""Whom a step names, where the regulation has no word of its own."""
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


def todo_kind(value: str) -> str:
    """A kind of thing on the to-do list."""
    return gettext(TODO_KINDS.get(value, value))


def channel(value: str) -> str:
    """A way out of the house for notices."""
    return gettext(CHANNELS.get(value, value))


def after_signing(value: str) -> str:
    """What became of a request after one more signature."""
    return gettext(AFTER_SIGNING.get(value, value))


def credential(value: str) -> str:
    """How an actor came in, without the secret part: `session:1f…` is a web page."""
    return gettext(CREDENTIALS.get(value.partition(":")[0], value.partition(":")[0]))


def request_state(key: str) -> str:
    """How a request stands."""
    return gettext(REQUEST_STATES.get(key, key))


def party(text: str) -> str:
    """Whom a step names."""
    return gettext(PARTIES[text]) if text in PARTIES else text


def value(field: str, text: str) -> str:
    """What stands in a field, a choice by its title."""
    said = known(field)
    titles = dict(said.choices) if said else {}
    return gettext(titles[text]) if text in titles else text


def step_kind(key: str) -> str:
    """What somebody does at a step."""
    return gettext(STEP_KINDS[key])


def subject(ref: str) -> str:
    """What a deed or a limit is about: the code of a dossier, a row by its register's title and number."""
    kind, _, rest = ref.partition(":")
    register, _, number = rest.partition("/")
    if kind != "row" or not number:
        return rest or ref
    said = in_force().registers.get(register)
    return f"{said.title if said else register} {number}"
