"""The Jinja2 environment of our own pages: translations, addresses, icons, and how values look."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from kedang.web import formats, words
from kedang.web.navigation import places, unread

ICONS = frozenset((Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split())
FILTERS = ("number", "moment", "exact", "iso", "day", "yuan", "size")


def environment(**options: Any) -> Environment:
    """Named in settings: autoescaping, strict about names that do not exist."""
    env = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})  # noqa: S701 - Django's backend passes autoescape=True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.filters |= {name: getattr(formats, name) for name in FILTERS}
    env.globals |= dict(
        url=url,
        static=static,
        icon=icon,
        query=query,
        places=places,
        unread=unread,
        words=words,
        percent=formats.percent,
        language=lambda: get_language() or settings.LANGUAGE_CODE,
        languages=settings.LANGUAGES,
    )
    return env


def url(name: str, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, kwargs=kwargs)


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """The address of a file of ours with the digest of its content, so that browsers may keep it for long."""
    found = finders.find(path)
    address = settings.STATIC_URL + path
    if not isinstance(found, str):
        return address
    return f"{address}?v={hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]}"


def icon(name: str, label: str = "", size: str = "") -> Markup:
    """An icon of the sprite; without a label it is decoration and hidden from screen readers."""
    if name not in ICONS:
        raise LookupError(f"icon {name!r} is not in icons.txt")
    told = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon{size}" {told} focusable="false"><use href="{href}"/></svg>').format(
        size=f" icon-{escape(size)}" if size else "", told=told, href=f"{static('vendor/icons.svg')}#{name}"
    )


def query(request: HttpRequest, **changes: Any) -> str:
    """The page's query string with some values changed; None or "" takes one away. Paging starts anew."""
    values = request.GET.copy()
    for gone in ("after", "before"):
        values.pop(gone, None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return "?" + values.urlencode()
