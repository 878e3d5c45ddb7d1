"""The data dictionary: every field a dossier can hold under the regulation in force."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from kedang.api.doing import actor_of, known_only
from kedang.api.schemas import Strict
from kedang.customers import entries
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible

router = Router(tags=["dictionary"])


class DictionaryFilter(Strict):
    """`part`: dossier, contact, or a module such as contract; `collected` false lists what is not collected."""

    part: Annotated[str, Field(max_length=32)] = ""
    collected: bool | None = None


class Dictionary(Strict):
    """The edition, and its fields in the order of the dictionary. `gone` are keys the edition before listed."""

    pack: str
    title: str
    effective: str
    before: str
    gone: list[str]
    fields: list[dict[str, Any]]


@router.get("", response=Dictionary, url_name="dictionary", summary="The data dictionary")
def dictionary(request: HttpRequest, asked: Query[DictionaryFilter]) -> dict[str, Any]:
    """Meaning, standard, who must give it, who may see it, code list, purpose, and since which edition."""
    actor_of(request)
    known_only(request.GET, DictionaryFilter)
    known = entries.in_force(gettext)
    found = [
        entries.as_json(entry)
        for entry in known.entries
        if asked.part in ("", entry.part) and asked.collected in (None, entry.collected)
    ]
    effective = clock.from_us(known.effective_us).isoformat() if known.effective_us else ""
    return {
        "pack": known.version, "title": known.title, "effective": effective, "before": known.before,
        "gone": list(known.gone), "fields": found,
    }  # fmt: skip


@router.get("/{str:key}", response=dict[str, Any], url_name="dictionary_field", summary="One field")
def field(request: HttpRequest, key: str) -> dict[str, Any]:
    """By its key, such as `contact.phones`."""
    actor_of(request)
    found = next((entry for entry in entries.in_force(gettext).entries if entry.key == key), None)
    if found is None:
        raise NotVisible(f"field:{key}")
    return entries.as_json(found)
