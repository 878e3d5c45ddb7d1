"""From a stored notice to a sentence, in the language of whoever reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import orjson
from django.utils.translation import gettext

LONGEST = 200
HIDDEN = "•••"
_GAP = r"[\s.·_/()\-\u2010-\u2015]{0,2}"
_PERSONAL = re.compile(
    rf"(?<!\d)(?:(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"  # mobile
    rf"|(?<!\d)0\d{{2,3}}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"  # fixed line with its area code
    r"|(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx](?!\d)"  # resident identity number
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)


def packed(params: Mapping[str, str]) -> str:
    """Parameters as they are stored: on one line, not too long, and without any person's number or mail address."""
    return orjson.dumps({name: cleaned(str(text)) for name, text in params.items()}).decode()


def cleaned(text: str) -> str:
    """A text as a notice may carry it out of the house; whoever posts it is meant to leave such values out."""
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    return " ".join(_PERSONAL.sub(HIDDEN, plain).split())[:LONGEST]


def sentence(title: str, params: str) -> str:
    """The notice in the active language; its parameters may be source strings themselves."""
    filled = {name: _told(name, text) if text else "" for name, text in orjson.loads(params).items()}
    try:
        return gettext(title) % filled
    except (KeyError, ValueError, TypeError):  # a title of another edition: better as it stands than not at all
        return title


def _told(name: str, text: str) -> str:
    """A subject is told by its code alone, without the kind of thing before it."""
    return (text.partition(":")[2] or text) if name == "subject" else gettext(text)
