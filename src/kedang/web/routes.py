"""Every address declares whether it touches a customer, so that the access tests can list them all.

A view that shows or changes anything of a customer wears `@touches_customer(…)`, any other
`@touches_none`. `routes()` walks the URL table; a route that declares nothing is a defect the
architecture test reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Touch:
    """What a view has to do with customers.

    `reads`: the kind the actor's roles must be allowed to read. `op`: the operation it performs on
    POST. `subject`: which path argument names the subject (`code`, `batch`), empty for lists.
    """

    reads: str = ""
    op: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the URL table."""

    pattern: str
    name: str
    view: Callable[..., Any]
    touch: Touch | None


NONE = Touch()


def touches_customer(*, reads: str = "dossier", op: str = "", subject: str = "") -> Callable[[V], V]:
    """Declare that a view shows or changes something of a customer."""

    def declare(view: V) -> V:
        view.touch = Touch(reads, op, subject)  # type: ignore[attr-defined]
        return view

    return declare


def touches_none(view: V) -> V:
    """Declare that a view has nothing to do with customers."""
    view.touch = NONE  # type: ignore[attr-defined]
    return view


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """All routes below a resolver, the whole site by default."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield Route("/" + here, entry.name or "", entry.callback, getattr(entry.callback, "touch", None))
