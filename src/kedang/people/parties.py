"""Who a pack means: from a `Party` of the regulation to the people who are it at an instant.

Only people whose account is open are ever named. A `Book` keeps what was asked, so that a list of many
matters asks the database once for each kind of thing and not once for each matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.people.actors import effective_scope
from kedang.people.models import Appointment, Delegation, Staff, StaffRole, Unit
from kedang.people.units import ids_upwards

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a party is looked for in: who asked, where the subject lies (0: nowhere), and its persons."""

    applicant: str
    unit_id: int
    owner: str = ""
    holder: str = ""


def candidates(
    pack: Pack,
    party: Party,
    matter: Matter,
    at_us: int,
    *,
    above: bool = False,
    with_applicant: bool = False,
    book: Book | None = None,
) -> tuple[str, ...]:
    """Usernames of the people a party means, in alphabetical order; empty where the seat is empty.

    A unit without a head, or headed by the applicant alone, is headed by the unit above it, unless
    `with_applicant`. `above` asks for the superior of the seat itself, for when it is empty.
    """
    search = _Search(pack, matter, book or Book(pack, at_us), with_applicant)
    return tuple(sorted(search.above(party) if above else search.of(party)))


def deputies_of(username: str, at_us: int) -> tuple[str, ...]:
    """Who may sign in this person's place at an instant."""
    rows = _delegations(at_us).filter(staff__username=username).values_list("deputy__username", flat=True)
    return tuple(sorted(set(rows)))


def acting_for(username: str, at_us: int) -> tuple[str, ...]:
    """In whose place this person may sign at an instant; a deputy's deputy stands in for nobody."""
    rows = _delegations(at_us).filter(deputy__username=username).values_list("staff__username", flat=True)
    return tuple(sorted(set(rows)))


def lasting(at_us: int) -> Q:
    """What began and has not ended at an instant, for rows with `since_us` and `until_us`."""
    return Q(since_us__lte=at_us) & (Q(until_us=0) | Q(until_us__gt=at_us))


class Book:
    """What was read of the company at one instant; each thing once."""

    def __init__(self, pack: Pack, at_us: int) -> None:
        self.pack, self.at_us = pack, at_us
        self._posts: dict[str, dict[int, frozenset[str]]] = {}
        self._roles: dict[str, list[tuple[str, int, str]]] = {}
        self._homes: dict[str, int] = {}

    @cached_property
    def chains(self) -> dict[int, tuple[int, ...]]:
        """Every unit with itself and all above it, the nearest first."""
        return {pk: tuple(ids_upwards(path)) for pk, path in Unit.objects.values_list("pk", "path")}

    @cached_property
    def codes(self) -> dict[str, int]:
        """Units by code."""
        return dict(Unit.objects.values_list("code", "pk"))

    @cached_property
    def top(self) -> int:
        """The company itself."""
        return next((pk for pk, chain in self.chains.items() if chain == (pk,)), 0)

    @cached_property
    def heads(self) -> dict[int, frozenset[str]]:
        """Who heads which unit, by any post that heads."""
        return self._holders([code for code, post in self.pack.posts.items() if post.head])

    def holders(self, post: str) -> dict[int, frozenset[str]]:
        """Who holds a post, by unit."""
        if post not in self._posts:
            self._posts[post] = self._holders([post])
        return self._posts[post]

    def in_role(self, role: str, unit_id: int) -> frozenset[str]:
        """Holders of a role whose scope reaches a unit (0: whatever the scope).

        A role that reads no dossier has no row scope: its office reaches everywhere.
        """
        if role not in self._roles:
            self._roles[role] = list(self._scopes(role))
        chain = self.chains.get(unit_id, ())
        everywhere = not unit_id or not self.pack.role(role).content
        return frozenset(
            name for name, home, scope in self._roles[role] if everywhere or _reaches(scope, home, unit_id, chain)
        )

    def home(self, username: str) -> int:
        """The unit of an active person; 0 for nobody."""
        if username not in self._homes:
            found = Staff.objects.filter(username=username, is_active=True).values_list("unit_id", flat=True).first()
            self._homes[username] = found or 0
        return self._homes[username]

    def _holders(self, posts: list[str]) -> dict[int, frozenset[str]]:
        rows = Appointment.objects.filter(lasting(self.at_us), post__in=posts, staff__is_active=True)
        found: dict[int, set[str]] = {}
        for unit, username in rows.values_list("unit_id", "staff__username"):
            found.setdefault(unit, set()).add(username)
        return {unit: frozenset(names) for unit, names in found.items()}

    def _scopes(self, role: str) -> Iterator[tuple[str, int, str]]:
        """Username, unit and scope in force of everybody who holds a role; all their roles cap the scope."""
        holders = StaffRole.objects.filter(lasting(self.at_us), role=role, staff__is_active=True).values("staff_id")
        rows = StaffRole.objects.filter(lasting(self.at_us), staff_id__in=holders)
        held: dict[tuple[str, int, str], set[str]] = {}
        for username, unit, scope, code in rows.values_list(
            "staff__username", "staff__unit_id", "staff__scope", "role"
        ):
            held.setdefault((username, unit, scope), set()).add(code)
        for (username, unit, scope), codes in held.items():
            yield username, unit, effective_scope(scope, frozenset(codes) & self.pack.role_codes, self.pack)


