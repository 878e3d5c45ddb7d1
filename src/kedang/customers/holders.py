"""Who holds these identity numbers: the blind index narrows, decrypting decides, for a whole chunk at once."""

from __future__ import annotations

from collections.abc import Sequence

from kedang.customers import sealing
from kedang.customers.models import Dossier, Tail
from kedang.vault import blind, subjects

_KIND = "identity"


def holders_of(numbers: Sequence[str]) -> dict[str, int]:
    """The dossier of each identity number that has one, across all units."""
    wanted: dict[tuple[int, int], list[str]] = {}
    for number, index in zip(numbers, blind.indexes(_KIND, numbers), strict=True):
        wanted.setdefault(index, []).append(number)
    if not wanted:
        return {}
    rows = Tail.objects.filter(kind=_KIND, tail__in=sorted({tail for tail, _ in wanted}))
    candidates = {
        dossier: (tail, residual)
        for dossier, tail, residual in rows.values_list("dossier_id", "tail", "residual")
        if (tail, residual) in wanted
    }
    return _confirmed(candidates, wanted)


def _confirmed(candidates: dict[int, tuple[int, int]], wanted: dict[tuple[int, int], list[str]]) -> dict[str, int]:
    sealed = dict(Dossier.objects.filter(pk__in=sorted(candidates)).values_list("pk", "identity_ct"))
    keys = subjects.get([sealing.person_ref(pk) for pk in sealed])
    found: dict[str, int] = {}
    for pk, ciphertext in sealed.items():
        key = keys[sealing.person_ref(pk)]
        number = sealing.open_value(key, sealing.DOSSIER_TABLE, pk, "identity_ct", ciphertext)
        if number in wanted[candidates[pk]]:
            found[number] = pk
    return found
