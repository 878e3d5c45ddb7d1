"""Which regulation is in force. Packs are public inside the company: no actor is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from django.apps import apps
from django.db.models import CharField, Manager, Value
from django.db.models.expressions import BaseExpression, Combinable

from kedang.kernel import clock
from kedang.kernel.errors import KedangError
from kedang.packs import overlays
from kedang.packs.checking import adopted
from kedang.packs.merging import LawfulPack
from kedang.packs.reading import read
from kedang.packs.schema import Pack

if TYPE_CHECKING:
    from kedang.packs.models import BranchOverlay, PackVersion

Way = str | Combinable | BaseExpression
"""Ids of units from the company down to one of them, `/1/4/9/`, or how the database finds them."""


class NoPackInForce(KedangError):
    """No regulation is in force at the instant asked for, so nothing can be decided."""

    code = "no_pack"


class PackTampered(KedangError):
    """The stored bytes of a pack are not those that were adopted."""

    code = "pack_tampered"


def in_force(at_us: int | None = None) -> Pack:
    """The pack in force at an instant (microseconds UTC; default now), the law merged in.

    Raises NoPackInForce before the first pack took effect, PackTampered when its bytes were changed.
    """
    return lawful_in_force(at_us).pack


def lawful_in_force(at_us: int | None = None) -> LawfulPack:
    """The same, with what standards and the law replaced in it."""
    at = clock.now_us() if at_us is None else at_us
    row = versions().filter(effective_us__lte=at).order_by("-effective_us", "-pk").values_list("pk", "digest").first()
    if row is None:
        raise NoPackInForce(f"no pack in force at {clock.from_us(at).isoformat()}")
    return _lawful(*row)


def in_force_for(way: Way, at_us: int | None = None, *, under: Pack | None = None) -> Pack:
    """The pack a unit goes by: the company's, with the values the nearest branch above it set for itself.

    `way` are the ids from the company down to the unit (`people.units.way_to`). `under` is the company's pack where
    that is known already; then this is one question to the database.
    """
    at = clock.now_us() if at_us is None else at_us
    company = in_force(at) if under is None else under
    rows = overlay_rows().filter(effective_us__lte=at).order_by("effective_us", "no")
    newest = {unit: (pk, digest) for unit, pk, digest in rows.values_list("unit", "pk", "digest")}
    if not newest:
        return company
    on_way = Value(way, output_field=CharField()) if isinstance(way, str) else way
    edition = versions().filter(version=company.version).annotate(way=on_way)
    row = edition.values_list("pk", "digest", "way").first()
    ids = [int(part) for part in reversed(row[2].split("/")) if part] if row is not None else []
    own = next((newest[unit] for unit in ids if unit in newest), None)
    merged = _overlaid(row[0], row[1], *own) if row is not None and own is not None else None
    return company if merged is None else merged.pack


def overlay_rows() -> Manager[BranchOverlay]:
    """All values branches set for themselves, by version."""
    return apps.get_model("packs", "BranchOverlay")._default_manager


def values_of(row: BranchOverlay) -> dict[str, Any]:
    """The values of a stored overlay, by path; raises PackTampered when its bytes were changed."""
    if hashlib.sha256(row.source).hexdigest() != row.digest:
        raise PackTampered(f"overlay {row.name}: the stored bytes do not match their digest")
    values: dict[str, Any] = orjson.loads(row.source)["values"]
    return values


def latest_of(unit_id: int) -> BranchOverlay | None:
    """The newest values a branch set, in force or not yet."""
    return overlay_rows().filter(unit=unit_id).order_by("-no").first()


def has_values(unit_id: int) -> bool:
    """Whether a branch has values of its own, now or from some instant on."""
    row = latest_of(unit_id)
    return row is not None and bool(values_of(row))


@dataclass(frozen=True, slots=True)
class BranchValue:
    """A value a branch set for itself, beside the company's."""

    path: str
    company: str
    branch: str


@dataclass(frozen=True, slots=True)
class BranchValues:
    """What a branch set for itself: since when, by whom, approved by whom, and where the law replaced it."""

    row: BranchOverlay
    values: tuple[BranchValue, ...]
    merged: LawfulPack | None
    """The pack the branch goes by; None where nothing of it holds under this edition."""


