"""Units as a tree, staff with roles and clearance, tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Text

SCOPES = ("own", "unit", "unit_below", "all")


class Unit(models.Model):
    """A unit of the company: the company itself, a branch, a department (单位)."""

    code = Text(max_length=32, unique=True)
    name = Text(max_length=128)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = Text(max_length=512, db_index=True, default="")
    """Ids from the root to this unit, `/1/4/9/`: everything below is a prefix match."""

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this unit."""
        return f"unit:{self.code}"


class StaffManager(BaseUserManager["Staff"]):
    """Staff are made by the operation `people.create` alone; this only finds them."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(username=(username or "").lower())


class Staff(AbstractBaseUser):
    """A person who works here. Rights come from roles, row scope and clearance, never from a flag."""

    username = Text(max_length=64, unique=True)
    name = Text(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff")
    clearance = models.SmallIntegerField(default=1)
    scope = Text(max_length=16, default="unit")
    is_active = models.BooleanField(default=True)
    created_us = Micros()

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("username",)
        constraints = (
            models.CheckConstraint(condition=Q(scope__in=SCOPES), name="staff_scope"),
            models.CheckConstraint(condition=Q(clearance__gte=0, clearance__lte=4), name="staff_clearance"),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this person."""
        return f"staff:{self.username}"

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.name


class StaffRole(models.Model):
    """A role held by a person, since when, by whose grant, until when (0: without end)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="held_roles")
    role = Text(max_length=64)
    granted_by = Text(max_length=64)
    reason = Text(max_length=500, default="")
    since_us = Micros()
    until_us = Micros(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("staff", "role"), name="staff_role_once"),)

    def __str__(self) -> str:
        return self.role


class Token(models.Model):
    """An API token: only its digest is kept; it expires, and can do only the operations it lists."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tokens")
    label = Text(max_length=64)
    digest = Text(max_length=64, unique=True)
    ops = Text(max_length=1000, default="")
    """Operation names separated by spaces; empty: whatever the person may do."""
    created_us = Micros()
    expires_us = Micros()
    revoked_us = Micros(default=0)

    def __str__(self) -> str:
        return f"{self.staff_id}:{self.label}"
