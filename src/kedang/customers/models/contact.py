"""Contact persons of a dossier, and the small keyed index by which a number is found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kedang.customers.models.dossier import Dossier
from kedang.vault.columns import Micros, Sealed, Text, Whole


class Contact(models.Model):
    """A contact person (联系人), or the switchboard when no person is named.

    Name, numbers and mail address are ciphertext under a key of this contact alone: destroying
    that key erases the person everywhere, the ledger included.
    """

    id = Whole(primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    is_main = models.BooleanField(default=True)
    name_ct = Sealed(default=b"")
    post = Text(max_length=100, default="")
    phones_ct = Sealed(default=b"")
    email_ct = Sealed(default=b"")
    extra = Sealed(default=b"")
    """Values beyond those above, as `customers.bags` writes them."""
    removed_us = Micros(default=0)
    """When the contact was taken out of the dossier; 0: it stands."""

    class Meta:
        indexes = (models.Index(fields=("dossier",), name="contact_dossier"),)
        constraints = (
            models.UniqueConstraint(fields=("dossier",), condition=Q(is_main=True), name="contact_one_main"),
        )

    def __str__(self) -> str:
        return f"contact:{self.pk}"


class Tail(models.Model):
    """Blind index entry: fourteen bits over the last four characters, four over the whole value.

    About sixty dossiers in a million share a tail; the value itself is decrypted and compared.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="tails", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = Text(max_length=16)
    tail = models.SmallIntegerField()
    residual = models.SmallIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("kind", "tail", "residual"), name="tail_lookup"),
            models.Index(fields=("dossier",), name="tail_dossier"),
        )

    def __str__(self) -> str:
        return f"{self.kind}:{self.tail}"
