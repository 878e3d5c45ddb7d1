"""The search itself: from what one person begins with to what that person must not reach alone. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Decision
from kedang.packs.schema import Pack
from kedang.packs.separation.accounts import Account, answers, signed_alone
from kedang.packs.separation.circumstances import choices

STEPS = 6
BULK = 10_000
LIMIT = 1_500
"""So many situations are looked at for one person; more than any sound regulation lets one person bring about."""
MOST_ACCOUNTS = 5
DEEDS = {
    "bulk export": ("copy.export", "copy.release"),
    "destruction": ("custody.dispose",),
    "policy change": ("pack.adopt",),
    "restore": ("backup.restore",),
}
"""What takes more than one person, by the operations that do it."""
CLASSIFIED = "classified reading"
HALVES = 2
"""So many different accounts it takes to set the password of somebody else."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One person alone reaches what should take two: who, what, and by which deeds."""

    person: str
    goal: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.person} alone: {self.goal}\n" + "\n".join(
            f"  {number}. {deed}" for number, deed in enumerate(self.path, 1)
        )


State = tuple[Account, ...]


def people_of(pack: Pack) -> list[Account]:
    """Everybody a company of this regulation may have: each role, each post with its roles, each two that agree."""
    sets = {frozenset({code}) for code in pack.roles}
    sets |= {frozenset(pair) for pair in combinations(sorted(pack.roles), 2) if not pack.conflicts(pair)}
    people = [Account.with_roles(pack, roles) for roles in sorted(sets, key=sorted)]
    for code, post in pack.posts.items():
        people.append(Account.with_roles(pack, post.roles, posts=frozenset({code}), name=code))
    return people


def holes(pack: Pack, people: Iterable[Account] | None = None) -> list[Hole]:
    """Each thing that takes two and that somebody can reach alone, by the shortest path found."""
    found: dict[tuple[str, str], Hole] = {}
    ground = _Ground(pack)
    for person in people_of(pack) if people is None else people:
        for hole in _Search(pack, person, ground).run():
            found.setdefault((hole.person, hole.goal), hole)
    return list(found.values())


@dataclass
class _Ground:
    """What the regulation answers, asked once for all people."""

    pack: Pack
    circumstances: dict[str, list[Facts]] = field(default_factory=dict)
    answered: dict[tuple[object, ...], list[Decision]] = field(default_factory=dict)

    def answers(self, operation: str, actor: Account) -> list[Decision]:
        key = (operation, actor.roles, actor.counts(self.pack))
        if key not in self.answered:
            if operation not in self.circumstances:
                self.circumstances[operation] = list(_circumstances(self.pack, operation))
            self.answered[key] = answers(self.pack, operation, actor, self.circumstances[operation])
        return self.answered[key]


@dataclass
class _Search:
    pack: Pack
    person: Account
    ground: _Ground

    def run(self) -> Iterator[Hole]:
        """Breadth first, so that the path reported is the shortest."""
        start: State = (self.person,)
        seen, reached = {start}, set[str]()
        ahead: deque[tuple[State, tuple[str, ...]]] = deque([(start, ())])
        while ahead and len(seen) < LIMIT:
            state, path = ahead.popleft()
            for goal, deed in self._goals(state):
                if goal not in reached:
                    reached.add(goal)
                    yield Hole(self.person.name, goal, (*path, *deed))
            if len(path) >= STEPS - 1:
                continue
            for deed_, following in self._following(state):
                if following not in seen:
                    seen.add(following)
                    ahead.append((following, (*path, deed_)))

    def _goals(self, state: State) -> Iterator[tuple[str, tuple[str, ...]]]:
        classified = self.person.reads_classified(self.pack)
        for account in state:
            if not classified and account.reads_classified(self.pack):
                yield CLASSIFIED, (f"reads classified dossiers as {account.name}",)
        for goal, operations in DEEDS.items():
            for operation in operations:
                for account in state:
                    if operation in self.pack.operations and self._may(state, account, operation):
                        yield goal, (f"{operation} as {account.name}, signed by nobody else",)

    def _following(self, state: State) -> Iterator[tuple[str, State]]:
        """What the person can do next, and how things stand then."""
        for actor in state:
            if len(state) < MOST_ACCOUNTS and self._may(state, actor, "people.create"):
                yield f"people.create: an account of one's own, as {actor.name}", _state(*state, Account.puppet(state))
            yield from self._raised(state, actor)
        yield from self._taken_over(state)

    def _raised(self, state: State, actor: Account) -> Iterator[tuple[str, State]]:
        for target in state:
            if target == actor:
                continue
            others = [account for account in state if account is not target]
            for role in self._missing_roles(state, actor, target):
                deed = f"people.grant: {role} to {target.name}, as {actor.name}"
                yield deed, _state(*others, target.with_role(role))
            if target.clearance < Level.TOP_SECRET and self._may(state, actor, "people.clear"):
                deed = f"people.clear: the highest clearance to {target.name}, as {actor.name}"
                yield deed, _state(*others, target.cleared())
            if self._may(state, actor, "people.appoint"):
                for post in sorted(self.pack.posts.keys() - target.posts):
                    deed = f"people.appoint: {target.name} as {post}, by {actor.name}"
                    yield deed, _state(*others, target.seated(post))

    def _missing_roles(self, state: State, actor: Account, target: Account) -> list[str]:
        if not self._may(state, actor, "people.grant"):
            return []
        free = sorted(self.pack.role_codes - target.roles)
        return [role for role in free if not self.pack.conflicts(target.roles | {role})]

    def _taken_over(self, state: State) -> Iterator[tuple[str, State]]:
        """Somebody else's password, set by as many accounts as it takes."""
        setting = [account for account in state if self._may(state, account, "people.password")]
        if len(setting) < HALVES or len(state) >= MOST_ACCOUNTS:
            return
        for colleague in _colleagues(self.pack):
            names = " and ".join(account.name for account in setting[:HALVES])
            yield f"people.password: takes the account of a {colleague.name}, as {names}", _state(*state, colleague)

    def _may(self, state: State, actor: Account, operation: str) -> bool:
        """Whether the person gets the deed done with these accounts alone."""
        if operation not in self.pack.operations:
            return False
        answers_ = self.ground.answers(operation, actor)
        return any(signed_alone(self.pack, decision, actor, state) for decision in answers_)


def _circumstances(pack: Pack, operation: str) -> Iterator[Facts]:
    if operation.startswith("people."):
        return choices(pack, operation, kind="staff")
    if operation in DEEDS["bulk export"]:
        return choices(pack, operation, rows=BULK)
    return choices(pack, operation)


def _colleagues(pack: Pack) -> Iterator[Account]:
    return (Account.with_roles(pack, frozenset({code})) for code in sorted(pack.roles))


def _state(*accounts: Account) -> State:
    return tuple(sorted(accounts, key=lambda account: account.key))
