"""Once a day the file store is cleared of what belongs to nothing."""

from __future__ import annotations

import io
import os
from pathlib import Path

from kedang.customers.attachments import erasing
from kedang.customers.attachments.selectors import PURPOSE
from kedang.customers.digest import state_digest
from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance import clockwork
from kedang.governance.models import Call, Claim
from tests.attachments import samples
from tests.attachments.folder import Folder


def stray(home: Path) -> Path:
    """What a crash between the file and its row leaves behind."""
    path = home / "files" / "ab" / ("ab" + "0" * 30)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed")
    os.utime(path, (0, 0))
    return path


def test_strays_and_files_that_came_into_no_dossier_go_once_a_day(frozen_clock, folder: Folder, site) -> None:
    kept = folder.attached(samples.png())
    import_file = storage.put(io.BytesIO(b"name"), "list.csv", "clerk")
    never = storage.put(io.BytesIO(samples.png(61)), "a.png", "clerk", purpose=PURPOSE)
    waits = storage.put(io.BytesIO(samples.png(62)), "b.png", "clerk", purpose=PURPOSE)
    Claim.objects.create(name=f"file:{waits.token}", call=Call.objects.latest("pk"))
    gone = stray(site.home)
    clockwork.turn()
    assert not gone.exists()
    assert Blob.objects.count() == 4
    again = stray(site.home)
    clockwork.turn()
    assert again.exists()
    frozen_clock.advance(days=1, hours=1)
    clockwork.turn()
    assert not again.exists()
    assert set(Blob.objects.values_list("pk", flat=True)) == {kept.blob_id, import_file.pk, waits.pk}
    assert not (site.home / "files" / never.token[:2] / never.token).exists()
    assert storage.verify(waits)


def test_erasing_a_person_destroys_their_files_and_leaves_what_belongs_to_the_customer_too(folder: Folder) -> None:
    folder.world.amend(folder.code, contact_name="王小明", contact_phones="13800138000")
    slot = f"contact#{folder.seen().contacts.get().pk}"
    own, old = folder.attached(samples.png(60), slot=slot), folder.attached(samples.png(61), slot=slot)
    both, company = folder.attached(samples.png(62)), folder.attached(samples.png(63))
    folder.attached(samples.png(62), slot=slot)
    folder.detach(old.pk)
    before = state_digest()
    assert erasing.shred(own.dossier_id, slot) == 2
    assert [storage.is_there(row.blob) for row in (own, old, both, company)] == [False, False, True, True]
    assert state_digest() == before
    assert erasing.shred(own.dossier_id) == 2
    folder.detach(company.pk)
    assert state_digest() != before
