"""The files of a dossier as pages show them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.attachments import ops, selectors
from kedang.customers.attachments.present import ShownFile, ShownFiles
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.ops import facts_of
from kedang.files.contents import ENDINGS
from kedang.governance import attaching
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.web import deeds, words
from kedang.web.building import answers
from kedang.web.environment import query
from kedang.web.pages.attachments import FileRow, UploadBox
from kedang.web.pages.parts import Option, Pager
from kedang.web.sending import Sent

TYPES = {"text": "TXT", "odf": "ODF", "unknown": "?"}
ACCEPT = ",".join(sorted(f".{ending}" for endings in ENDINGS.values() for ending in endings))


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do with the files of a dossier."""

    attach: bool
    detach: bool
    look: bool
    at_once: bool
    """Nothing is asked before a look."""

    @classmethod
    def of(cls, by: Actor, dossier: Dossier) -> May:
        """By the regulation in force."""
        looking = look_facts(by, dossier)
        look = deeds.may(by, ops.VIEW, looking)
        asked = answers.asks(ops.VIEW, by, looking, reason="wanted") if look else None
        return cls(
            attach=deeds.may(by, ops.ATTACH, facts_of(by, dossier)),
            detach=deeds.may(by, ops.DETACH, facts_of(by, dossier)),
            look=look,
            at_once=asked is not None and not (asked.anything or asked.undertakings or asked.signers),
        )


def look_facts(by: Actor, dossier: Dossier, *, original: bool = False) -> Facts:
    """What is known of a look before it is asked for."""
    return facts_of(by, dossier, channel=ops.ORIGINAL if original else ops.SCREEN)


def rows(code: str, shown: ShownFiles, may: May) -> list[FileRow]:
    """The files of a page."""
    return [row(code, each, may) for each in shown.files]


def row(code: str, shown: ShownFile, may: May) -> FileRow:
    """One file."""
    address = _address("attachment", code, shown.id)
    return FileRow(
        number=shown.id, name=shown.name or gettext("(destroyed)"), address=address, kind=shown.kind,
        type=TYPES.get(shown.type, shown.type.upper()), size=size(shown.size), slot=slot(shown.slot),
        slot_address=_filtered(code, shown.slot) if shown.slot else "", level=shown.level, who=shown.by_name,
        at_us=shown.at_us, look=address if may.look and may.at_once and shown.can_show else "",
        remove=_address("attachment_remove", code, shown.id) if may.detach else "", gone=shown.gone,
    )  # fmt: skip


def size(length: int) -> str:
    """A length as people say it."""
    if length < 1024 * 1024:
        return gettext("%(number)s KiB") % {"number": max(1, round(length / 1024))}
    return gettext("%(number)s MiB") % {"number": f"{length / 1048576:.1f}"}


def slot(name: str) -> str:
    """The record or contact a file belongs to, in words."""
    module, _, number = name.partition("#")
    if not name:
        return ""
    title = gettext(MODULES[module].title) if module in MODULES else gettext("Contact")
    return f"{title} {number}"


def upload(request: HttpRequest, by: Actor, dossier: Dossier, given: Sent | None = None) -> UploadBox:
    """The form, with what was chosen already."""
    pack, sent = in_force(), request.POST if request.method == "POST" else request.GET
    kind, chosen = sent.get("kind", ""), sent.get("slot", "")
    asks = answers.asks(ops.ATTACH, by, facts_of(by, dossier), given, reason="wanted")
    return UploadBox(
        address=reverse("attachment_new", kwargs={"code": dossier.code}), key=secrets.token_urlsafe(12),
        kinds=[Option(word, word, word == kind) for word in pack.files.kinds], free_kind=kind,
        slots=_slots(dossier, chosen), levels=_levels(by, dossier, sent.get("level", "")),
        limit_mb=attaching.most_mb(pack), accept=ACCEPT, asks=asks,
    )  # fmt: skip


def pager(request: HttpRequest, shown: ShownFiles) -> Pager:
    """Onward by number; back to the first page."""
    return Pager(
        before=query(request) if request.GET.get("after") else "",
        after=query(request, after=shown.next) if shown.next else "", shown=len(shown.files),
    )  # fmt: skip


def pages(code: str, number: int, call: int, count: int) -> Sequence[str]:
    """The addresses of the pages of a file that was asked for."""
    names = {"code": code, "file": number}
    return [
        reverse("attachment_page", kwargs={**names, "page": page}) + f"?view={call}" for page in range(1, count + 1)
    ]


def _slots(dossier: Dossier, chosen: str) -> list[Option]:
    names = selectors.places(dossier)
    if chosen and chosen not in names and selectors.is_name(chosen) and selectors.holds(dossier, chosen):
        names = [chosen, *names]
    return [Option(name, slot(name), name == chosen) for name in names]


def _levels(by: Actor, dossier: Dossier, chosen: str) -> list[Option]:
    lowest = 0 if in_force().files.lower else dossier.level
    keys = [Level(each).key for each in range(lowest, by.clearance + 1)]
    wanted = chosen if chosen in keys else Level(dossier.level).key
    return [Option(key, words.level(key), key == wanted) for key in keys]


def _address(view: str, code: str, number: int) -> str:
    return reverse(view, kwargs={"code": code, "file": number})


def _filtered(code: str, name: str) -> str:
    return f"{reverse('attachments', kwargs={'code': code})}?{urlencode({'slot': name})}"
