"""E-mail addresses, in the everyday form of RFC 5321: dot-atom before the @, a host name after it."""

from __future__ import annotations

import re

import polars as pl

from kedang.standards.finding import Read, error, refuse
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])")
_DISPLAY = re.compile(r"[^<>]*<([^<>]+)>")
_PLAIN = r"^[a-z0-9](?:[a-z0-9_+-]|\.[a-z0-9_+-]){0,30}@(?:[a-z0-9]{1,30}\.){1,4}[a-z]{2,20}$"


def define(text: str) -> Read:
    """Read one address; the host name is lower case, the part before the @ stays as written."""
    plain = ascii_form(text).removeprefix("mailto:")
    plain = "".join((match[1] if (match := _DISPLAY.fullmatch(plain)) else plain).split())
    match = _ADDRESS.fullmatch(plain)
    if match and _fits(match[1], match[2]):
        return Read(f"{match[1]}@{match[2].lower()}")
    rule = "email.several" if plain.count("@") > 1 else "email.shape"
    return refuse(error(rule, text))


def _fits(local: str, host: str) -> bool:
    longest = max(map(len, host.split(".")))
    return len(local) <= _LONGEST_LOCAL and len(local) + len(host) < _LONGEST and longest <= _LONGEST_LABEL


def _plain(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(_PLAIN)).then(texts)


STANDARD = Standard("email", define, _plain)
