"""Which records stand in a dossier: restricted through the dossier, in order of their day, never all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from kedang.customers.models import Dossier, Record
from kedang.customers.modules import MODULES, Module
from kedang.customers.selectors import dossier_by_code
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_

_REF = re.compile(r"record:([A-Za-z0-9]{1,16})/([a-z]{1,16})/([1-9]\d{0,8})")
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")


@dataclass(slots=True)
class Held:
    """A record with the dossier that holds it: what a deed on a record is about."""

    dossier: Dossier
    record: Record

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this record."""
        return record_subject(self.dossier.code, self.record.module, self.record.no)

    @property
    def owner(self) -> object:
        """The first responsible person of the dossier."""
        return self.dossier.owner

    @property
    def module(self) -> Module:
        """The part of the dossier it belongs to."""
        return MODULES[self.record.module]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a module stand, and what their amounts come to."""

    count: int = 0
    amount_fen: int = 0


def record_subject(code: str, module: str, no: int) -> str:
    """The subject of a deed on a record: `record:C00000001X/contract/3`."""
    return f"record:{code}/{module}/{no}"


def held(by: Actor, subject: str, *, lock: bool = False) -> Held:
    """A standing record by its subject, in a dossier this person may see; NotVisible otherwise."""
    named = _REF.fullmatch(subject)
    if named is None or named[2] not in MODULES:
        raise NotVisible(subject)
    dossier = dossier_by_code(by, named[1], lock=lock)
    record = Record.objects.filter(dossier=dossier, module=named[2], no=int(named[3]), removed_us=0).first()
    if record is None:
        raise NotVisible(subject)
    return Held(dossier, record)


def standing(dossier: Dossier, *modules: str) -> QuerySet[Record]:
    """Records that were not taken out and have not lapsed, latest day first; of these modules, or of all."""
    rows = Record.objects.filter(_unlapsed(), dossier=dossier, removed_us=0)
    if modules:
        rows = rows.filter(module=modules[0]) if len(modules) == 1 else rows.filter(module__in=modules)
    return rows.order_by("-day", "-id")


def page(rows: QuerySet[Record], after: str | None, limit: int) -> tuple[list[Record], str | None]:
    """The rows behind a cursor, and the cursor of the next page. Refused(invalid) for one that is not ours."""
    if after:
        day, number = _cursor(after)
        rows = rows.filter(Q(day__lt=day) | Q(id__lt=number), day__lte=day)
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{last.day.isoformat()}.{last.pk}" if last else None


def tallies(dossier: Dossier) -> Mapping[str, Tally]:
    """Number and sum of what stands, by module; a module without a record is not there."""
    rows = Record.objects.filter(_unlapsed(), dossier=dossier, removed_us=0).order_by()
    found = rows.values_list("module").annotate(count=Count("pk"), amount=Sum("amount_fen"))
    return {module: Tally(count, amount or 0) for module, count, amount in found}


def next_no(dossier: Dossier, module: str) -> int:
    """The number of the next record; those taken out keep theirs."""
    last = Record.objects.filter(dossier=dossier, module=module).order_by("-no").values_list("no", flat=True).first()
    return (last or 0) + 1


def _unlapsed() -> Q:
    return Q(expires_on=None) | Q(expires_on__gte=clock.company_day(clock.now_us()))


def _cursor(text: str) -> tuple[date, int]:
    found = _CURSOR.fullmatch(text)
    try:
        if found:
            return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        pass
    raise Refused("invalid", missing=("cursor",), detail=N_("This page mark is not one of ours."))
