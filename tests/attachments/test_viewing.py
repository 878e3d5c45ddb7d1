"""What is in a file is seen with a watermark and on record, or handed out where the regulation lets it go."""

from __future__ import annotations

import inspect
import os
import shutil
from pathlib import Path

import pytest

from kedang.customers.attachments import present
from kedang.customers.attachments import services as said
from kedang.customers.models import Attachment
from kedang.files import showing, storage
from kedang.files.models import Blob
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry, Look
from kedang.people.models import Staff
from tests.attachments import samples
from tests.attachments.folder import Folder


def bytes_of(site, token: str) -> Path:
    return Path(site.home) / "files" / token[:2] / token


def test_a_picture_is_shown_with_who_looks_burnt_in_and_on_record(folder: Folder) -> None:
    hidden = b"GPS-34.2658-108.9541"
    row = folder.attached(samples.png(900, 600, text=hidden))
    call = folder.view(row.pk, by="query", purpose="核对")
    by, dossier = folder.world.actor("query"), folder.seen("query")
    assert present.pages(by, dossier, row.pk, call.pk) == 1
    drawn = present.page(by, dossier, row.pk, call.pk, 1)
    assert drawn.startswith(b"\x89PNG")
    assert hidden not in drawn
    look = Look.objects.latest("id")
    assert (look.kind, look.actor_id, look.fields, look.call_id) == ("reveal", "query", f"attachment#{row.pk}", call.pk)
    Staff.objects.filter(username="query").update(name="另一个人")
    assert present.page(by, dossier, row.pk, call.pk, 1) != drawn


@pytest.mark.database("sqlite")
def test_every_page_of_a_pdf_and_of_a_text_is_shown(folder: Folder) -> None:
    for content, name, number in (
        (samples.pdf(pages=3), "a.pdf", 3),
        ("名称,电话\n".encode("gb18030") * 90, "a.csv", 2),
    ):
        row = folder.attached(content, name)
        call = folder.view(row.pk).pk
        by, dossier = folder.world.actor("clerk"), folder.seen()
        assert present.pages(by, dossier, row.pk, call) == number
        first, last = (present.page(by, dossier, row.pk, call, at) for at in (1, number))
        assert first != last
        with pytest.raises(Refused) as refused:
            present.page(by, dossier, row.pk, call, number + 1)
        assert refused.value.detail == showing.CANNOT


def test_nobody_sees_what_they_did_not_ask_for(frozen_clock, folder: Folder) -> None:
    one, other = folder.attached(samples.png(60)), folder.attached(samples.png(61))
    call = folder.view(one.pk, by="query").pk
    query, clerk = folder.world.actor("query"), folder.world.actor("clerk")
    dossier = folder.seen()
    for by, number, asked in ((query, one.pk, 0), (query, other.pk, call), (clerk, one.pk, call)):
        with pytest.raises(Refused) as refused:
            present.page(by, dossier, number, asked, 1)
        assert refused.value.code == "denied"
    with pytest.raises(Refused) as refused:
        present.original(query, dossier, one.pk, call)
    assert refused.value.detail == said.NO_ORIGINAL
    frozen_clock.advance(minutes=16)
    with pytest.raises(Refused) as refused:
        present.page(query, dossier, one.pk, call, 1)
    assert refused.value.code == "stale"


def test_an_original_is_handed_out_up_to_the_classification_the_regulation_names(folder: Folder) -> None:
    content = samples.png()
    row = folder.attached(content, "执照.png")
    with pytest.raises(Refused) as refused:
        folder.view(row.pk, original=True)
    assert refused.value.missing == ("reason",)
    with pytest.raises(Refused) as refused:
        folder.view(row.pk, by="query", original=True, reason="核对原件")
    assert refused.value.articles == ("3.2e",)
    call = folder.view(row.pk, original=True, reason="核对原件").pk
    name, stream = present.original(folder.world.actor("clerk"), folder.seen(), row.pk, call)
    with stream:
        assert (name, stream.read()) == ("执照.png", content)
    folder.world.amend(folder.code, level="confidential")
    with pytest.raises(Refused) as refused:
        folder.view(row.pk, original=True, reason="核对原件")
    assert (refused.value.code, refused.value.detail) == ("denied", said.NO_ORIGINAL)
    assert folder.view(row.pk).state == "done"


