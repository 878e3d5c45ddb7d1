"""Where each value came from, who checked it, and what a person agreed to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kedang.customers.models.contact import Contact
from kedang.customers.models.dossier import Dossier
from kedang.vault.columns import Micros, Sealed, Text

SLOT = 80


class Origin(models.Model):
    """What is known of the coming of one value: rows are added, never changed; the newest of a slot holds.

    `slot` names the value inside its dossier: `name`, `contact#7.birthday`, `contract#3.amount`; the main contact is
    named by its number too, because another may lead tomorrow. The empty slot speaks for all values that an import
    opened the dossier with.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="origins", db_index=False)
    slot = Text(max_length=SLOT)
    source = Text(max_length=64, default="")
    """The way it came by, one of the regulation's sources."""
    learned_us = Micros(default=0)
    """When the company learned it; 0: not said."""
    supplier_ct = Sealed(default=b"")
    """Who supplied it; sealed, because that may be a person outside."""
    supplied_by = Text(max_length=64, default="")
    """The colleague who supplied it, by username."""
    evidence = Text(max_length=200, default="")
    basis = Text(max_length=32, default="")
    """The legal basis, as in the regulation's purposes."""
    purpose = Text(max_length=64, default="")
    version_no = models.IntegerField(default=1)
    """The version of the dossier in which the value came to stand."""
    at_us = Micros()
    by_ref = Text(max_length=64)
    call = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("dossier", "slot", "-at_us"), name="origin_slot"),)

    def __str__(self) -> str:
        return f"{self.slot} {self.source}"


class Verification(models.Model):
    """Somebody compared a value with an original or an official source; added, never changed."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="verifications", db_index=False)
    slot = Text(max_length=SLOT)
    method = Text(max_length=64)
    document = Text(max_length=200, default="")
    verdict = Text(max_length=16, default="right")
    version_no = models.IntegerField()
    """The version of the dossier it was found right in; a later change of the value leaves it unverified."""
    on_us = Micros()
    """The day it was compared."""
    at_us = Micros()
    by_ref = Text(max_length=64)
    call = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=("right", "wrong", "missing", "outdated")), name="verification_verdict"
            ),
        )
        indexes = (models.Index(fields=("dossier", "slot", "-at_us"), name="verification_slot"),)

    def __str__(self) -> str:
        return f"{self.slot} {self.verdict}"


class Consent(models.Model):
    """A person agreed to a purpose (个人信息保护法第十四条、第二十九条); withdrawing closes it, nothing is deleted."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consents", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The person; none: the natural person the dossier is about."""
    purpose = Text(max_length=64)
    method = Text(max_length=64, default="")
    evidence = Text(max_length=200, default="")
    text_digest = Text(max_length=64, default="")
    """SHA-256 of the notice the person was told."""
    given_us = Micros()
    until_us = Micros(default=0)
    """0: until withdrawn."""
    withdrawn_us = Micros(default=0)
    by_ref = Text(max_length=64)
    call = models.BigIntegerField(default=0)
    ended_call = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("dossier", "purpose", "-given_us"), name="consent_purpose"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_us}"
