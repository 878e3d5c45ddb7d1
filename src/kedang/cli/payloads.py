"""From `--set field=value` to the payload and the form of any operation, the product's own or a matter of the pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel

from kedang.cli import asking
from kedang.cli.failing import Failed
from kedang.governance import registry
from kedang.kernel.deeds import Operation, Payload
from kedang.packs import in_force

VALUES = "values"
FORM = "form."
"""Before a name it says that an item of the form is meant, where a field is called the same."""


def operation_of(name: str) -> Operation[Any, Any]:
    """The operation of a name; Failed when neither the product nor the regulation in force has one."""
    try:
        return registry.operation_of(in_force(), name)
    except KeyError:
        raise Failed("no_operation", _("There is no operation %(name)s.") % {"name": name}) from None


def subject_of(text: str) -> str:
    """`kind:ref` as it is, a bare ref as a dossier's code, `-` as none."""
    return text if ":" in text or text == "-" else f"dossier:{text}"


def payload_of(operation: Operation[Any, Any], settings: Sequence[str]) -> Payload:
    """The payload with these settings; a field sent twice is a list. Raises pydantic's ValidationError.

    Items of the operation's form are left out. What the payload itself has no field for goes into its `values`,
    where it has those: the fields of a dossier are named there.
    """
    known = operation.payload.model_fields
    sent = {name: texts for name, texts in _sent(settings).items() if not _is_item(operation, name)}
    asked: dict[str, Any] = {name: _value(operation, name, texts) for name, texts in sent.items() if name in known}
    asked |= _parts(operation, sent)
    others = {name: texts[-1] for name, texts in sent.items() if name not in known and not _part(operation, name)}
    asked |= {VALUES: others} if VALUES in known else others
    payload: Payload = operation.payload.model_validate(asked)
    return payload


def form_of(operation: Operation[Any, Any], settings: Sequence[str]) -> dict[str, Any]:
    """The answers of the operation's form among these settings; an item sent twice is a list."""
    items = {name: texts for name, texts in _sent(settings).items() if _is_item(operation, name)}
    return {name.removeprefix(FORM): texts if len(texts) > 1 else texts[0] for name, texts in items.items()}


def _sent(settings: Sequence[str]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = defaultdict(list)
    for name, text in map(asking.pair, settings):
        sent[name].append(text)
    return sent


def _is_item(operation: Operation[Any, Any], name: str) -> bool:
    """An item of the form: named so, or known to the form and not to the payload; all settings of a matter are."""
    pack = in_force()
    if name.startswith(FORM):
        return True
    if operation.name not in pack.operations or name in operation.payload.model_fields:
        return False
    form = pack.form_of(operation.name)
    return pack.operations[operation.name].is_matter or (bool(form) and name in pack.forms[form].items)


def _parts(operation: Operation[Any, Any], sent: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Parts of the payload that have fields of their own: `origin.source=visit`."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, texts in sent.items():
        if part := _part(operation, name):
            found[part][name.partition(".")[2]] = texts[-1]
    return found


def _part(operation: Operation[Any, Any], name: str) -> str:
    """The part of the payload that a dotted name is in; empty for a field of a dossier."""
    part, dot, _ = name.partition(".")
    field = operation.payload.model_fields.get(part)
    kinds = get_args(field.annotation) if field else ()
    return part if dot and any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds) else ""


def _value(operation: Operation[Any, Any], name: str, texts: list[str]) -> str | list[str]:
    many = get_origin(operation.payload.model_fields[name].annotation) in (tuple, list, set, frozenset)
    return texts if many else texts[-1]
