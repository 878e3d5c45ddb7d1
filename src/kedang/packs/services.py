"""Writers of adopted packs."""

from __future__ import annotations

import hashlib

from django.db import transaction

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs.law import under_law
from kedang.packs.models import PackVersion
from kedang.packs.shipped import source_of


def found(name: str, by: str) -> PackVersion:
    """Put the first pack in force, a shipped one, as the founding act: nobody can sign yet.

    `by` is the username that will answer for it. Raises Refused(state) when a pack was adopted
    before, KeyError for a name that is not shipped, PackInvalid for an unsound file.
    """
    source = source_of(name)
    pack = under_law(source, f"{name}.yaml").pack
    with transaction.atomic():
        if PackVersion.objects.exists():
            raise Refused("state", detail=N_("This site is founded already; adopt a new edition instead."))
        now = clock.now_us()
        return PackVersion.objects.create(
            name=pack.meta.name,
            version=pack.version,
            digest=hashlib.sha256(source).hexdigest(),
            source=source,
            adopted_us=now,
            effective_us=now,
            adopted_by=by,
            founding=True,
        )
