"""The open duties a person has to see to: those that are theirs alone, and those that any of several may do."""

from __future__ import annotations

from collections.abc import Iterator

from kedang.governance.clocks import editions, holders
from kedang.governance.clocks.models import Duty
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.people.models import Appointment
from kedang.people.parties import Book, Matter, candidates, lasting

MOST_SHARED = 200
"""Of the duties several may do so many are looked through, those due first."""


def duties_of(by: Actor, most: int) -> list[Duty]:
    """What this person has to do, what is due first before the rest; a limit that is not known yet comes last."""
    own = list(Duty.objects.filter(holder=by.id, closed_us=0).order_by("due_us", "pk")[:most])
    found = [*own, *_shared(by)]
    return sorted(found, key=lambda duty: (not duty.due_us, duty.due_us, duty.pk))[:most]


def _shared(by: Actor) -> Iterator[Duty]:
    """Duties without a holder that this person is one of several for."""
    open_ones = Duty.objects.filter(holder="", closed_us=0)
    parties = _parties(by, list(open_ones.order_by().values_list("party", flat=True).distinct()))
    if not parties:
        return
    books: dict[str, Book] = {}
    for duty in open_ones.filter(party__in=parties).order_by("due_us", "pk")[:MOST_SHARED]:
        if duty.pack_version not in books:
            books[duty.pack_version] = Book(editions.pinned(duty), clock.now_us())
        if by.id in _people(duty, books[duty.pack_version]):
            yield duty


def _people(duty: Duty, book: Book) -> tuple[str, ...]:
    """As `holders.people_of`, but the company is read once for the whole list."""
    matter = Matter(duty.applicant or duty.holder, duty.unit, duty.owner, duty.thing_holder)
    for party in (holders.party_of(duty), holders.HEAD):
        if found := candidates(book.pack, party, matter, book.at_us, with_applicant=True, book=book):
            return found
    return ()


def _parties(by: Actor, stored: list[str]) -> list[str]:
    """Those of the parties this person could be one of; a head answers for every seat that is empty."""
    if not stored:
        return []
    pack = in_force()
    posts = set(Appointment.objects.filter(lasting(clock.now_us()), staff_id=by.pk).values_list("post", flat=True))
    if _heads(pack, posts):
        return stored
    return [text for text in stored if _may_be(by, posts, Party.model_validate_json(text))]


def _heads(pack: Pack, posts: set[str]) -> bool:
    return any(pack.posts[post].head for post in posts if post in pack.posts)


def _may_be(by: Actor, posts: set[str], party: Party) -> bool:
    return party.role in by.roles or party.post in posts or party.person is not None
