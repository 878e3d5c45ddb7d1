"""A whole company for a real pack: its units, somebody in every role and post, seated without going through flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kedang.customers.payloads import OpenDossier
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Payload
from kedang.packs import in_force
from kedang.packs.schema import Pack, Role
from kedang.packs.services import found
from kedang.packs.shipped import list_shipped
from kedang.people import units
from kedang.people.actors import staff_actor
from kedang.people.models import Appointment, Staff, StaffRole, Unit

PLAIN = Path(__file__).with_name("packs") / "plain.yaml"
FOUNDER = "founder"
BRANCHES = (("XA", "西安分公司"), ("BJ", "北京分公司"))
ENTRY = ("customer.open", "customer.amend")


@dataclass
class Company:
    """The people of a founded company by name, and shortcuts to act as them.

    Usernames: a role's first holder is called like the role (`archivist`, `legal_officer`), the second clerk
    `clerk_two`; a holder of a post whose roles nobody has is called `post_<post>_<unit id>`.
    """

    pack: Pack
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """The rights of a named person, of this moment."""
        return staff_actor(username, "test")

    def unit(self, code: str = "") -> Unit:
        """A unit by code, the company itself without one."""
        root = units.root()
        assert root is not None
        return self.units[code] if code else root

    def holder(self, name: str, unit: str | None = None) -> str:
        """The username of the first holder of a post or a role, at a unit where one is named.

        `KeyError` where nobody is.
        """
        now = clock.now_us()
        posts = Appointment.objects.filter(post=name, until_us=0, staff__is_active=True)
        roles = StaffRole.objects.filter(role=name, staff__is_active=True).exclude(until_us__range=(1, now))
        if unit is not None:
            posts, roles = posts.filter(unit__code=unit), roles.filter(staff__unit__code=unit)
        for rows in (posts, roles):
            username = rows.order_by("pk").values_list("staff__username", flat=True).first()
            if username:
                return str(username)
        raise KeyError(f"nobody is {name} at {unit or 'the company'}")

    @property
    def clerk(self) -> str:
        """The role, and so the username, of those who open dossiers and decide least; empty where nobody does."""
        files, scopes = _who(self, "customer.file"), ("own", "unit", "unit_below", "all")
        able = [code for code in self.pack.roles if all(code in _who(self, op) for op in ENTRY)]

        def rank(code: str) -> tuple[bool, int, int]:
            role = self.pack.role(code)
            return code in files, scopes.index(role.max_scope), int(role.max_clearance)

        return min(able, key=rank, default="")

    def who_may(self, operation: str, *, but: Iterable[str] = ()) -> str:
        """The username of somebody whose role the regulation allows an operation; `KeyError` where nobody is."""
        said, left_out = self.pack.operations[operation], set(but)
        for username in self.staff:
            roles = self.actor(username).roles
            if username not in left_out and roles & said.who and not roles & said.not_for:
                return username
        raise KeyError(f"nobody may {operation}")

    def do(
        self, op: str, subject: str, payload: Payload | None = None, *, by: str, reason: str = "依制度办理",
        form: Mapping[str, Any] | None = None, **given: Any,
    ) -> Call:  # fmt: skip
        """Perform anything; without a payload it is a matter of the company's own."""
        if form is not None:
            given["form"] = form
        if payload is None:
            payload = _matter()
        return perform(op, by=self.actor(by), subject=subject, payload=payload, reason=reason, **given)

    def open(self, name: str, by: str, **values: str) -> Call:
        """Ask for a dossier to be opened; `contact_phones` stands for `contact.phones`."""
        keyed = {key.replace("contact_", "contact."): text for key, text in values.items()}
        return self.do("customer.open", "-", OpenDossier(values={"name": name, **keyed}), by=by)

    def hire(self, username: str, unit: str = "", *roles: str, name: str = "") -> Staff:
        """One more person with the widest rights the roles carry."""
        said = [self.pack.role(role) for role in roles]
        staff = _person(username, name or username, self.unit(unit), said)
        for role in roles:
            StaffRole.objects.create(staff=staff, role=role, granted_by=FOUNDER, since_us=clock.now_us())
        self.staff[username] = staff
        return staff

    def appoint(self, username: str, post: str, unit: str = "") -> Appointment:
        """Seat a person in a post."""
        return Appointment.objects.create(
            staff=self.staff[username], post=post, unit=self.unit(unit), since_us=clock.now_us(), appointed_by=FOUNDER
        )


