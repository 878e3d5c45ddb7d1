"""How the log is written: of an error the kinds and places, never its words."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Lines with the trace of an error, but without its message.

    A database names the values of the row it refuses, a validator the text it was given: both may be
    personal, and a log is neither sealed nor erased. Type and place are enough to find the fault.
    """

    def formatException(self, ei: Raised) -> str:
        """The chain of errors, the first cause first, each with its frames and its type."""
        out: list[str] = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            out.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nled to:\n".join(reversed(out))
