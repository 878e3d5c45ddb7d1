"""What the stories have in common: who signs, what stands in the books, how the regulation is kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.test import Client

from kedang.governance import clocks
from kedang.governance.compliance.periods import period
from kedang.governance.compliance.status import status
from kedang.governance.flows.selectors import asked_on, points_of
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.packs import in_force
from kedang.people.payloads import CreateToken
from kedang.people.tokens import new_token
from tests.company import Company


def agree(company: Company, call: Call, username: str, verdict: str = "agree") -> Call:
    """One signature over what stands there now, all points ticked."""
    fresh = Call.objects.get(pk=call.pk)
    by = company.actor(username)
    return sign(call.pk, by=by, verdict=verdict, saw=saw_of(fresh), comment="同意", ticked=tuple(points_of(fresh)))


def signed(company: Company, call: Call, *usernames: str) -> Call:
    """These people agree, one after the other; until then it waits, and with the last it is done."""
    for username in usernames:
        assert call.state == "waiting", (username, call.state)
        call = agree(company, call, username)
    return call


def all_signed(company: Company, call: Call) -> Call:
    """Whoever is asked agrees, until nobody is asked any more."""
    while call.state == "waiting":
        asked = asked_on(call)
        assert asked, "it waits for nobody"
        call = agree(company, call, asked[0])
    return call


def numbers(register: str) -> list[str]:
    """The numbers of a register in the order they were given."""
    return list(Row.objects.filter(register=register).order_by("pk").values_list("number", flat=True))


def row_of(call: Call) -> str:
    """The row a deed opened or moved, as a subject."""
    return str((call.outcome or {})["row"])


def standing(name: str) -> dict[str, str]:
    """Each control of the regulation in force and how it stands in a period."""
    clocks.tick(clock.now_us())
    found = status(in_force(), period(name), clock.now_us())
    return {control.id: control.status for control in found.controls}


def expected(later: str, **otherwise: str) -> dict[str, str]:
    """How each control has to stand: as its kind says, except those of later rooms and the named ones."""
    pack = in_force()
    stands = {name: said.kind if said.available else "not_yet_available" for name, said in pack.controls.items()}
    assert {name for name, status_ in stands.items() if status_ == "not_yet_available"} == set(later.split())
    return {**stands, **otherwise}


def through_api(company: Company, by: str, path: str, body: Mapping[str, object]) -> dict[str, object]:
    """A step a program takes with this person's own token."""
    token, digest = new_token()
    label = f"story{company.staff[by].tokens.count()}"
    company.do("people.token", f"staff:{by}", CreateToken(label=label, digest=digest, ops=()), by=by)
    answer = Client(SERVER_NAME="localhost").post(
        f"/api/v1{path}", data=body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code in (200, 201, 202), answer.content
    return dict(answer.json())