def test_what_cannot_be_drawn_is_only_handed_out(folder: Folder) -> None:
    row = folder.attached(samples.DOCX, "合同.docx")
    with pytest.raises(Refused) as refused:
        folder.view(row.pk)
    assert refused.value.detail == said.NOT_SHOWN
    assert folder.view(row.pk, original=True, reason="核对原件").state == "done"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n" + os.urandom(2000), "broken.pdf"),
        (samples.png()[:60], "cut.png"),
        (samples.JPEG, "empty.jpg"),
        (samples.bomb(), "bomb.png"),
    ],
    ids=["pdf", "png", "jpeg", "bomb"],
)
def test_a_hostile_file_breaks_only_the_program_that_draws_it(folder: Folder, content: bytes, name: str) -> None:
    row = folder.attached(content, name)
    call = folder.view(row.pk).pk
    with pytest.raises(Refused) as refused:
        present.page(folder.world.actor("clerk"), folder.seen(), row.pk, call, 1)
    assert refused.value.detail == showing.CANNOT


def test_swapped_ciphertexts_are_found_and_not_shown(folder: Folder, site) -> None:
    one, other = folder.attached(samples.png(60)), folder.attached(samples.png(61))
    call = folder.view(one.pk, original=True, reason="核对原件").pk
    here, there = bytes_of(site, one.blob.token), bytes_of(site, other.blob.token)
    shutil.copy(there, here)
    assert not storage.verify(one.blob)
    by, dossier = folder.world.actor("clerk"), folder.seen()
    for ask in (
        lambda: present.page(by, dossier, one.pk, call, 1),
        lambda: present.original(by, dossier, one.pk, call),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.detail == present.TOUCHED
    assert storage.verify(other.blob)


def test_what_was_destroyed_is_known_by_its_digest_alone(folder: Folder, site) -> None:
    row = folder.attached(samples.png(), "执照.png")
    call = folder.view(row.pk).pk
    storage.shred(row.blob)
    assert not bytes_of(site, row.blob.token).exists()
    by = folder.world.actor("clerk")
    shown = present.listed(by, folder.seen()).files[0]
    assert (shown.gone, shown.name, shown.sha256) == (True, "", row.blob.sha256)
    with pytest.raises(NotVisible):
        present.page(by, folder.seen(), row.pk, call, 1)
    with pytest.raises(Refused):
        folder.view(row.pk)


WAYS = {
    present.listed: lambda by, dossier, file, call: present.listed(by, dossier),
    present.opened: lambda by, dossier, file, call: present.opened(by, dossier, file),
    present.granted: present.granted,
    present.pages: present.pages,
    present.page: lambda by, dossier, file, call: present.page(by, dossier, file, call, 1),
    present.original: present.original,
}
"""Every public way to a file, asked for one."""


def test_no_way_leads_to_a_file_that_lies_above_ones_clearance(folder: Folder) -> None:
    functions = inspect.getmembers(present, inspect.isfunction)
    public = {name for name, each in functions if each.__module__ == present.__name__ and not name.startswith("_")}
    assert public == {way.__name__ for way in WAYS}
    low, high = folder.attached(samples.png(60)), folder.attached(samples.png(61), by="archivist", level="secret")
    dossier, archivist, clerk = folder.seen(), folder.world.actor("archivist"), folder.world.actor("clerk")
    call = folder.view(low.pk, by="archivist", original=True, reason="核对原件").pk
    for way in WAYS.values():
        assert way(archivist, dossier, low.pk, call) is not None
    assert [file.id for file in present.listed(clerk, dossier).files] == [low.pk]
    for function in (present.opened, present.pages, present.page, present.original):
        with pytest.raises(NotVisible):
            WAYS[function](clerk, dossier, high.pk, call)


@pytest.mark.parametrize("name", ["stranger", "manager", "sysop", "secop", "auditor"])
def test_who_may_not_see_the_dossier_learns_of_no_file(folder: Folder, name: str) -> None:
    row = folder.attached(samples.png())
    deeds = (
        lambda: folder.view(row.pk, by=name), lambda: folder.detach(row.pk, by=name),
        lambda: folder.bring(samples.png(61), by=name),
    )  # fmt: skip
    for deed in deeds:
        with pytest.raises(NotVisible):
            deed()
    assert list(Entry.objects.order_by("-id").values_list("outcome", flat=True)[:3]) == ["refused"] * 3
    assert (Attachment.objects.filter(removed_us=0).count(), Blob.objects.count()) == (1, 1)
