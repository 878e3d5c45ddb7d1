"""API tokens: 256 random bits, known here only by their digest."""

from __future__ import annotations

import hashlib
import secrets

from kedang.kernel import clock
from kedang.people.models import Token


def new_token() -> tuple[str, str]:
    """A fresh random token and the digest under which it will be known."""
    token = "kd_" + secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """The stored form of a token. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Token | None:
    """The token in force behind a bearer header, with its person; None when unknown, ended or expired."""
    found = Token.objects.select_related("staff__unit").filter(digest=digest_of(token), revoked_us=0).first()
    if found is None or found.expires_us <= clock.now_us() or not found.staff.is_active:
        return None
    return found
