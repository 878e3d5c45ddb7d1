"""A story of a company: people ask, others sign in turn, time goes on, and the regulation shows its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pytest

from kedang.customers.models import Dossier
from kedang.governance import clocks
from kedang.governance.compliance.periods import period
from kedang.governance.compliance.status import status
from kedang.governance.flows.selectors import points_of, waiting_for
from kedang.governance.flows.signing import saw_of
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.people.models import Staff
from tests.company import Company
from tests.stories import telling


class Hands(Protocol):
    """The clock of a test."""

    def set(self, at: str) -> None:
        """Move to an instant."""


class Story:
    """A company under its regulation, and the hands of the clock."""

    def __init__(self, company: Callable[..., Company], hands: Hands, pack: str, begin: str) -> None:
        self.hands = hands
        hands.set(f"{begin}:00+08:00")
        self.company = company(pack)
        clocks.tick(clock.now_us())

    def now(self, at: str) -> None:
        """Go on to a moment of company time, such as `2026-06-02T09:30`; what fell due meanwhile is noticed."""
        self.hands.set(f"{at}:00+08:00")
        clocks.tick(clock.now_us())

    def seat(self, username: str, unit: str) -> None:
        """Somebody works in that unit."""
        Staff.objects.filter(username=username).update(unit=self.company.units[unit])

    def ask(
        self, op: str, subject: str = "-", payload: Payload | None = None, *, by: str,
        form: Mapping[str, Any] | None = None, confirmed: bool = True, **given: Any,
    ) -> Call:  # fmt: skip
        """Ask for a deed; it is done, or waits."""
        return self.company.do(op, subject, payload, by=by, form=form, confirmed=confirmed, **given)

    def refused(self, op: str, subject: str = "-", payload: Payload | None = None, **given: Any) -> Refused:
        """Ask for what the regulation does not let happen; returns why."""
        with pytest.raises(Refused) as no:
            self.ask(op, subject, payload, **given)
        return no.value

    def done(
        self, op: str, subject: str = "-", payload: Payload | None = None, *, signed: str = "", **given: Any
    ) -> Call:
        """Ask, let these people sign one after the other, and see it done with the last signature and not before."""
        call = self.ask(op, subject, payload, **given)
        people = signed.split()
        assert call.state == ("waiting" if people else "done"), (op, call.state)
        for number, who in enumerate(people, 1):
            call = self.sign(call, who)
            assert call.state == ("done" if number == len(people) else "waiting"), (op, who, call.state)
        return call

    def by_program(self, op: str, subject: str, form: Mapping[str, Any], *, by: str, signed: str) -> Call:
        """The same by people's programs: asked over the API, and signed there by one after the other."""
        body: dict[str, object] = {"subject": subject, "form": dict(form), "confirmed": True, "reason": "依制度办理"}
        number = int(str(telling.through_api(self.company, by, f"/matters/{op}", body)["call"]))
        for who in signed.split():
            call = Call.objects.get(pk=number)
            assert call.state == "waiting", (op, who, call.state)
            given: dict[str, object] = {
                "verdict": "agree",
                "saw": saw_of(call),
                "comment": "同意",
                "ticked": list(points_of(call)),
            }
            telling.through_api(self.company, who, f"/requests/{number}/sign", given)
        return Call.objects.get(pk=number)

    def sign(self, call: Call, who: str, verdict: str = "agree") -> Call:
        """Sign what lies in one's own to-do."""
        waits = waiting_for(self.company.actor(who)).filter(pk=call.pk)
        assert waits.exists(), f"{who} is not asked for {call.op}"
        return telling.agree(self.company, call, who, verdict)

    def dossier(self, name: str) -> str:
        """The dossier of a customer, as a subject."""
        return str(Dossier.objects.get(name=name).ref)

    def expected(self) -> dict[str, str]:
        """How each control stands when everybody did as the regulation says."""
        controls = self.company.pack.controls.items()
        return {name: control.kind if control.available else "not_yet_available" for name, control in controls}

    def differing(self, written: str) -> dict[str, str]:
        """Controls that stand otherwise than expected, and why."""
        found = status(in_force(), period(written), clock.now_us())
        return {
            each.id: f"{each.status}: {each.why}" for each in found.controls if self.expected()[each.id] != each.status
        }
