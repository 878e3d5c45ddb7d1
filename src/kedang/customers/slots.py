"""How a value inside a dossier is named in versions, origins and attachments; pure.

`name` is the dossier's own; `contact.phones` the main contact's as the dossier's form writes it; `contact#7.phones`
another contact's; `contract#3.amount` a value of the third contract. What is left of the dot is the slot's holder.
"""

from __future__ import annotations

from dataclasses import dataclass

CONTACT = "contact"
REMOVED = "removed"
"""Not a field: when the holder was taken out of the dossier."""
WITHIN = frozenset({"dossier", "record", "contact"})
"""Kinds of subject that are a dossier or lie in one."""
LEAD = "lead"
"""Not a field: whether the contact is the main one."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A name taken apart: module (`contact` for a contact, empty for the dossier), number, and field key."""

    module: str
    no: int
    field: str

    @property
    def holder(self) -> str:
        """The record or contact it is in, `contract#3`; empty for the dossier and its main contact."""
        return holder_of(self.module, self.no) if self.no else ""


def holder_of(module: str, no: int) -> str:
    """The name of a record or contact inside its dossier."""
    return f"{module}#{no}"


def name_in(holder: str, key: str) -> str:
    """The name of a value: `contract#3` and `contract.amount` give `contract#3.amount`; a bare word stays one."""
    return f"{holder}.{key.rpartition('.')[2]}" if holder else key


def parsed(name: str) -> Slot:
    """A name as versions write it, taken apart; what has no number belongs to the dossier itself."""
    holder, dot, word = name.rpartition(".")
    module, mark, number = holder.partition("#")
    if not (dot and mark and number.isdecimal()):
        return Slot("", 0, name)
    return Slot(module, int(number), f"{module}.{word}")


def dossier_code(subject: str) -> str:
    """The dossier a subject is or lies in: of `dossier:C1`, `record:C1/contract/3`, `contact:C1/7` the code C1; empty
    for anything else."""
    kind, _, ref = subject.partition(":")
    return ref.partition("/")[0] if kind in WITHIN else ""
