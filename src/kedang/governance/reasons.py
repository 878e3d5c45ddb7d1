"""Reasons and evidence stay in the ledger for good, so they must not carry a customer's numbers."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.standards.private import holds_personal_number

LONGEST = 500
MOST_EVIDENCE, LONGEST_EVIDENCE = 20, 200
MOST_ANSWERS, LONGEST_ANSWER = 200, 20_000
_NO_ANSWER = N_("An answer of a form is a text, a number, yes or no, or a list of choices.")


def require_clean(reason: str, evidence: Sequence[str] = ()) -> None:
    """Refuse a reason or evidence that is too long, unreadable, or holds a person's number or mail address.

    Organisation codes may stand there: of eighteen digits only those with a birthday in their place
    are an identity number (GB 11643).
    """
    if len(reason) > LONGEST:
        raise _refusal("reason", N_("The reason is too long; 500 characters are enough."))
    if len(evidence) > MOST_EVIDENCE or any(len(each) > LONGEST_EVIDENCE for each in evidence):
        raise _refusal("evidence", N_("Too much evidence; name at most 20 pieces with 200 characters each."))
    for name, text in (("reason", reason), *(("evidence", each) for each in evidence)):
        if not _readable(text):
            raise _refusal(name, N_("The reason contains characters that no text may hold; type it again."))
        if holds_personal_number(text):
            raise _refusal(
                name,
                N_("Leave telephone, identity numbers and mail addresses out of the reason: it is kept for good."),
            )


def require_plain(form: Mapping[str, Any]) -> None:
    """Refuse answers of a form that are no answers: nested, endless, unreadable, or of nothing a form can ask."""
    if len(form) > MOST_ANSWERS:
        raise _refusal("form", _NO_ANSWER)
    for name, answer in form.items():
        several = isinstance(answer, list | tuple | set | frozenset)
        parts = list(answer) if several else [answer]
        if len(parts) > MOST_ANSWERS or not all(_is_answer(part) for part in (name, *parts)):
            raise _refusal("form", _NO_ANSWER)


def _is_answer(part: Any) -> bool:
    if isinstance(part, str):
        return len(part) <= LONGEST_ANSWER and not any("\ud800" <= char <= "\udfff" for char in part)
    if isinstance(part, float):
        return math.isfinite(part)
    return part is None or (isinstance(part, int) and abs(part) < 2**63)


def _readable(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\r\n" for char in text)


def _refusal(name: str, detail: str) -> Refused:
    return Refused("invalid", missing=(name,), detail=detail)
