"""Leaving a notice for a person, exactly once for one occasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from kedang.messages import addresses, wording
from kedang.messages.models import Address, Delivery, Notice

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Note:
    """One notice to one person.

    `title` is a source string with `%(name)s` for the parameters, which hold codes, numbers and titles; a person's
    number or mail address in them is blanked out. `link` is a path of ours. With `receipt` the person has to confirm
    it. The same person is never told twice with one `key`.
    """

    to: str
    key: str
    title: str
    params: Mapping[str, str]
    link: str
    at_us: int
    receipt: bool = False
    article: str = ""

    def __post_init__(self) -> None:
        if not self.link.startswith("/") or self.link.startswith("//"):
            raise ValueError(f"a notice leads to a page of ours, not to {self.link!r}")

    def notice(self) -> Notice:
        """As it is stored."""
        return Notice(
            to=self.to, key=self.key, title=self.title, params=wording.packed(self.params), link=self.link,
            at_us=self.at_us, receipt=self.receipt, article=self.article,
        )  # fmt: skip


def post(
    to: str, *, key: str, title: str, params: Mapping[str, str], link: str, at_us: int, receipt: bool = False,
    article: str = "",
) -> None:  # fmt: skip
    """Tell a person something (see `Note`), once for each (to, key) however often and from however many sides.

    Writes rows only: it belongs into the transaction of the deed it tells of, and goes back with it.
    """
    _post(Note(to, key, title, params, link, at_us, receipt, article))


def post_all(notes: Sequence[Note]) -> None:
    """Many at once, each as `post` does it."""
    for at in range(0, len(notes), CHUNK):
        new = _new(notes[at : at + CHUNK])
        try:
            with transaction.atomic():  # a savepoint, as below
                _queue(Notice.objects.bulk_create([note.notice() for note in new]))
        except IntegrityError:  # somebody posted one of them meanwhile
            for note in new:
                _post(note)


def _new(notes: Sequence[Note]) -> list[Note]:
    """Those that nobody posted yet, each occasion once."""
    asked = {(note.to, note.key): note for note in notes}
    there = Notice.objects.filter(to__in={to for to, _ in asked}, key__in={key for _, key in asked})
    posted = set(there.values_list("to", "key"))
    return [note for occasion, note in asked.items() if occasion not in posted]


def _post(note: Note) -> None:
    if _posted(note.to, note.key):
        return
    notice = note.notice()
    try:
        with transaction.atomic():  # a savepoint: the loser of the race goes on with its own deed
            notice.save(force_insert=True)
            _queue([notice])
    except IntegrityError:
        if not _posted(note.to, note.key):
            raise


def _posted(to: str, key: str) -> bool:
    return Notice.objects.filter(to=to, key=key).exists()


def _queue(notices: Sequence[Notice]) -> None:
    """A copy for each channel on which somebody wants it."""
    wanted: dict[str, list[str]] = {}
    on = Address.objects.filter(staff__in={notice.to for notice in notices}, on=True)
    for staff, channel in on.values_list("staff", "channel"):
        if addresses.is_open(channel):
            wanted.setdefault(staff, []).append(channel)
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=channel, next_us=notice.at_us)
        for notice in notices
        for channel in wanted.get(notice.to, ())
    )