class _Search:
    """One party looked for in one matter."""

    def __init__(self, pack: Pack, matter: Matter, book: Book, with_applicant: bool) -> None:
        self.pack, self.matter, self.book = pack, matter, book
        self.skipped = NOBODY if with_applicant else frozenset({matter.applicant})

    def of(self, party: Party) -> frozenset[str]:
        """The people themselves."""
        if party.head_of is not None:
            return self._nearest_head(self._chain(self._unit_named(party.head_of)))
        if party.role is not None:
            return self.book.in_role(party.role, self.matter.unit_id)
        if party.post is not None:
            return self._in_post(party.post)
        if party.superior_of is not None:
            return self._superior(self._person(party.superior_of), party.level)
        person = self._person(party.person or "")
        return frozenset({person}) if person and self.book.home(person) else NOBODY

    def above(self, party: Party) -> frozenset[str]:
        """The superior of the seat, whoever would sit in it."""
        if party.head_of is not None:
            return self._nearest_head(self._chain(self._unit_named(party.head_of))[1:])
        if party.superior_of is not None:
            return self._superior(self._person(party.superior_of), party.level + 1)
        if party.person is not None:
            return self._superior(self._person(party.person), 1)
        heads = party.post is not None and self.pack.posts[party.post].head
        chain = self._chain(self._seat(party))
        return self._nearest_head(chain[1:] if heads else chain)

    def _in_post(self, post: str) -> frozenset[str]:
        """The holders in the nearest unit upwards; company-wide where the company has the post once."""
        holders = self.book.holders(post)
        said = self.pack.posts[post]
        if said.per == "company" or said.unit is not None or not self._place():
            return frozenset[str]().union(*holders.values())
        return next((holders[unit] for unit in self._chain(self._place()) if unit in holders), NOBODY)

    def _nearest_head(self, chain: tuple[int, ...]) -> frozenset[str]:
        heads = self.book.heads
        return next((found for unit in chain if (found := heads.get(unit, NOBODY) - self.skipped)), NOBODY)

    def _superior(self, person: str, level: int) -> frozenset[str]:
        """The heads upwards from a person's unit who are not that person, the `level`-th of them."""
        below = {person}
        for unit in self._chain(self.book.home(person)) if person else ():
            found = self.book.heads.get(unit, NOBODY) - below
            below |= found
            level -= 1 if found else 0
            if found and level == 0:
                return found
        return NOBODY

    def _unit_named(self, named: str) -> int:
        if named == "applicant_unit":
            return self.book.home(self.matter.applicant)
        if named == "subject_unit":
            return self._place()
        return self.book.top if named == "company" else self.book.codes.get(named, 0)

    def _seat(self, party: Party) -> int:
        """The unit in which a post or role would sit."""
        post = self.pack.posts[party.post] if party.post is not None else None
        if post is not None and post.unit is not None:
            return self.book.codes.get(post.unit, 0)
        return self.book.top if post is not None and post.per == "company" else self._place()

    def _place(self) -> int:
        """Where the matter lies: the subject's unit, else the applicant's."""
        return self.matter.unit_id or self.book.home(self.matter.applicant)

    def _person(self, named: str) -> str:
        return {"applicant": self.matter.applicant, "owner": self.matter.owner, "holder": self.matter.holder}[named]

    def _chain(self, unit_id: int) -> tuple[int, ...]:
        return self.book.chains.get(unit_id, ())


def _reaches(scope: str, home: int, unit_id: int, chain: tuple[int, ...]) -> bool:
    if scope == "all":
        return True
    return home in chain if scope == "unit_below" else scope in ("own", "unit") and home == unit_id


def _delegations(at_us: int) -> QuerySet[Delegation]:
    return Delegation.objects.filter(
        from_us__lte=at_us, until_us__gt=at_us, revoked_us=0, staff__is_active=True, deputy__is_active=True
    )
