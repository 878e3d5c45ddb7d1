"""Pages of a stored file as images with a watermark burnt in; what is sent holds the picture and nothing else of it.

The drawing is done by a process of its own (`drawing`), which a hostile file may break without breaking anything
else. At most two draw at once.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from kedang.files import storage
from kedang.files.models import Blob
from kedang.files.sniff import Kind
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json

FORMATS = {
    Kind.PDF: "pdf", Kind.PNG: "png", Kind.JPEG: "jpg", Kind.GIF: "gif", Kind.WEBP: "webp", Kind.TEXT: "text",
}  # fmt: skip
"""Kinds that can be drawn, as the drawing program calls them."""
SECONDS = 30.0
WAIT_SECONDS = 20.0
CANNOT = N_("This file cannot be shown: it is damaged, locked with a password, or too large a picture.")
BUSY = N_("Many files are being shown just now. Please try again in a moment.")
_PROGRAM = Path(__file__).with_name("drawing.py")
_turn = threading.BoundedSemaphore(2)


def can_show(kind: str) -> bool:
    """Whether pages of such a file can be drawn."""
    return kind in FORMATS


def pages_of(blob: Blob) -> int:
    """How many pages it has; Refused where it cannot be shown."""
    return int(_drawn(blob, 0, ("-",)))


def page_of(blob: Blob, number: int, lines: Sequence[str]) -> bytes:
    """One page as PNG with these lines all over it; Refused where it cannot be shown."""
    return _drawn(blob, number, lines)


def _drawn(blob: Blob, page: int, lines: Sequence[str]) -> bytes:
    asked = {"format": FORMATS[Kind(blob.kind)], "page": page, "lines": list(lines), "fonts": str(settings.FONTS)}
    with storage.open_(blob) as stream:
        sent = canonical_json(asked) + b"\n" + stream.read()
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise Refused("state", detail=BUSY)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_PROGRAM)], input=sent, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("invalid", detail=CANNOT) from None
    finally:
        _turn.release()
    if done.returncode or not done.stdout:
        raise Refused("invalid", detail=CANNOT)
    return done.stdout
