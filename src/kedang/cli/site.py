"""Whether this site can be worked with at all."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kedang.governance import founding
from kedang.kernel.errors import KedangError


class NotReady(KedangError):
    """The site is not founded, or its tables are older than the program."""

    code = "not_ready"


def why_not_ready() -> str:
    """Why the site cannot be worked with yet; empty when it can."""
    if not founding.is_founded():
        home = {"home": settings.KEDANG_HOME}
        return _("There is no site in %(home)s yet; run kedang init or kedang demo.") % home
    if founding.pending_migrations():
        return _("The databases are older than this program; run kedang init --upgrade.")
    return ""


def require_ready() -> None:
    """Raise NotReady with the reason."""
    if why := why_not_ready():
        raise NotReady(why)
