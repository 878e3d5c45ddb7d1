"""Sealed means sealed everywhere: planted numbers are looked for in every byte of the site, in every writing.

Shortcut 16 of the list in CORE.md: an encrypted column beside a plain index, log, staging file or version.
"""

from __future__ import annotations

import base64
import logging
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from kedang import ledger
from kedang.config.logs import Discreet
from kedang.customers import present, selectors
from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier
from kedang.customers.payloads import AmendDossier, OpenDossier, RevealField
from kedang.customers.sealing import contact_ref, person_ref
from kedang.governance.gate import perform
from kedang.kernel.errors import KedangError
from kedang.people.models import Staff
from kedang.vault import subjects
from tests.databases import Site
from tests.world import World

PHONES = ("13867429501", "15829471036", "02983174926")
MAIL, CONTACT, IDENTITY = "zhuge.planted@mail.example", "诸葛震霆", "11010519491231002X"


def writings(text: str) -> Iterator[bytes]:
    """A value in the forms in which it could lie about."""
    for form in (text, text[::-1]):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield form.encode(encoding)
        yield form.encode().hex().encode()
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + text.encode())
        yield packed[4 if shift else 0 : -4]


NEEDLES = {form for value in (*PHONES, MAIL, CONTACT, IDENTITY) for form in writings(value)}


def every_byte(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every file of the home, and on PostgreSQL every row of every table as the server writes it out."""
    connections.close_all()
    for file in sorted(Path(site.home).rglob("*")):
        if file.is_file():
            yield str(file), file.read_bytes()
    if site.vendor == "sqlite":
        return
    with psycopg.connect(site.url) as server:
        tables = server.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) > 20
        for schema, table in tables:
            for form in ("text", "binary"):
                with server.cursor().copy(f'COPY "{schema}"."{table}" TO STDOUT (FORMAT {form})') as copy:
                    content = b"".join(bytes(part) for part in copy)
                yield f"{schema}.{table}", content
                yield f"{schema}.{table} unhexed", _unhexed(content)


def _unhexed(content: bytes) -> bytes:
    """Columns of bytes as bytes again."""
    out = bytearray()
    for part in content.split(b"\\\\x")[1:]:
        with suppress(ValueError):
            out += bytes.fromhex(part.split(b"\t")[0].split(b"\n")[0].decode())
    return bytes(out)


def live(world: World) -> None:
    """Open, change, search, reveal, be refused and fail, all with the planted values."""
    by = world.actor("clerk")
    code = world.open(
        "西安示例机电有限公司", contact_name=CONTACT, contact_phones="；".join(PHONES), contact_email=MAIL
    )  # fmt: skip
    person = world.open("王小明", kind="person", identity_number=IDENTITY, contact_phones=PHONES[0])
    world.amend(code, contact_phones=PHONES[1], contact_email="")
    world.amend(code, contact_phones=PHONES[0], contact_email=MAIL)
    world.amend(person, identity_number="")
    world.amend(person, identity_number=IDENTITY)
    for text in (*PHONES, MAIL, CONTACT, IDENTITY, PHONES[0][-4:]):
        present.listed(by, find(by, text).rows, query=text, kind="search")
    for subject, payload, reason in (
        (f"dossier:{PHONES[0]}", AmendDossier(values={"grade": "A"}), "按原件"),
        (IDENTITY, AmendDossier(values={"grade": "A"}), "按原件"),
        (f"dossier:{code}", AmendDossier(values={"contact.email": f"{PHONES[0]}@"}), "按原件"),
        (f"dossier:{code}", AmendDossier(values={"credit_code": IDENTITY}), "按原件"),
        (f"dossier:{code}", AmendDossier(values={"grade": "A"}), f"致电{PHONES[0]}"),
    ):
        with suppress(KedangError):
            perform("customer.amend", by=by, subject=subject, payload=payload, reason=reason, key=random.choice("ab"))
    with suppress(KedangError):
        perform(
            "customer.open", by=by, subject="-", payload=OpenDossier(values={"name": "甲", "identity_number": IDENTITY})
        )
    reveal = RevealField(field="contact.phones")
    call = world.do("customer.reveal", f"dossier:{code}", reveal, by="query", reason="回访客户")
    viewer = world.actor("query")
    dossier = selectors.dossier_by_code(viewer, code)
    assert PHONES[0] in present.revealed(viewer, dossier, "contact.phones", call=call.pk, done_us=call.done_us)
    present.opened(viewer, dossier)
    present.history(viewer, dossier)


def test_planted_values_are_in_no_byte_of_the_site(site: Site, world: World, caplog: pytest.LogCaptureFixture) -> None:
    live(world)
    ledger.seal()
    logging.getLogger("kedang").warning("the day is over")
    places = {place for place, content in every_byte(site) for needle in NEEDLES if needle in content}
    assert places == set()
    logged = "".join(Discreet().format(record) for record in caplog.records).encode()
    assert not [needle for needle in NEEDLES if needle in logged]
    assert Staff.objects.exists(), "the site is still there"


def test_the_search_itself_finds_what_is_plain(site: Site, world: World) -> None:
    """Proof that the net has no holes: the same value in a plain column is found on both databases."""
    world.open("西安示例机电有限公司", business_scope=f"致电{PHONES[0]}")
    places = {place for place, content in every_byte(site) for needle in NEEDLES if needle in content}
    assert places


def test_after_erasure_nothing_opens_and_the_ledger_is_whole(site: Site, world: World) -> None:
    live(world)
    subjects.destroy_many([contact_ref(pk) for pk in Contact.objects.values_list("pk", flat=True)])
    subjects.destroy_many([person_ref(pk) for pk in Dossier.objects.values_list("pk", flat=True)])
    by = world.actor("archivist")
    shown = [
        (present.opened(by, dossier), present.history(by, dossier))
        for dossier in selectors.visible_to(by).select_related("unit", "owner")
    ]
    assert present.ERASED in repr(shown)
    said = re.sub(r"_us=\d+", "", repr(shown))  # four digits may well stand in an instant
    for part in (CONTACT, MAIL[:1] + "***", PHONES[0][-4:], PHONES[1][-4:], IDENTITY[-4:]):
        assert part not in said, part
    ledger.seal()
    assert ledger.verify().ok