def make_company(pack: str | bytes = "records") -> Company:
    """Found a shipped pack (by file name or name), `plain`, or the given YAML source, and seat a whole company."""
    _found(pack)
    company = Company(in_force())
    _build_units(company)
    for code, role in company.pack.roles.items():
        company.hire(code, _home(company, role), code, name=role.title)
    _second_clerk(company)
    _fill_posts(company)
    return company


def _found(pack: str | bytes) -> None:
    if isinstance(pack, bytes):
        found("given", by=FOUNDER, source=pack)
    elif pack == "plain":
        found("plain", by=FOUNDER, source=PLAIN.read_bytes())
    else:
        names = (pack, pack.replace("_", "-"), pack.replace("-", "_"))
        found(next((name for name in names if name in list_shipped()), pack), by=FOUNDER)


def _matter() -> Payload:
    from kedang.governance.registers.matters import Matter  # noqa: PLC0415 - a room that only matters need

    return Matter()


def _build_units(company: Company) -> None:
    """The regulation's units as founding makes them, or two branches where it describes none."""
    top = units.build(company.pack, "总公司")
    if not company.pack.units:
        for code, title in BRANCHES:
            units.add(code, title, top, kind="branch")
    company.units.update({unit.code: unit for unit in Unit.objects.order_by("path")})


def _home(company: Company, role: Role) -> str:
    """Where somebody of a role sits: what reaches everything and the offices at the top, the rest in a branch."""
    if role.max_scope == "all" or not role.content:
        return company.unit().code
    return _branch(company).code


def _branch(company: Company) -> Unit:
    """The unit where the work is done: the first branch, else the first department, else the company."""
    for kind in ("branch", "department"):
        for unit in company.units.values():
            if unit.kind == kind and unit.parent_id is not None:
                return unit
    return company.unit()


def _person(username: str, name: str, unit: Unit, roles: list[Role]) -> Staff:
    widest = max((role.max_scope for role in roles), key=("own", "unit", "unit_below", "all").index, default="own")
    highest = max((int(role.max_clearance) for role in roles), default=0)
    staff = Staff(
        username=username, name=name, unit=unit, clearance=highest, scope=widest, created_us=clock.now_us()
    )  # fmt: skip
    staff.set_unusable_password()
    staff.save(force_insert=True)
    return staff


def _second_clerk(company: Company) -> None:
    """Somebody else who may open dossiers: for everything that two people do to each other."""
    if company.clerk:
        company.hire("clerk_two", company.staff[company.clerk].unit.code, company.clerk)


def _who(company: Company, op: str) -> frozenset[str]:
    said = company.pack.operations.get(op)
    return said.who - said.not_for if said else frozenset()


def _fill_posts(company: Company) -> None:
    """Every post has its holders in every unit that has the post; one person holds one post."""
    busy: set[str] = set()
    for code, post in company.pack.posts.items():
        for unit in units.seats_of(post.per, post.unit):
            for _ in range(max(post.least, 1)):
                username = _candidate(company, unit, post.roles, busy) or _new_holder(company, code, unit, post.roles)
                busy.add(username)
                company.appoint(username, code, unit.code)


def _candidate(company: Company, unit: Unit, roles: frozenset[str], busy: set[str]) -> str | None:
    """Somebody without a post who has exactly the post's roles and belongs to that unit, or is moved there."""
    for username, staff in company.staff.items():
        held = set(staff.held_roles.values_list("role", flat=True))
        if username in busy or username == "clerk_two" or not roles or held != roles:
            continue
        if staff.unit_id != unit.pk:
            Staff.objects.filter(pk=staff.pk).update(unit=unit)
            staff.refresh_from_db()
        return username
    return None


def _new_holder(company: Company, post: str, unit: Unit, roles: frozenset[str]) -> str:
    title = company.pack.posts[post].title
    held = () if company.pack.conflicts(roles) else tuple(sorted(roles))
    username = f"post_{post}_{unit.pk}"[:64]
    company.hire(username, unit.code, *held, name=title[:64])
    return username
