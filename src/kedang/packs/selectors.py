"""Which regulation is in force. Packs are public inside the company: no actor is asked for."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Manager

from kedang.kernel import clock
from kedang.kernel.errors import KedangError
from kedang.packs.checking import adopted
from kedang.packs.merging import LawfulPack
from kedang.packs.schema import Pack

if TYPE_CHECKING:
    from kedang.packs.models import PackVersion


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


def version_named(version: str) -> Pack:
    """An adopted edition by its version (`records/2`), the law of this product merged in; raises NoPackInForce."""
    return lawful_version(version).pack


def lawful_version(version: str) -> LawfulPack:
    """The same, with what standards and the law replaced in it."""
    row = versions().filter(version=version).values_list("pk", "digest").first()
    if row is None:
        raise NoPackInForce(f"no pack {version}")
    return _lawful(*row)


def versions() -> Manager[PackVersion]:
    """All adopted editions. By name, because importing this room must not load its models."""
    return apps.get_model("packs", "PackVersion")._default_manager


@lru_cache(maxsize=32)
def _lawful(pk: int, digest: str) -> LawfulPack:
    stored = versions().get(pk=pk)
    source = stored.source
    if hashlib.sha256(source).hexdigest() != digest:
        raise PackTampered(f"pack {stored.version}: the stored bytes do not match their digest")
    return adopted(source)
