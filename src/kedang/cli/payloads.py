"""From `--set field=value` to the payload of any operation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, get_origin

from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.failing import Failed
from kedang.governance.registry import OPERATIONS
from kedang.kernel.deeds import Operation, Payload

VALUES = "values"


def operation_of(name: str) -> Operation[Any, Any]:
    """The operation of a name; Failed when the house offers none."""
    if name not in OPERATIONS:
        raise Failed("no_operation", _("There is no operation %(name)s.") % {"name": name})
    return OPERATIONS[name]


def subject_of(text: str) -> str:
    """`kind:ref` as it is, a bare ref as a dossier's code, `-` as none."""
    return text if ":" in text or text == "-" else f"dossier:{text}"


def payload_of(operation: Operation[Any, Any], settings: Sequence[str]) -> Payload:
    """The payload with these settings; a field sent twice is a list. Raises pydantic's ValidationError.

    What the payload itself has no field for goes into its `values`, where it has those: the fields of a
    dossier are named there.
    """
    sent: dict[str, list[str]] = defaultdict(list)
    for name, text in map(asking.pair, settings):
        sent[name].append(text)
    known = operation.payload.model_fields
    asked: dict[str, Any] = {name: _value(operation, name, texts) for name, texts in sent.items() if name in known}
    others = {name: texts[-1] for name, texts in sent.items() if name not in known}
    asked |= {VALUES: others} if VALUES in known else others
    payload: Payload = operation.payload.model_validate(asked)
    return payload


def _value(operation: Operation[Any, Any], name: str, texts: list[str]) -> str | list[str]:
    many = get_origin(operation.payload.model_fields[name].annotation) in (tuple, list, set, frozenset)
    return texts if many else texts[-1]
