"""What a person gives along with a deed: answers of the form, documents, the reason, the confirmed sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext

from kedang.files.storage import TooLarge
from kedang.governance.registers import uploads
from kedang.kernel.errors import Refused
from kedang.packs.schema import Pack
from kedang.web.asking import Asking
from kedang.web.building.matters import PREFIX

MOST_EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """Answers by item as they were typed, evidence, reason, confirmation, and the nonce of the form."""

    form: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    reason: str = ""
    confirmed: bool = False
    key: str = ""

    @property
    def given(self) -> dict[str, Any]:
        """As `perform` takes it."""
        return {
            "form": self.form, "evidence": self.evidence, "reason": self.reason, "confirmed": self.confirmed,
            "key": self.key or None,
        }  # fmt: skip


def sent(request: Asking, pack: Pack, op: str) -> Sent:
    """What came with the form of a deed; files are put away first and named by their tokens from then on.

    Raises Refused(invalid) for a file that is too large.
    """
    form = typed(request, pack, op)
    try:
        for name in request.FILES:
            if name.startswith(PREFIX):
                form[name.removeprefix(PREFIX)] = uploads.keep(request.actor, *_brought(request, name)[-1])
        fresh = [uploads.evidence(request.actor, *each) for each in _brought(request, "evidence")[:MOST_EVIDENCE]]
    except TooLarge as large:
        raise Refused("invalid", detail=gettext(large.sentence) % large.params) from None
    return _sent(request, form, fresh)


def without_files(request: Asking, pack: Pack, op: str) -> Sent:
    """What was typed, where the files could not be taken."""
    return _sent(request, typed(request, pack, op), [])


def _sent(request: Asking, form: Mapping[str, Any], fresh: list[str]) -> Sent:
    post = request.POST
    written = [*post.getlist("evidence_kept"), post.get("evidence_text", "")]
    kept = [text.strip() for text in written if text.strip()]
    return Sent(
        form, tuple(dict.fromkeys([*kept, *fresh])), post.get("reason", "").strip(), post.get("confirmed") == "1",
        post.get("key", "")[:128],
    )  # fmt: skip


def typed(request: Asking, pack: Pack, op: str) -> dict[str, Any]:
    """The answers as they were typed; what was left empty is left out."""
    name = pack.form_of(op) if op in pack.operations else ""
    out: dict[str, Any] = {}
    for item, said in pack.forms[name].items.items() if name else ():
        texts = [text for text in request.POST.getlist(PREFIX + item) if text.strip()]
        if texts:
            out[item] = texts if said.type == "choices" else texts[-1].replace("\r\n", "\n")
    return out


def _brought(request: Asking, name: str) -> list[tuple[BinaryIO, str]]:
    """Streams and names of the files of one field."""
    files = request.FILES.getlist(name)
    return [(cast(BinaryIO, each.file), each.name or "") for each in files if each.file is not None]
