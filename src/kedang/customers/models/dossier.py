"""The dossier of an organisation or a person (客户档案)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kedang.people.models import Staff, Unit
from kedang.vault.columns import Micros, Sealed, Text, Whole

KINDS = ("organisation", "person")
STATES = ("prospect", "retained", "lapsed")


class Dossier(models.Model):
    """One customer. Ids and codes are made by the product, stable and never given twice."""

    id = Whole(primary_key=True)
    code = Text(max_length=16, unique=True)
    kind = Text(max_length=16, default="organisation")
    name = Text(max_length=200)
    name_key = Text(max_length=200)
    short_name = Text(max_length=100, default="")
    english_name = Text(max_length=200, default="")
    credit_code = Text(max_length=32, null=True, unique=True)  # type: ignore[misc] # Text is `str` to mypy
    """None where there is none: the one index then finds codes and keeps them apart on both databases
    (SQLite never uses a partial index for a code it is handed as a parameter)."""
    identity_ct = Sealed(default=b"")
    region = Text(max_length=6, default="")
    address = Text(max_length=300, default="")
    postcode = Text(max_length=6, default="")
    industry = Text(max_length=64, default="")
    org_type = Text(max_length=100, default="")
    registered_on = models.DateField(null=True)
    capital_fen = models.BigIntegerField(null=True)
    capital_currency = Text(max_length=3, default="")
    scale = Text(max_length=32, default="")
    grade = Text(max_length=32, default="")
    business_scope = Text(max_length=8000, default="")
    website = Text(max_length=200, default="")
    source = Text(max_length=100, default="")
    learned_on = models.DateField(null=True)
    note = Text(max_length=2000, default="")
    level = models.SmallIntegerField(default=1)
    state = Text(max_length=16, default="prospect")
    retained_on = models.DateField(null=True)
    """The day it became a retained customer (转化日期), by the transaction that made it one."""
    filed_us = Micros(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    version_no = models.IntegerField(default=1)
    search_text = Text(max_length=2000, default="")
    findings = Text(max_length=1000, default="")
    """Warnings that stay with their values, as `field:rule` separated by spaces."""
    extra = Sealed(default=b"")
    """Values of fields that the regulation adds, as `customers.bags` writes them."""
    removed_us = Micros(default=0)
    """When it was put into the recycle bin; 0: it stands."""
    created_us = Micros()
    updated_us = Micros()

    class Meta:
        indexes = (
            models.Index(
                fields=("-updated_us", "-id", "unit", "level", "owner", "region", "state", "removed_us"),
                name="dossier_updated",
            ),
            models.Index(fields=("unit", "-updated_us", "-id"), name="dossier_unit"),
            models.Index(fields=("owner", "-updated_us", "-id"), name="dossier_owner"),
            models.Index(fields=("name_key",), name="dossier_name_key"),
            models.Index(fields=("region", "-updated_us"), name="dossier_region"),
            models.Index(fields=("-removed_us", "-id"), name="dossier_removed", condition=Q(removed_us__gt=0)),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(credit_code=""), name="dossier_credit_code_or_none"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="dossier_kind"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="dossier_state"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="dossier_level"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def ref(self) -> str:
        """How calls, ledger entries and links name this dossier."""
        return f"dossier:{self.code}"

    @property
    def standing(self) -> str:
        """What a pack calls the state: filed dossiers are read-only whatever their lifecycle class."""
        return "filed" if self.filed_us else self.state
