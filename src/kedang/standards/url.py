"""Web addresses: http and https only, since a stored address is later shown as a link."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

_LONGEST = 2000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_DEFAULT = "http://"
_LETTER = "a-z一-鿿"
_LABEL = rf"[0-9{_LETTER}](?:[0-9{_LETTER}-]*[0-9{_LETTER}])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[{_LETTER}][0-9{_LETTER}-]*|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}")
_BETWEEN = re.compile(r"[\s;；,，、|]+")
_BROKEN = re.compile(r"[\s<>\"\\^`{|}]")
_PLAIN = r"^https?://(?:[a-z0-9]{1,30}\.){1,4}[a-z]{2,20}(?:/[A-Za-z0-9_./-]*)?$"


def define(text: str) -> Read:
    """Read an address; of several in one cell the first is kept, with a warning."""
    whole = _one(text, ascii_form(text))
    if whole.ok:
        return whole
    first, *others = [part for part in _BETWEEN.split(ascii_form(text)) if part] or [""]
    reads = [_one(part, part) for part in (first, *others)]
    if others and all(read.ok for read in reads):
        return Read(reads[0].value, (warning("url.several", text),))
    return whole


def _one(text: str, plain: str) -> Read:
    """One address; `http://` is put before an address written without it."""
    scheme = _SCHEME.match(plain)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return refuse(error("url.scheme", text))
    address = plain if scheme else _DEFAULT + plain
    parts = _split(address)
    if parts is None or _BROKEN.search(address) or len(address) > _LONGEST:
        return refuse(error("url.shape", text))
    return Read(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl())


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return parts if _HOST.fullmatch(host) and "@" not in parts.netloc else None


def _plain(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(_PLAIN)).then(texts)


STANDARD = Standard("url", define, _plain)
