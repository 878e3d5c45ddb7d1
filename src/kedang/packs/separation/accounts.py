"""What one account is and may do, and whether a person gets a deed done with their accounts alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.operations import Step
from kedang.packs.parties import Party
from kedang.packs.schema import Pack

_PERSON = 1
_FULL = Given("理由" * 250, tuple(f"file:{number}" for number in range(20)), form=True, confirmed=True)


@dataclass(frozen=True, slots=True)
class Account:
    """An account the person signs in with."""

    name: str
    roles: frozenset[str] = frozenset()
    clearance: int = 0
    posts: frozenset[str] = frozenset()

    @classmethod
    def with_roles(
        cls, pack: Pack, roles: frozenset[str], *, posts: frozenset[str] = frozenset(), name: str = ""
    ) -> Account:
        """Somebody who works here, cleared as high as the roles can be."""
        highest = max((int(pack.role(code).max_clearance) for code in roles), default=0)
        return cls(name or " + ".join(sorted(roles)), roles, highest, posts)

    @classmethod
    def puppet(cls, state: Sequence[Account]) -> Account:
        """A new account without any right."""
        return cls(f"account {len(state) + 1}")

    @property
    def key(self) -> tuple[object, ...]:
        """By which situations are told apart."""
        return self.name, sorted(self.roles), self.clearance, sorted(self.posts)

    def with_role(self, role: str) -> Account:
        """The account with one more role."""
        return replace(self, roles=self.roles | {role})

    def cleared(self) -> Account:
        """The account with the highest clearance, as far as its roles let it count."""
        return replace(self, clearance=int(Level.TOP_SECRET))

    def seated(self, post: str) -> Account:
        """The account in one more post."""
        return replace(self, posts=self.posts | {post})

    def counts(self, pack: Pack) -> int:
        """The clearance that counts: no higher than the roles allow."""
        highest = max((int(pack.role(code).max_clearance) for code in self.roles), default=0)
        return min(self.clearance, highest)

    def reads_classified(self, pack: Pack) -> bool:
        """Whether it opens dossiers of the level `secret` and above."""
        return "dossier" in pack.reads_of(self.roles) and self.counts(pack) >= Level.SECRET

    def actor(self, pack: Pack) -> Actor:
        """The account as `decide` sees it."""
        return Actor(
            id=self.name, roles=self.roles, unit=_PERSON, units=None, clearance=self.counts(pack),
            reads=pack.reads_of(self.roles), credential="search", pk=_PERSON,
        )  # fmt: skip


def answers(pack: Pack, operation: str, actor: Account, circumstances: Sequence[Facts]) -> list[Decision]:
    """What the regulation answers this account where it allows the deed, each different answer once."""
    signed = frozenset(pack.undertakings)
    asked = [replace(facts, signed=signed) for facts in circumstances]
    found = [decide(pack, operation, actor.actor(pack), facts, _FULL) for facts in asked]
    different = {(each.flow, len(each.steps), tuple(map(id, each.steps))): each for each in found if each.allow}
    return [each for each in different.values() if not each.missing]


def signed_alone(pack: Pack, decision: Decision, actor: Account, state: Sequence[Account]) -> bool:
    """Whether every signature a deed needs can be given by the person's own accounts."""
    if not decision.steps:
        return True
    flow = pack.flows[decision.flow]
    others = [account for account in state if account is not actor or flow.self_approval]
    seats = [seat for step in decision.steps for seat in _seats(pack, step, others, actor)]
    return _seated(seats, distinct=flow.distinct)


def _seats(pack: Pack, step: Step, others: Sequence[Account], actor: Account) -> list[list[Account]]:
    """For each signature of a step the accounts that can give it."""
    if step.of:
        return [_fillers(pack, step.of, others, actor)] * step.least
    if step.all:
        return [_fillers(pack, party, others, actor) for party in step.all]
    anybody = [account for party in step.any for account in _fillers(pack, party, others, actor)]
    return [list(dict.fromkeys(anybody))] * step.least


def _fillers(pack: Pack, party: Party, others: Sequence[Account], actor: Account) -> list[Account]:
    return [account for account in others if _is(pack, party, account, actor)]


def _is(pack: Pack, party: Party, account: Account, actor: Account) -> bool:
    """Whether an account can be the party; where units and owners decide, the person is assumed to choose them well."""
    if party.role:
        return party.role in account.roles
    if party.post:
        return party.post in account.posts
    if party.person:
        return (account == actor) == (party.person == "applicant")
    return any(pack.posts[post].head for post in account.posts if post in pack.posts)


def _seated(seats: Sequence[Sequence[Account]], *, distinct: bool) -> bool:
    """Whether each seat gets somebody, no account twice where people have to be distinct."""
    if not distinct:
        return all(seats)
    if not seats:
        return True
    first, rest = seats[0], seats[1:]
    return any(_seated([[a for a in seat if a is not account] for seat in rest], distinct=True) for account in first)
