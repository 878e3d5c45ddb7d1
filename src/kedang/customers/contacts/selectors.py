"""Which contacts stand in a dossier: the main one first, the others in the order they came."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from kedang.customers.models import Contact, Dossier
from kedang.customers.selectors import dossier_by_code
from kedang.customers.slots import CONTACT, holder_of
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible

_REF = re.compile(r"contact:([A-Za-z0-9]{1,16})/([1-9]\d{0,17})")


@dataclass(slots=True)
class Held:
    """A contact with the dossier it belongs to: what a deed on a contact is about."""

    dossier: Dossier
    contact: Contact

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this contact."""
        return contact_subject(self.dossier.code, self.contact.pk)

    @property
    def slot(self) -> str:
        """How versions, origins and attachments of the dossier name this contact."""
        return holder_of(CONTACT, self.contact.pk)

    @property
    def owner(self) -> object:
        """The first responsible person of the dossier."""
        return self.dossier.owner


def contact_subject(code: str, number: int) -> str:
    """The subject of a deed on a contact: `contact:C00000001X/7`."""
    return f"contact:{code}/{number}"


def held(by: Actor, subject: str, *, lock: bool = False) -> Held:
    """A standing contact by its subject, in a dossier this person may see; NotVisible otherwise."""
    named = _REF.fullmatch(subject)
    if named is None:
        raise NotVisible(subject)
    dossier = dossier_by_code(by, named[1], lock=lock)
    contact = Contact.objects.filter(dossier=dossier, pk=int(named[2]), removed_us=0).first()
    if contact is None:
        raise NotVisible(subject)
    return Held(dossier, contact)


def standing(dossier: Dossier) -> QuerySet[Contact]:
    """Contacts that were not taken out; the main one first."""
    return Contact.objects.filter(dossier=dossier, removed_us=0).order_by("-is_main", "pk")
