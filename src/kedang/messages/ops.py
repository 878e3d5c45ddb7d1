"""The operations of this room."""

from __future__ import annotations

from typing import Any

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.messages import payloads, selectors, services
from kedang.messages.models import Notice


def _load_notice(by: Actor, subject: str) -> Notice:
    return selectors.notice_by_ref(by, subject, lock=True)


def _load_self(by: Actor, subject: str) -> Actor:
    if subject not in ("-", f"staff:{by.id}"):
        raise NotVisible(subject)
    return by


def _facts(by: Actor, target: Any, payload: Any) -> Facts:
    return Facts(kind="notice", rel=frozenset({"in_scope", "self"}))


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "notice.confirm", N_("Confirm a notice"), payloads.ConfirmNotice, _load_notice, _facts, services.confirm
    ),
    Operation(
        "notice.address", N_("Set an address for notices"), payloads.SetAddress, _load_self, _facts,
        services.set_address,
    ),
)  # fmt: skip
