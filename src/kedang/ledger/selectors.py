"""Reading the ledger: history of a subject, versions of a dossier, who looked at it, pages for the ledger page.

These return what is stored, ciphertext included; whether a person may see it, and how, is decided by
the room that asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson
from django.db.models import QuerySet

from kedang.ledger.models import Entry, LedgerValue, Look, Sealed, Version
from kedang.ledger.services import SALT, value_place
from kedang.vault import cipher, subjects


@dataclass(frozen=True, slots=True)
class Seen:
    """One time somebody had a dossier on screen."""

    look: int
    at_us: int
    actor: str
    on_behalf: str
    credential: str
    kind: str
    purpose: str
    fields: tuple[str, ...]


def entries_of(subject: str) -> QuerySet[Entry]:
    """Entries on one subject (`kind:ref`), newest first."""
    return Entry.objects.filter(subject_ref=subject).order_by("-id")


def history_page(subject: str, dossier_id: int, *, limit: int, before: int | None = None) -> list[Entry]:
    """A page of the entries on a dossier, newest first, with those of other subjects that wrote a version of it.

    `before` is the id of the last entry of the page before; what a dossier went through is never read as a whole.
    """
    own = Entry.objects.filter(subject_ref=subject)
    written = Version.objects.filter(dossier=dossier_id)
    if before is not None:
        own, written = own.filter(id__lt=before), written.filter(entry_id__lt=before)
    ids = {*own.order_by("-id").values_list("id", flat=True)[:limit]}
    ids |= {*written.order_by("-no").values_list("entry_id", flat=True)[:limit]}
    return list(entries_by_id(sorted(ids, reverse=True)[:limit]))


def page(
    *, after: int | None = None, limit: int = 50, actor: str = "", op: str = "", subject: str = "", outcome: str = ""
) -> list[Entry]:
    """One page of the ledger, newest first; `after` is the id of the last entry of the page before."""
    wanted = {"actor_id": actor, "op": op, "subject_ref": subject, "outcome": outcome}
    entries = Entry.objects.filter(**{name: value for name, value in wanted.items() if value})
    if after is not None:
        entries = entries.filter(id__lt=after)
    return list(entries.order_by("-id")[:limit])


def versions_of(dossier_id: int) -> QuerySet[Version]:
    """All versions of a dossier in order."""
    return Version.objects.filter(dossier=dossier_id).order_by("no")


def versions_of_batch(batch: int, subject: str) -> QuerySet[Version]:
    """Versions that the entries on `subject` wrote for a batch, in order, for its undo."""
    entries = Entry.objects.filter(subject_ref=subject).values("id")
    return Version.objects.filter(entry_id__in=entries, batch=batch).order_by("dossier", "no")


def values_of(entry_ids: Sequence[int]) -> QuerySet[LedgerValue]:
    """The sealed values of some entries."""
    return LedgerValue.objects.filter(entry_id__in=entry_ids).order_by("entry_id", "pos")


def open_value(value: LedgerValue) -> tuple[object, object] | None:
    """Before and after of a sealed value; None when its subject was erased. Raises `cipher.Tampered`."""
    key = subjects.get([value.subject_ref])[value.subject_ref]
    if key is None:
        return None
    plain = cipher.open_sealed(key, value.ct, value_place(value.entry_id, value.subject_ref, value.field))
    before, after = orjson.loads(plain[SALT:])
    return before, after


def entries_by_id(ids: Iterable[int]) -> QuerySet[Entry]:
    """Entries by their ids, newest first."""
    return Entry.objects.filter(id__in=list(ids)).order_by("-id")


def blocks_of(entry_ids: Iterable[int]) -> dict[int, int]:
    """The block each entry is sealed in; an entry not sealed yet is left out."""
    places = Sealed.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", "block")
    return dict(places)


def lookers_of(dossier_id: int, *, since_us: int = 0, until_us: int | None = None, limit: int = 1000) -> list[Seen]:
    """Who saw a dossier, newest first, at most `limit`. Reads the looks of the period: give one where you can."""
    looks = Look.objects.filter(first_id__lte=dossier_id, last_id__gte=dossier_id, n_ids__gt=0, at_us__gte=since_us)
    if until_us is not None:
        looks = looks.filter(at_us__lt=until_us)
    near = looks.order_by("-id").values_list("id", "ids").iterator(chunk_size=2000)
    found = list(islice((number for number, ids in near if _holds(ids, dossier_id)), limit))
    return [_seen(look) for look in Look.objects.filter(id__in=found).order_by("-id")]


def _holds(packed: bytes, wanted: int) -> bool:
    """Whether an id is in a packed list; stops where the rising ids have passed it."""
    last = shift = delta = 0
    for byte in packed:
        delta |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            continue
        last += delta
        if last >= wanted:
            return last == wanted
        delta = shift = 0
    return False


def _seen(look: Look) -> Seen:
    fields = tuple(look.fields.split(",")) if look.fields else ()
    return Seen(
        look.id, look.at_us, look.actor_id, look.on_behalf, look.credential, look.kind, look.purpose, fields
    )  # fmt: skip
