"""Units as a tree, staff with roles, posts and clearance, who stands in for whom, grants, undertakings, tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kedang.people import halves
from kedang.vault.columns import Micros, Text, Whole

SCOPES = ("own", "unit", "unit_below", "all")
UNIT_KINDS = ("company", "branch", "department", "team", "outside")


class Unit(models.Model):
    """A unit of the company: the company itself, a branch, a department (单位)."""

    code = Text(max_length=32, unique=True)
    name = Text(max_length=128)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = Text(max_length=512, db_index=True, default="")
    """Ids from the root to this unit, `/1/4/9/`: everything below is a prefix match."""
    kind = Text(max_length=16, default="department")
    lead = models.BooleanField(default=False)
    """The lead department of its branch or of the company (归口、牵头)."""

    class Meta:
        ordering = ("path",)
        constraints = (models.CheckConstraint(condition=Q(kind__in=UNIT_KINDS), name="unit_kind"),)

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
    second_half = Text(max_length=128, default="")
    """Hash of the other half of a password that two officers set for this person; empty otherwise."""
    reset_by = Text(max_length=200, default="")
    """Who set which half of such a password, `first` or `first second`; the person's own change empties it."""

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

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, or both halves where two officers set it."""
        if halves.is_set_by_others(self):
            return halves.matches(self, raw_password or "")
        return super().check_password(raw_password)

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


class Appointment(models.Model):
    """A post held by a person in a unit (任职). The holder signs by it; rights to read come from roles alone."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="appointments")
    post = Text(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    since_us = Micros()
    until_us = Micros(default=0)
    """0: without end; dismissing sets it."""
    appointed_by = Text(max_length=64, default="")

    class Meta:
        indexes = (models.Index(fields=("post", "unit"), name="appointment_post"),)

    def __str__(self) -> str:
        return f"{self.post}:{self.staff_id}"


class Delegation(models.Model):
    """Somebody signs in another's place from one instant to another (代理); roles and reading do not pass on."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="deputyships")
    from_us = Micros()
    until_us = Micros()
    reason = Text(max_length=500, default="")
    revoked_us = Micros(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_us__gt=F("from_us")), name="delegation_ends"),
            models.CheckConstraint(condition=~Q(staff=F("deputy")), name="delegation_to_another"),
        )

    def __str__(self) -> str:
        return f"{self.staff_id}:{self.deputy_id}"


class Grant(models.Model):
    """The right of one person to read one dossier for a time (查阅授权), given by a deed that is done."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="grants")
    subject = Text(max_length=128)
    subject_id = Whole()
    """The dossier's number, for the restricted read."""
    purpose = Text(max_length=200, default="")
    since_us = Micros()
    until_us = Micros()
    clear = models.BooleanField(default=False)
    """Masked fields may be revealed too."""
    call = Whole(default=0)
    """The call that gave it."""
    revoked_us = Micros(default=0)

    class Meta:
        indexes = (models.Index(fields=("staff", "until_us"), name="grant_in_force"),)

    def __str__(self) -> str:
        return f"{self.staff_id}:{self.subject}"


class Undertaken(models.Model):
    """A sentence of the regulation that a person signed (承诺): which wording, when, until when."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="undertaken")
    name = Text(max_length=64)
    text_digest = Text(max_length=64)
    signed_us = Micros()
    until_us = Micros(default=0)
    """0: for good."""
    call = Whole(default=0)

    def __str__(self) -> str:
        return f"{self.staff_id}:{self.name}"


class Handover(models.Model):
    """What a person who left or moved on handed over, to whom, and what they declared to have kept."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="handovers")
    successors = Text(max_length=2000)
    """`kind:username` separated by spaces."""
    declaration = Text(max_length=2000)
    """What the person says about data kept personally, word for word."""
    held = Text(max_length=4000)
    """`kind:count` separated by spaces, as it was when the handover began."""
    moved_to = Text(max_length=32, default="")
    """The unit a transferred person goes to; empty for who leaves."""
    begun_us = Micros()
    done_us = Micros(default=0)
    call = Whole(unique=True)

    def __str__(self) -> str:
        return f"handover:{self.pk}"


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
