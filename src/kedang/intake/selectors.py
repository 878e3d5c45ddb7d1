"""Restricted reads of batches: one's own; the offices above see that they exist and their counts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kedang.intake.models import Batch
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible


def batches_for(by: Actor) -> QuerySet[Batch]:
    """Batches this actor may know of: their own, and those of the units in their row scope."""
    found = Batch.objects.select_related("blob", "unit").order_by("-created_us", "-pk")
    if "dossier" not in by.reads:
        return found.none()
    if by.own_only:
        return found.filter(by_ref=by.id)
    if by.units is None:
        return found
    return found.filter(Q(by_ref=by.id) | Q(unit_id__in=sorted(by.units)))


def batch_by_ref(by: Actor, ref: str) -> Batch:
    """The batch of `batch:N` or `N`; raises NotVisible, the same for hidden and absent ones."""
    number = ref.removeprefix("batch:")
    found = batches_for(by).filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise NotVisible(f"batch:{number}")
    return found


def own_batch(by: Actor, ref: str) -> Batch:
    """A batch this actor brought: only they read its raw rows and go on with it."""
    batch = batch_by_ref(by, ref)
    if batch.by_ref != by.id:
        raise NotVisible(batch.ref)
    return batch
