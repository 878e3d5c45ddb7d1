"""Reasons and evidence stay in the ledger for good, so they must not carry a customer's numbers."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

LONGEST = 500
MOST_EVIDENCE, LONGEST_EVIDENCE = 20, 200
MOST_ANSWERS, LONGEST_ANSWER = 200, 20_000
_NO_ANSWER = N_("An answer of a form is a text, a number, yes or no, or a list of choices.")
_GAP = r"[\s.·_/()\-\u2010-\u2015]{0,2}"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBERS = re.compile(
    rf"(?<!\d)(?:(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"  # mobile, with or without country code
    rf"|(?<!\d)0\d{{2,3}}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"  # fixed line with its area code
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_IDENTITY = re.compile(rf"(?<!\d)\d{{6}}(?:(?:18|19|20)\d\d{_DATE}\d{{3}}[\dXx]|\d\d{_DATE}\d{{3}})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.·_\-\u2010-\u2015]+(?=[\dXx])")


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


def holds_personal_number(text: str) -> bool:
    """Whether a telephone number, resident identity number or mail address stands in a text, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text)
    closed = _BETWEEN_DIGITS.sub("", plain)
    return bool(_NUMBERS.search(plain) or _IDENTITY.search(plain) or _IDENTITY.search(closed))


def _readable(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\r\n" for char in text)


def _refusal(name: str, detail: str) -> Refused:
    return Refused("invalid", missing=(name,), detail=detail)
