"""How a command says that it failed: one line for people, one object for programs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import DatabaseError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from kedang.cli import site
from kedang.kernel.errors import KedangError, NotVisible, Refused
from kedang.standards import Finding

log = logging.getLogger(__name__)


class Failed(KedangError):
    """A command cannot do what it was asked; the text is shown as it is."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong: the stable code, the sentence, the articles, what is missing, what was found."""

    code: str
    detail: str
    articles: Sequence[str] = ()
    missing: Sequence[str] = ()
    findings: Sequence[Finding] = ()

    @property
    def line(self) -> str:
        """The reason in one line, articles named."""
        parts = [self.detail] if self.detail else []
        if self.articles:
            parts.append(_("articles: %(articles)s") % {"articles": ", ".join(self.articles)})
        if self.missing:
            parts.append(_("missing: %(missing)s") % {"missing": ", ".join(self.missing)})
        parts += [f"{each.field}: {_said(each.what, each.rule)}" for each in self.findings]
        return " ".join(f"{self.code}: {'; '.join(parts)}".split())

    def as_json(self) -> dict[str, Any]:
        """The one object a refused command prints with --json."""
        return {
            "state": "refused", "result": None, "request": None, "articles": list(self.articles),
            "code": self.code, "detail": self.detail, "missing": list(self.missing),
            "findings": [finding_as_json(each) for each in self.findings],
        }  # fmt: skip


def finding_as_json(finding: Finding) -> dict[str, str]:
    """A finding for a program: field, rule, severity, and both sentences."""
    return {
        "field": finding.field, "rule": finding.rule, "severity": finding.severity,
        "what": _said(finding.what, finding.rule), "remedy": _said(finding.remedy, ""),
    }  # fmt: skip


def _said(say: Callable[[Callable[[str], str]], str], otherwise: str) -> str:
    """A sentence of a finding, or its rule where a newer row names one without a sentence here."""
    try:
        return say(_)
    except KeyError:
        return otherwise


def failure_of(error: Exception) -> Failure:
    """The failure an exception stands for. What nobody foresaw goes to the log with its trace."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, NotVisible):
        return Failure("not_found", _("%(subject)s was not found.") % {"subject": error.subject})
    if isinstance(error, KedangError):
        return Failure(error.code, _sentence(error))
    if isinstance(error, click.ClickException):
        return Failure("failed", error.format_message())
    if isinstance(error, ValidationError):
        return Failure("invalid", "; ".join(f"{_place(each['loc'])}: {each['msg']}" for each in error.errors()))
    if isinstance(error, ImproperlyConfigured):
        return Failure("setting", str(error))
    return _unforeseen(error)


def _sentence(error: KedangError) -> str:
    """What an error says, in the language of the terminal where it keeps its source sentence."""
    sentence = getattr(error, "sentence", None)
    return _(sentence) % dict(getattr(error, "params", {})) if isinstance(sentence, str) else str(error)


def _refused(error: Refused) -> Failure:
    findings = [each for each in getattr(error, "findings", ()) if isinstance(each, Finding)]
    return Failure(error.code, _(error.detail) if error.detail else "", error.articles, error.missing, findings)


def _unforeseen(error: Exception) -> Failure:
    log.debug("%s", "".join(traceback.format_exception(error)))
    if isinstance(error, ObjectDoesNotExist):
        return Failure("not_found", str(error))
    if isinstance(error, DatabaseError):
        said = str(error).strip().partition("\n")[0]
        why = site.why_not_ready()
        return Failure(site.NotReady.code, f"{why} ({said})") if why else Failure("database", said)
    return Failure("failed", f"{type(error).__name__}: {error}")


def _place(location: Sequence[int | str]) -> str:
    return ".".join(map(str, location)) or "-"
