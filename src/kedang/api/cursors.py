"""Opaque cursors for lists that are ordered by one number."""

from __future__ import annotations

import base64
import binascii

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_


def word_of(number: int) -> str:
    """The cursor of the page after this number."""
    return base64.urlsafe_b64encode(b"n" + str(number).encode()).rstrip(b"=").decode()


def number_of(word: str | None) -> int | None:
    """The number in a cursor, None without one; Refused(invalid) when it is none of ours."""
    if not word:
        return None
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("ascii")
        if not (raw.startswith("n") and raw[1:].isdigit() and len(raw) < 20):
            raise ValueError(raw)
    except (ValueError, binascii.Error):
        raise Refused("invalid", missing=("cursor",), detail=N_("This cursor is not known here.")) from None
    return int(raw[1:])
