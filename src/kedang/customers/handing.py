"""Handing everything a person is first responsible for to somebody else, by the chunk.

Each dossier gets a version like one that is assigned alone; a chunk is written in the caller's transaction.
Who is handed over is found anew for each chunk, so a run that was broken off simply goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from kedang.customers import sealing, selectors
from kedang.customers.models import Dossier
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force, reckoning
from kedang.people import grants
from kedang.people.models import Staff
from kedang.vault import cipher, keyring, subjects

NAME = "customer.assign"
KEPT = N_("The day until which the dossier may still be read is a day to come.")
UNKNOWN_YEAR = N_("The working days of that year are not announced yet; name the day until which it may be read.")
KEPT_PURPOSE = "handed over"


@dataclass(frozen=True, slots=True)
class Handed:
    """What a chunk wrote. Dossiers of erased persons change hands without a version: nothing more is kept of them."""

    ids: tuple[int, ...]
    versions: tuple[Version, ...]


def owned_by(staff: Staff) -> QuerySet[Dossier]:
    """Everything a person is first responsible for, filed or not; the recycle bin is left out."""
    return selectors.standing().filter(owner=staff)


def out_of_sight(staff: Staff, successor: Actor) -> QuerySet[Dossier]:
    """What of it a successor could not see once it were theirs: above the clearance, or outside the units."""
    mine = owned_by(staff)
    if "dossier" not in successor.reads:
        return mine
    seen = mine.filter(level__lte=successor.clearance)
    if not successor.own_only and successor.units is not None:
        seen = seen.filter(unit_id__in=sorted(successor.units))
    return mine.exclude(pk__in=seen.values("pk"))


def hand_over(staff: Staff, successor: Staff, size: int) -> Handed:
    """Give the next `size` dossiers of a person to the successor; empty when none is left."""
    found = selectors.locked(owned_by(staff).order_by("pk"))[:size]
    rows = list(found)
    if not rows:
        return Handed((), ())
    ids = [row.pk for row in rows]
    versions = _versions(rows, [staff.username, successor.username])
    Dossier.objects.filter(pk__in=ids).update(
        owner=successor, version_no=F("version_no") + 1, updated_us=F("id") - ids[0] + clock.now_us()
    )
    erased = set(ids) - {version.dossier for version in versions}
    Dossier.objects.filter(pk__in=sorted(erased)).update(version_no=F("version_no") - 1)
    return Handed(tuple(ids), tuple(versions))


def keep_reading(deed: Deed, dossier: Dossier, before: Staff | None, until: str) -> int:
    """Let who had a dossier so far read it for a time, until a day or for as long as the regulation says.

    Returns the instant it ends; 0 where nothing is given: nobody had it, they keep it, or nothing is said.
    """
    if before is None or not before.is_active or before.pk == dossier.owner_id:
        return 0
    until_us = _kept_until(deed, until)
    if until_us:
        grants.give(
            before.pk, dossier.ref, dossier.pk, since_us=deed.at_us, until_us=until_us, purpose=KEPT_PURPOSE,
            call=deed.call,
        )  # fmt: skip
    return until_us


def _kept_until(deed: Deed, until: str) -> int:
    """The end of a day that was named, or of the time the regulation gives; Refused(invalid) for one that is over."""
    if not until:
        pack = in_force()
        said = pack.operations.get(NAME)
        if said is None or said.grants is None:
            return 0
        try:
            return clock.to_us(reckoning.due(said.grants.for_, clock.from_us(deed.at_us), pack.hours))
        except reckoning.UnknownYear:
            raise Refused("state", missing=("keep_until",), detail=UNKNOWN_YEAR) from None
    try:
        until_us = clock.day_bounds_us(date.fromisoformat(until))[1]
    except ValueError:
        until_us = 0
    if until_us <= deed.at_us:
        raise Refused("invalid", missing=("keep_until",), detail=KEPT)
    return until_us


def _versions(rows: Sequence[Dossier], change: list[str]) -> list[Version]:
    """The sealed differences: persons' under their own keys, organisations' under the records key."""
    plain = canonical_json({"owner": change})
    key_id, records = keyring.data_key("records")
    persons = subjects.get([sealing.person_ref(row.pk) for row in rows if row.kind == "person"])
    keyed = [(row, persons[sealing.person_ref(row.pk)] if row.kind == "person" else records) for row in rows]
    alive = [(row, key) for row, key in keyed if key is not None]
    places = [cipher.aad("ledger_version", f"{row.pk}:{row.version_no + 1}", "delta") for row, _ in alive]
    cts = cipher.seal_many([key for _, key in alive], [plain] * len(alive), places, key_id)
    return [Version(row.pk, row.version_no + 1, ct) for (row, _), ct in zip(alive, cts, strict=True)]
