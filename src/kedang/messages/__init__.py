"""Notices to staff: in the app always, by mail and Apprise where a person wants them; read receipts.

`from kedang import messages; messages.post(…)`, or `messages.post_all([messages.Note(…), …])` for many. A notice
names codes, numbers and titles, never a personal value of a customer. Posting only writes rows, so it stands inside a
deed; sending is the worker's (`delivery.deliver`). The names below are fetched when first used, because a Django app's
package is imported before its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kedang.messages.posting import Note, post, post_all

_HOME = {"Note": "posting", "post": "posting", "post_all": "posting"}
__all__ = ["Note", "post", "post_all"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
