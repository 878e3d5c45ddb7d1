"""Reads of the ledger: the history of a subject, the versions of a dossier, who saw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from kedang.kernel.packing import unpack_ids
from kedang.ledger.models import Entry, Look, Sealed, Version


def entries_of(subject: str) -> QuerySet[Entry]:
    """Entries about one subject, oldest first."""
    return Entry.objects.filter(subject_ref=subject).order_by("id")


def entries_by_id(ids: Iterable[int]) -> QuerySet[Entry]:
    """Entries by id, such as the chunks of a batch that versions belong to."""
    return Entry.objects.filter(id__in=list(ids))


def versions_of(dossier: int) -> QuerySet[Version]:
    """The sealed differences of a dossier, first to last."""
    return Version.objects.filter(dossier=dossier).order_by("no")


def blocks_of(entry_ids: Iterable[int]) -> dict[int, int]:
    """The block each entry is sealed in; entries not sealed yet are absent."""
    return dict(Sealed.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", "block"))


def lookers_of(dossier: int) -> Iterator[Look]:
    """Looks at this dossier, newest first; the packed ids of each page are opened to be sure."""
    near = Look.objects.filter(first_id__lte=dossier, last_id__gte=dossier).order_by("-id")
    return (look for look in near.iterator(chunk_size=500) if dossier in unpack_ids(look.ids))
