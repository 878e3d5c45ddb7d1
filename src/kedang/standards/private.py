"""Whether a text that is kept in plain holds a person's number: telephone, identity number, mail address."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[\s.·_/()\-\u2010-\u2015]{0,2}"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBERS = re.compile(
    rf"(?<!\d)(?:(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"  # mobile, with or without country code
    rf"|(?<!\d)0\d{{2,3}}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"  # fixed line with its area code
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_IDENTITY = re.compile(rf"(?<!\d)\d{{6}}(?:(?:18|19|20)\d\d{_DATE}\d{{3}}[\dXx]|\d\d{_DATE}\d{{3}})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.·_\-\u2010-\u2015]+(?=[\dXx])")


def holds_personal_number(text: str) -> bool:
    """Whether a telephone number, resident identity number or mail address stands in a text, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text)
    closed = _BETWEEN_DIGITS.sub("", plain)
    return bool(_NUMBERS.search(plain) or _IDENTITY.search(plain) or _IDENTITY.search(closed))
