"""What all of `present` shares: one value as a person may see it."""

from __future__ import annotations

from dataclasses import dataclass

from kedang.customers import masks
from kedang.customers.dictionary import field_of, known
from kedang.customers.fields import Field
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import Pack

ERASED = N_("(erased)")


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value as this person may see it."""

    key: str
    title: str
    text: str
    masked: bool = False
    warnings: tuple[str, ...] = ()
    """Rules of the warnings kept with the value; the door says them in words."""
    withheld: bool = False
    """Shown to nobody, because the person's consent is not in force."""


def is_masked(by: Actor, field: Field, pack: Pack | None = None) -> bool:
    """Whether this person sees a field masked on the page of one dossier; what is no person's own may be, too."""
    return (pack or in_force()).is_masked(field.key, by.roles, place="detail")


def shown(
    by: Actor,
    field: Field,
    text: str | None,
    warnings: tuple[str, ...] = (),
    pack: Pack | None = None,
    instead: str = "",
) -> ShownValue:
    """A text as this person may see it; None is the value of somebody who was erased.

    `instead` stands in its place where the person's consent is not in force.
    """
    if text is None:
        return ShownValue(field.key, field.title, ERASED)
    if text and instead:
        return ShownValue(field.key, field.title, instead, withheld=True)
    hidden = bool(text) and is_masked(by, field, pack)
    return ShownValue(field.key, field.title, masks.masked(field, text) if hidden else text, hidden, warnings)


def stands(by: Actor, key: str, text: str | None, instead: str = "", pack: Pack | None = None) -> ShownValue:
    """A stored text by its field's key as this person may see it."""
    return shown(by, field_of(key, pack), text, pack=pack, instead=instead)


def veiled(by: Actor, key: str, text: str) -> str:
    """A text of a field, by its key, as this person may see it."""
    field = known(key) if text else None
    return shown(by, field, text).text if field is not None else text
