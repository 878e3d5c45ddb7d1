"""Signing several requests of one operation in one go: each by itself, on what stood on the screen.

Only requests that ask for nothing but reading are taken together. One that fails leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.governance.flows import present, selectors, signing
from kedang.governance.flows.present import ShownRequest
from kedang.governance.models import Call
from kedang.governance.todo import signable_together
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_

MOST = 20
"""Nobody reads more differences than this on one page."""
GONE = N_("There is no such request for you.")
ALONE = N_("This request asks for more than a signature; open it by itself.")


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one of several signatures: the state of the request after it, or why it was not given."""

    call: int
    subject: str
    state: str
    refused: Refused | None = None


def waiting(by: Actor, op: str) -> list[Call]:
    """Requests of one operation that this person may sign in one go, the oldest first."""
    return [call for call in selectors.waiting_for(by).filter(op=op) if signable_together(call)]


def shown(by: Actor, calls: Sequence[Call]) -> list[ShownRequest]:
    """Each with its difference, as this person may see it; what moved meanwhile is not offered here."""
    return [page for call in calls[:MOST] if (page := present.shown(by, call)).may_sign and not page.stale]


def sign(by: Actor, pairs: Sequence[tuple[int, str]], *, comment: str = "") -> list[Signed]:
    """Agree to each of (request, what was seen), one after the other, each in a transaction of its own."""
    return [_sign(by, call_id, saw, comment) for call_id, saw in dict(pairs[:MOST]).items()]


def _sign(by: Actor, call_id: int, saw: str, comment: str) -> Signed:
    subject = ""
    try:
        call = selectors.call_for(by, call_id)
        subject = call.subject
        if call.state == "waiting" and not signable_together(call):
            return Signed(call_id, subject, call.state, Refused("state", detail=ALONE))
        done = signing.sign(call_id, by=by, verdict="agree", saw=saw, comment=comment)
    except NotVisible:
        return Signed(call_id, subject, "", Refused("not_found", detail=GONE))
    except Refused as no:
        return Signed(call_id, subject, "", no)
    return Signed(call_id, subject, done.state)
