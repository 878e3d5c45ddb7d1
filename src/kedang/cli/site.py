"""Whether this site can be worked with at all."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kedang.cli.failing import Failed
from kedang.governance import founding


def require_ready() -> None:
    """Raise Failed when the site is not founded, or its tables are older than the program."""
    if not founding.is_founded():
        raise Failed("not_founded", _("There is no site in %(home)s yet; run kedang init or kedang demo.")
                     % {"home": settings.KEDANG_HOME})  # fmt: skip
    if founding.pending_migrations():
        raise Failed("not_migrated", _("The databases are older than this program; run kedang init --upgrade."))
