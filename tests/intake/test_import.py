"""A file becomes dossiers: what is right goes in, what is wrong comes back, and the numbers add up."""

from __future__ import annotations

import pytest

from kedang import ledger
from kedang.customers.models import Contact, Dossier
from kedang.intake import present
from kedang.ledger.models import Entry
from tests.intake import samples
from tests.intake.importing import committed, counts, errors_file, imported, problems, ran, staged, undone

def test_a_list_is_taken_in_whole(world, tmp_path):
    rows = samples.companies(60)
    batch = imported(world, samples.xlsx(tmp_path / "a.xlsx", [samples.TITLES, *rows]))
    assert batch.state == "done"
    assert counts(batch) == (60, 60, 0, 0, 0, 0)
    dossier = Dossier.objects.get(credit_code=rows[0][1])
    assert (dossier.name, dossier.unit_id, dossier.owner_id) == (rows[0][0], world.units["XA"].pk, world.staff["clerk"].pk)
    assert dossier.capital_fen == int(rows[0][3]) * 1_000_000
    assert dossier.registered_on.isoformat() == rows[0][2]
    assert Contact.objects.filter(dossier=dossier).count() == 1
