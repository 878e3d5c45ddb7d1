"""Writers of adopted packs. An adopted edition is never changed; the next one supersedes it from its own instant on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db import transaction

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs.checking import load_bytes
from kedang.packs.models import PackVersion
from kedang.packs.shipped import source_of

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
