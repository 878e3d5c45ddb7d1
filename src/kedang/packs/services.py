"""Writers of adopted packs. An adopted edition is never changed; the next one supersedes it from its own instant on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import overlays
from kedang.packs.checking import load_bytes
from kedang.packs.models import BranchOverlay, PackVersion
from kedang.packs.selectors import latest_of, source_data, values_of
from kedang.packs.shipped import source_of

LONGEST_VERSION = 64
"""So long the name of a version may be with a branch's values behind it: requests remember it."""
NAME_TOO_LONG = N_("The name of the version would be too long: %(name)s")
SAME_VALUES = N_("These values stand already.")
ADOPTED = N_("This edition is adopted already; give the new one an edition of its own.")


def found(name: str, by: str, *, source: bytes = b"") -> PackVersion:
    """Put the first pack in force as the founding act, a shipped one or the given `source`: nobody can sign yet.

    `by` is the username that will answer for it. Raises Refused(state) when a pack was adopted
    before, KeyError for a name that is not shipped, PackInvalid for an unsound file.
    """
    source = source or source_of(name)
    with transaction.atomic():
        if PackVersion.objects.exists():
            raise Refused("state", detail=N_("This site is founded already; adopt a new edition instead."))
        now = clock.now_us()
        return _store(source, f"{name}.yaml", by=by, at_us=now, effective_us=now, founding=True)


def adopt(
    source: bytes,
    file: str,
    *,
    by: str,
    at_us: int,
    effective_us: int | None = None,
    operations: Collection[str] | None = None,
) -> PackVersion:
    """Adopt an edition, in force from `effective_us` (default: `at_us`), never retroactive.

    `operations` are the names the product offers; with them a misspelt or forgotten one is found.
    Raises PackInvalid with every problem, Refused(state) for an edition adopted before or an
    instant that lies in the past.
    """
    effective = at_us if effective_us is None else effective_us
    if effective < at_us:
        raise Refused("state", detail=N_("A regulation cannot take effect before it is adopted."))
    with transaction.atomic():
        return _store(source, file, by=by, at_us=at_us, effective_us=effective, operations=operations)


def wanted(unit_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a branch after these changes; an empty one goes back to the company's."""
    row = latest_of(unit_id)
    values = values_of(row) if row is not None else {}
    values |= {path: overlays.value_of(value) for path, value in changes.items()}
    return {path: values[path] for path in sorted(values) if values[path] not in ("", None, {})}


def require_sound(
    version: str, code: str, unit_id: int, values: Mapping[str, Any], operations: Collection[str]
) -> None:  # fmt: skip
    """Refuse values a branch may not set or that make no sound pack: each path with what was expected there."""
    row = latest_of(unit_id)
    if values == (values_of(row) if row is not None else {}):
        raise Refused("state", detail=SAME_VALUES)
    name = f"{version}+{code}.{(row.no if row else 0) + 1}"
    if len(name) > LONGEST_VERSION:
        raise Refused("invalid", detail=NAME_TOO_LONG % {"name": name})
    data = source_data(version)
    if found := overlays.problems(data, overlays.kept(data, values) | _new(row, values), operations):
        raise Refused(
            "invalid", missing=[each.key for each in found], detail="\n".join(map(overlays.line, found))
        )  # fmt: skip


def _new(row: BranchOverlay | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that were not set before: each has to be delegated. What an edition delegates no more only rests."""
    before = values_of(row) if row is not None else {}
    return {path: value for path, value in values.items() if before.get(path) != value}


def overlay(
    version: str, code: str, unit_id: int, values: Mapping[str, Any], *, by: str, signers: tuple[str, ...], reason: str,
    at_us: int, effective_us: int,
) -> BranchOverlay:  # fmt: skip
    """Store what a branch sets for itself, in force from an instant, never before one set earlier begins."""
    latest = latest_of(unit_id)
    if effective_us < at_us:
        raise Refused("state", detail=N_("A regulation cannot take effect before it is adopted."))
    if latest is not None and effective_us < latest.effective_us:
        raise Refused("state", detail=N_("Values set earlier take effect later than that; let these begin with them."))
    no = latest.no + 1 if latest else 1
    source = canonical_json({"unit": code, "no": no, "values": dict(values)})
    return BranchOverlay.objects.create(
        unit=unit_id, code=code, no=no, digest=hashlib.sha256(source).hexdigest(), source=source,
        base=PackVersion.objects.get(version=version).digest, set_us=at_us, effective_us=effective_us, set_by=by,
        approved_by=", ".join(signers)[:500], reason=reason[:2000],
    )  # fmt: skip


def _store(
    source: bytes,
    file: str,
    *,
    by: str,
    at_us: int,
    effective_us: int,
    founding: bool = False,
    operations: Collection[str] | None = None,
) -> PackVersion:
    pack = load_bytes(source, file, operations)
    if PackVersion.objects.filter(version=pack.version).exists():
        raise Refused("state", detail=ADOPTED)
    return PackVersion.objects.create(
        name=pack.meta.name,
        version=pack.version,
        digest=hashlib.sha256(source).hexdigest(),
        source=source,
        adopted_us=at_us,
        effective_us=effective_us,
        adopted_by=by,
        founding=founding,
    )
