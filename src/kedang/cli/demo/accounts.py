"""Seating the people of the sample company, and giving them passwords that are shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.cli import asking, passwords
from kedang.cli.demo.company import COMPANY, Person, Plan
from kedang.governance import founding
from kedang.governance.abilities import operations_of
from kedang.governance.gate import perform
from kedang.kernel.deeds import Payload
from kedang.packs import in_force
from kedang.people import payloads

REASON = "入职，按岗位授权"
PARTING = "系统、安全、审计三员分立"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the demo prints it."""

    user: str
    name: str
    roles: list[str]
    unit: str
    clearance: int
    password: str
    can: list[str]


def seat(pack: str, plan: Plan) -> dict[str, str]:
    """Found the site, add units and people, give roles and posts, part the offices; return the passwords by user.

    While nobody heads the company nobody could sign, so its head is appointed last.
    """
    staff = plan.people
    chosen = {person.username: passwords.random_password() for person in staff}
    first = staff[0]
    founding.found(
        pack, first.username, name=first.name, password_hash=passwords.hash_of(chosen[first.username]), company=COMPANY,
        credential=f"cli:{asking.os_user()}",
    )  # fmt: skip
    for place in plan.places:
        if place.added:
            payload = payloads.CreateUnit.model_validate({"code": place.code, "name": place.name, "kind": place.kind})
            _do(first, "people.unit", f"unit:{place.parent}", payload, REASON)
    for person in staff[1:]:
        _add(first, person, chosen[person.username])
    _seat_posts(first, plan, last=False)
    _part_offices(first, staff)
    _seat_posts(first, plan, last=True)
    return chosen


def _seat_posts(first: Person, plan: Plan, *, last: bool) -> None:
    """Appoint everybody to their posts, or at last the head of the company."""
    pack, top = in_force(), plan.places[0].code
    for person in plan.people:
        for post, unit in person.posts:
            if (pack.posts[post].head and unit == top) == last:
                _do(
                    first, "people.appoint", f"staff:{person.username}", payloads.Appoint(post=post, unit=unit), REASON
                )  # fmt: skip


def renew(staff: Sequence[Person]) -> dict[str, str]:
    """Everybody gets a new password, each set by its own person; return them by user."""
    chosen = {person.username: passwords.random_password() for person in staff}
    for person in staff:
        payload = payloads.SetPassword(password_hash=passwords.hash_of(chosen[person.username]))
        _do(person, "people.password", f"staff:{person.username}", payload)
    return chosen


def shown(staff: Sequence[Person], chosen: dict[str, str]) -> list[Account]:
    """The accounts as they are now, with what each could do."""
    return [_account(person, chosen[person.username]) for person in staff]


def _account(person: Person, password: str) -> Account:
    by = asking.acting(person.username)
    return Account(
        person.username, person.name, sorted(by.roles), person.unit, by.clearance, password, operations_of(by)
    )  # fmt: skip


def _add(first: Person, person: Person, password: str) -> None:
    subject = f"staff:{person.username}"
    created = payloads.CreateStaff(
        username=person.username, name=person.name, unit=person.unit, password_hash=passwords.hash_of(password)
    )
    _do(first, "people.create", "-", created)
    _do(first, "people.clear", subject, payloads.ClearStaff.model_validate(
        {"clearance": person.clearance, "scope": person.scope}
    ), REASON)  # fmt: skip
    for role in person.roles:
        _do(first, "people.grant", subject, payloads.GrantRole(role=role), REASON)


def _part_offices(first: Person, staff: Sequence[Person]) -> None:
    """The founder keeps one office; whoever else holds the other takes it from them."""
    for role in sorted(asking.acting(first.username).roles - set(first.roles)):
        other = next(person for person in staff[1:] if role in person.roles)
        _do(other, "people.revoke", f"staff:{first.username}", payloads.RevokeRole(role=role), PARTING)


def _do(person: Person, op: str, subject: str, payload: Payload, reason: str = "") -> None:
    perform(op, by=asking.acting(person.username), subject=subject, payload=payload, reason=reason)
