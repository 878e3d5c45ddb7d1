"""The few ways a deed can end badly, one class for each answer a door must give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class KedangError(Exception):
    """Base of all errors the product raises on purpose; `code` is stable and part of the API."""

    code = "error"


class NotVisible(KedangError):
    """The subject does not exist for this actor: doors answer 404, whether or not it exists."""

    code = "not_found"

    def __init__(self, subject: str) -> None:
        super().__init__(f"not found: {subject}")
        self.subject = subject


class Refused(KedangError):
    """The gate said no, and says why.

    `code` is one of: denied (403), incomplete, invalid (422), stale, claimed, key_reused, state (409).
    `articles` name the regulation, `missing` what the actor still has to
    give, `detail` is a sentence for people (an English source string, already filled in).
    """

    def __init__(
        self,
        code: str,
        *,
        articles: Sequence[str] = (),
        missing: Sequence[str] = (),
        detail: str = "",
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.articles = tuple(articles)
        self.missing = tuple(missing)
        self.detail = detail

    def one_line(self) -> str:
        """The reason in one line, for a log or a terminal."""
        parts = [self.code]
        if self.detail:
            parts.append(self.detail)
        if self.articles:
            parts.append("articles: " + ", ".join(self.articles))
        if self.missing:
            parts.append("missing: " + ", ".join(self.missing))
        return "; ".join(parts)


class Invalid(Refused):
    """The payload breaks a rule of the data standard; `findings` say which field, rule and remedy."""

    def __init__(self, findings: Sequence[object], detail: str = "") -> None:
        super().__init__("invalid", detail=detail)
        self.findings: tuple[Any, ...] = tuple(findings)
