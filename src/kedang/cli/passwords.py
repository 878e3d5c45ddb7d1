"""Passwords at the terminal: read from the standard input or made at random, never a default one."""

from __future__ import annotations

import secrets
import sys

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kedang.cli.failing import Failed

_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0 O 1 l I o, which people read wrong from a screen."""
_GROUPS, _GROUP = 4, 5


def random_password() -> str:
    """Twenty random characters in groups of five: about 116 bits, easy to copy by hand."""
    letters = "".join(secrets.choice(_LETTERS) for at in range(_GROUPS * _GROUP))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def hash_of(password: str) -> str:
    """The stored form of a password."""
    return make_password(password)


def chosen_password(from_stdin: bool) -> tuple[str, bool]:
    """The password and whether it was made here, so that it must be shown once; Failed when it is weak."""
    if not from_stdin:
        return random_password(), True
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password)
    except ValidationError as weak:
        raise Failed("weak_password", _("The password is too weak.") + " " + " ".join(weak.messages)) from None
    return password, False
