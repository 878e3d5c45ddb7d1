"""Whose a duty is, and who is told about it."""

from __future__ import annotations

from collections.abc import Iterable

from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Duty
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.people.models import Staff
from kedang.people.parties import Book, Matter, candidates

HEAD = Party(head_of="subject_unit")
HOLDER = Party(person="holder")


class Books:
    """What was read of the company at one instant, by edition, for many duties at once."""

    def __init__(self, at_us: int) -> None:
        self.at_us, self.shelf = at_us, editions.Shelf()
        self._kept: dict[str, Book] = {}
        self._parties: dict[str, Party] = {}
        self._working: dict[str, bool] = {}

    def of(self, duty: Duty) -> tuple[Pack, Book]:
        """The edition of a duty and the company as that edition sees it."""
        pack = self.shelf.pinned(duty)
        if duty.pack_version not in self._kept:
            self._kept[duty.pack_version] = Book(pack, self.at_us)
        return pack, self._kept[duty.pack_version]

    def party_of(self, duty: Duty) -> Party:
        """As `party_of`; a party is read from its stored form once."""
        if duty.party not in self._parties:
            self._parties[duty.party] = party_of(duty)
        return self._parties[duty.party]

    def active(self, usernames: Iterable[str]) -> tuple[str, ...]:
        """Those of them who work here."""
        names = [name for name in usernames if name]
        if asked := [name for name in names if name not in self._working]:
            self._working |= dict.fromkeys(asked, False)
            found = Staff.objects.filter(username__in=asked, is_active=True).values_list("username", flat=True)
            self._working |= dict.fromkeys(found, True)
        return tuple(name for name in names if self._working[name])


def stored(party: Party) -> str:
    """A party as a duty keeps it."""
    return party.model_dump_json(exclude_defaults=True)


def party_of(duty: Duty) -> Party:
    """Who has to do it, as the regulation said."""
    return Party.model_validate_json(duty.party)


def people_of(duty: Duty, at_us: int, books: Books | None = None) -> tuple[str, ...]:
    """Everybody who may do it now: all whom its party means, or the head of the unit where nobody is left."""
    books = books or Books(at_us)
    party, matter = books.party_of(duty), _matter(duty, duty.thing_holder)
    if duty.seat.startswith("staff:") and party == HOLDER:
        return books.active([duty.seat.removeprefix("staff:")])
    pack, book = books.of(duty)
    found = candidates(pack, party, matter, at_us, with_applicant=True, book=book)
    return found or candidates(pack, HEAD, matter, at_us, with_applicant=True, book=book)


def settle(duty: Duty, at_us: int, books: Books | None = None) -> None:
    """Set the holder: the one person it is, or nobody where any of several may do it."""
    people = people_of(duty, at_us, books)
    duty.holder = people[0] if len(people) == 1 else ""


def told(duty: Duty, to: Iterable[Party], at_us: int, books: Books) -> tuple[str, ...]:
    """Usernames of those a notice goes to, each once; where that is nobody, those whose duty it is."""
    found = dict[str, None]()
    for party in to:
        if party == HOLDER:
            found |= dict.fromkeys((duty.holder,) if duty.holder else people_of(duty, at_us, books))
        else:
            found |= dict.fromkeys(_party(party, duty, at_us, books))
    return books.active(found) or people_of(duty, at_us, books)


def _party(party: Party, duty: Duty, at_us: int, books: Books) -> tuple[str, ...]:
    """An empty seat is answered for by the one above it: no notice goes nowhere."""
    (pack, book), matter = books.of(duty), _matter(duty, duty.holder)
    return candidates(pack, party, matter, at_us, book=book) or candidates(
        pack, party, matter, at_us, above=True, book=book
    )


def _matter(duty: Duty, holder: str) -> Matter:
    return Matter(applicant=duty.applicant or duty.holder, unit_id=duty.unit, owner=duty.owner, holder=holder)
