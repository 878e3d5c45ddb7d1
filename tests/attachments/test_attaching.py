"""A file comes into a dossier as a version of it, once, sealed, at a classification that fits."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import orjson
import pytest

from kedang.customers import present as dossiers
from kedang.customers import sealing
from kedang.customers.attachments import present
from kedang.customers.attachments import services as said
from kedang.customers.models import Attachment
from kedang.customers.payloads import FileDossier
from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance.attaching import Wishes, attach
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry, Look, Version
from tests.attachments import samples
from tests.attachments.folder import Folder

NAME = "王小明身份证13800138000.png"


def test_a_file_is_a_version_of_its_dossier(folder: Folder) -> None:
    content = samples.png()
    row = folder.attached(content, NAME)
    assert (row.kind, row.slot, row.level, row.by_ref) == ("营业执照", "", 1, "clerk")
    assert (row.blob.sha256, row.blob.kind) == (hashlib.sha256(content).hexdigest(), "png")
    assert storage.name_of(row.blob) == NAME
    version = Version.objects.get(dossier=row.dossier_id, no=2)
    delta = sealing.open_delta("organisation", row.dossier_id, 2, version.delta_ct)
    told = {
        "kind": "营业执照",
        "type": "png",
        "sha256": row.blob.sha256,
        "size": len(content),
        "slot": "",
        "level": "internal",
    }
    assert delta == {f"attachment#{row.pk}": [None, told]}
    event = dossiers.history(folder.world.actor("clerk"), folder.seen())[0]
    assert (event.op, event.version) == ("file.attach", 2)
    assert "营业执照" in event.changes[0].after
    assert row.blob.sha256[:12] in event.changes[0].after


def test_no_name_of_a_file_and_nothing_in_it_lies_anywhere_in_plain(folder: Folder, site) -> None:
    planted = b"PLANTED-IN-THE-FILE-13912345678"
    row = folder.attached(samples.png(text=planted), NAME)
    folder.view(row.pk)
    folder.detach(row.pk)
    marks = (planted, "王小明".encode(), b"13800138000", "王小明".encode("utf-16-le"), planted.hex().encode())
    for path in site.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert not any(mark in raw for mark in marks), path
    dumped = str([*Entry.objects.values(), *Version.objects.values(), *Blob.objects.values(), *Look.objects.values()])
    assert "王小明" not in dumped
    assert repr("王小明".encode())[2:-1] not in dumped
    assert "PLANTED" not in dumped


def test_the_same_file_twice_is_said_and_not_stored_twice(folder: Folder) -> None:
    row = folder.attached(samples.png())
    with pytest.raises(Refused) as refused:
        folder.bring(samples.png(), "another name.png")
    assert str(row.pk) in refused.value.detail
    assert Blob.objects.count() == 1


def test_the_same_file_for_another_part_of_the_dossier_points_to_the_one_stored(folder: Folder) -> None:
    folder.world.amend(folder.code, contact_name="王小明", contact_phones="13800138000")
    contact = folder.seen().contacts.get()
    first = folder.attached(samples.png())
    second = folder.attached(samples.png(), slot=f"contact#{contact.pk}")
    assert (second.blob_id, Blob.objects.count()) == (first.blob_id, 1)


def test_a_record_that_is_not_there_takes_no_file(folder: Folder) -> None:
    for slot in ("contract#1", "contact#999999", "nothing#1"):
        with pytest.raises(Refused) as refused:
            folder.bring(samples.png(), slot=slot)
        assert refused.value.detail == said.NO_HOLDER
    assert Blob.objects.count() == 0


def test_only_words_of_the_regulation_name_what_it_is(folder: Folder) -> None:
    with pytest.raises(Refused) as refused:
        folder.bring(samples.png(), kind="王小明的照片")
    assert refused.value.missing == ("kind",)
    assert Blob.objects.count() == 0


def test_a_file_is_classified_as_high_as_its_dossier_at_least_and_no_higher_than_its_bringer(folder: Folder) -> None:
    folder.world.amend(folder.code, level="confidential")
    assert folder.attached(samples.png()).level == 2
    for level, code in (("internal", "invalid"), ("secret", "denied")):
        with pytest.raises(Refused) as refused:
            folder.bring(samples.png(61), level=level)
        assert refused.value.code == code
    high = folder.attached(samples.png(62), by="archivist", level="secret")
    assert high.level == 3
    assert high.pk not in [each.id for each in present.listed(folder.world.actor("clerk"), folder.seen()).files]
    with pytest.raises(NotVisible):
        folder.view(high.pk)


def test_a_file_too_large_leaves_nothing_behind(folder: Folder) -> None:
    with pytest.raises(Refused) as refused:
        folder.bring(samples.png() + bytes(3 * 1024 * 1024))
    assert "2" in refused.value.detail
    assert Blob.objects.count() == 0


def test_who_may_not_attach_is_refused_before_anything_is_read(folder: Folder) -> None:
    class Unread(io.BytesIO):
        def read(self, *size: int | None) -> bytes:
            raise AssertionError("it was read")

    for name, wanted in (("query", Refused), ("stranger", NotVisible), ("sysop", NotVisible)):
        with pytest.raises(wanted):
            attach(folder.world.actor(name), folder.ref, Unread(b"x"), "a.png", Wishes(kind="其他"))
    assert list(Entry.objects.order_by("-id").values_list("outcome", flat=True)[:3]) == ["refused"] * 3


def test_the_same_request_sent_twice_attaches_once(folder: Folder) -> None:
    first = folder.bring(samples.png(), key="twice").call
    again = folder.bring(samples.png(), key="twice").call
    assert (first.pk, Attachment.objects.count(), Blob.objects.count()) == (again.pk, 1, 1)


def test_a_file_of_somebody_else_or_of_another_dossier_cannot_be_named(folder: Folder) -> None:
    row = folder.attached(samples.png())
    other = Folder(folder.world, folder.world.open("另一家示例有限公司"))
    plain = storage.put(io.BytesIO(b"name,phone"), "list.csv", "clerk")
    payload = Wishes(kind="其他")
    for token in (row.blob.token, plain.token):
        with pytest.raises(Refused) as refused:
            folder.world.do("file.attach", other.ref, payload.payload(token))
        assert refused.value.detail == said.GONE


def test_a_file_taken_out_leaves_the_list_and_keeps_its_bytes_for_the_versions(folder: Folder) -> None:
    row = folder.attached(samples.png())
    with pytest.raises(Refused) as refused:
        folder.detach(row.pk, reason="")
    assert refused.value.missing == ("reason",)
    folder.detach(row.pk)
    assert present.listed(folder.world.actor("clerk"), folder.seen()).files == ()
    assert storage.verify(row.blob)
    with pytest.raises(NotVisible):
        folder.detach(row.pk)
    past = dossiers.history(folder.world.actor("clerk"), folder.seen())
    change = next(event.changes[0] for event in past if event.op == "file.detach" and not event.refused)
    assert change.before and not change.after
    assert folder.attached(samples.png()).pk != row.pk


def test_a_filed_dossier_takes_no_file_and_gives_none_away(folder: Folder) -> None:
    folder.world.amend(
        folder.code,
        region="西安市",
        credit_code="91350100M000100Y43",
        contact_name="王小明",
        contact_phones="13800138000",
    )
    row = folder.attached(samples.png())
    folder.world.do("customer.file", folder.ref, FileDossier(), by="archivist")
    for deed in (lambda: folder.bring(samples.png(61), by="archivist"), lambda: folder.detach(row.pk, by="archivist")):
        with pytest.raises(Refused):
            deed()
    assert Blob.objects.count() == 1


def test_five_hundred_files_are_listed_page_by_page(folder: Folder) -> None:
    row = folder.attached(samples.png())
    Attachment.objects.bulk_create(
        Attachment(dossier=row.dossier, blob=row.blob, kind="其他", by_ref="clerk", created_us=row.created_us)
        for _ in range(499)
    )  # fmt: skip
    by, seen, before = folder.world.actor("clerk"), [], 0
    while True:
        page = present.listed(by, folder.seen(), before=before, limit=200)
        seen += [file.id for file in page.files]
        before = page.next
        if not before:
            break
    assert (len(seen), len(set(seen)), seen) == (500, 500, sorted(seen, reverse=True))
    assert orjson.dumps(seen)
    assert Look.objects.filter(kind="list", fields="attachments").count() == 3


@pytest.mark.database("sqlite")
def test_where_macros_are_kept_they_are_never_shown(folder: Folder, settings_of: Callable[..., None]) -> None:
    with pytest.raises(Refused):
        folder.bring(samples.XLSM, "名单.xlsm")
    settings_of(UPLOAD_ACTIVE="keep")
    row = folder.attached(samples.XLSM, "名单.xlsm")
    assert row.blob.kind == "unknown"
    with pytest.raises(Refused) as refused:
        folder.view(row.pk)
    assert refused.value.detail == said.NOT_SHOWN