def branch_values(row: BranchOverlay, version: str) -> BranchValues:
    """The values of a stored overlay beside those of an edition of the company's pack."""
    pk, digest = _row_of(version)
    data = source_data(version)
    shown = [
        BranchValue(path, overlays.words_of(overlays.standing(data, path)), overlays.words_of(value))
        for path, value in values_of(row).items()
    ]
    return BranchValues(row, tuple(shown), _overlaid(pk, digest, row.pk, row.digest))


def overlays_at(at_us: int) -> list[BranchOverlay]:
    """The overlays in force at an instant, each branch's newest, by code; those without values left out."""
    rows = overlay_rows().filter(effective_us__lte=at_us).order_by("effective_us", "no")
    newest = {row.unit: row for row in rows}
    return sorted((row for row in newest.values() if values_of(row)), key=lambda row: row.code)


def overlay_instants(until_us: int) -> list[int]:
    """The instants, up to one, from which branches set something for themselves."""
    found = overlay_rows().filter(effective_us__lte=until_us).order_by("effective_us")
    return list(found.values_list("effective_us", flat=True).distinct())


def packs_of_branches(version: str, at_us: int) -> dict[int, Pack]:
    """By unit, the pack of each branch that ever set something for itself, as it was at an instant under an edition."""
    pk, digest = _row_of(version)
    rows = overlay_rows().filter(effective_us__lte=at_us).order_by("effective_us", "no")
    newest = dict((row[0], row[1:]) for row in rows.values_list("unit", "pk", "digest"))
    company = _lawful(pk, digest)
    return {unit: (_overlaid(pk, digest, *row) or company).pack for unit, row in newest.items()}


def overlays_to_come(at_us: int) -> list[BranchOverlay]:
    """Overlays that take effect after an instant."""
    return list(overlay_rows().filter(effective_us__gt=at_us).order_by("effective_us", "no"))


def source_data(version: str) -> dict[str, Any]:
    """The plain data of an adopted edition, as its file says it."""
    return _data(*_row_of(version))


def version_named(version: str) -> Pack:
    """An adopted edition by its version (`records/2`), the law of this product merged in; raises NoPackInForce.

    `records/2+XA.3` is that edition with the third set of values of the branch XA.
    """
    return lawful_version(version).pack


def lawful_version(version: str) -> LawfulPack:
    """The same, with what standards and the law replaced in it."""
    company, _, overlay = version.rpartition("+")
    rows = {row[0]: row[1:] for row in versions().filter(version__in=(version, company)).values_list(
        "version", "pk", "digest"
    )}  # fmt: skip
    if version in rows:
        return _lawful(*rows[version])
    code, _, no = overlay.rpartition(".")
    if company in rows and no.isdecimal():
        row = overlay_rows().filter(code=code, no=int(no)).values_list("pk", "digest").first()
        merged = _overlaid(*rows[company], *row) if row is not None else None
        if merged is not None:
            return merged
    raise NoPackInForce(f"no pack {version}")


def versions() -> Manager[PackVersion]:
    """All adopted editions. By name, because importing this room must not load its models."""
    return apps.get_model("packs", "PackVersion")._default_manager


def _row_of(version: str) -> tuple[int, str]:
    row = versions().filter(version=version).values_list("pk", "digest").first()
    if row is None:
        raise NoPackInForce(f"no pack {version}")
    return row


@lru_cache(maxsize=32)
def _lawful(pk: int, digest: str) -> LawfulPack:
    return adopted(_bytes(pk, digest))


@lru_cache(maxsize=8)
def _data(pk: int, digest: str) -> dict[str, Any]:
    data: dict[str, Any] = read(_bytes(pk, digest), "").data
    return data


def _bytes(pk: int, digest: str) -> bytes:
    stored = versions().get(pk=pk)
    if hashlib.sha256(stored.source).hexdigest() != digest:
        raise PackTampered(f"pack {stored.version}: the stored bytes do not match their digest")
    return stored.source


@lru_cache(maxsize=128)
def _overlaid(pk: int, digest: str, overlay_pk: int, overlay_digest: str) -> LawfulPack | None:
    """An edition with a branch's values, or None where none of them holds; kept, because making it takes a while."""
    row = overlay_rows().get(pk=overlay_pk, digest=overlay_digest)
    values: Mapping[str, Any] = values_of(row)
    if not values:
        return None
    return overlays.under_overlay(_data(pk, digest), values, row.name, sound=row.base == digest)
