"""Answers of a form in words, and particulars masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance.registers.typed import options_of
from kedang.kernel.i18n import N_
from kedang.packs.forms import Item
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of

YES_NO = {"yes": N_("Yes"), "no": N_("No")}
STAR = "*"
KEPT = 4
"""Of a particular with more characters than this the last two stay readable, so that two can be told apart."""


def worded(pack: Pack, item: Item, answer: Any, names: Mapping[str, str]) -> str:
    """A stored answer for people; `names` are display names of staff. Yes and no are English sources."""
    if isinstance(answer, list | tuple | set | frozenset):
        return "、".join(worded(pack, item, each, names) for each in answer)
    text = str(answer)
    if item.type in ("choice", "choices", "channel", "purpose"):
        return options_of(pack, item).get(text, text)
    if item.type == "yes_no":
        return YES_NO.get(text, text)
    if (item.type == "money" or item.money) and isinstance(answer, int):
        return yuan(answer)
    if item.type == "percent":
        return f"{text.removesuffix('%')}%"
    if item.type == "staff":
        return names.get(text, text)
    return file_name(text) if item.type == "file" else text


def masked(text: str) -> str:
    """A particular so that it can be recognised and not used."""
    shown = 2 if len(text) > KEPT else 0
    return STAR * (len(text) - shown) + (text[-shown:] if shown else "")


def names_in(items: Mapping[str, Item], answers: Mapping[str, Any]) -> dict[str, str]:
    """Display names of the staff that answers name."""
    named = {str(answer) for name, answer in answers.items() if name in items and items[name].type == "staff"}
    return names_of(named) if named else {}


def yuan(fen: int) -> str:
    """An amount kept in fen, in yuan."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}" + (f".{rest:02d}" if rest else "")


def file_name(token: str) -> str:
    """What a stored file was called; the token where it is gone."""
    blob = Blob.objects.filter(token=token).first()
    return storage.name_of(blob) if blob else token
