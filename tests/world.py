"""The people of the tests: one company, two branches, and somebody in every office."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kedang.customers.payloads import AmendDossier, OpenDossier
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Payload
from kedang.packs.services import found
from kedang.people.actors import staff_actor
from kedang.people.models import Staff, StaffRole, Unit

#            username     role               unit  clearance scope
STAFF = (
    ("sysop", "system_officer", "HQ", 0, "all"),
    ("secop", "security_officer", "HQ", 0, "all"),
    ("auditor", "auditor", "HQ", 0, "all"),
    ("archivist", "archivist", "HQ", 4, "all"),
    ("boss", "executive", "HQ", 4, "all"),
    ("head", "reviewer", "XA", 3, "unit_below"),
    ("clerk", "entry_clerk", "XA", 2, "unit"),
    ("manager", "account_manager", "XA", 2, "own"),
    ("query", "query_clerk", "XA", 1, "unit_below"),
    ("stranger", "entry_clerk", "BJ", 2, "unit"),
)
PLAIN = Path(__file__).with_name("packs") / "plain.yaml"
"""A regulation without a signature anywhere, for tests of everything else."""
GOOD_CODE = "91350100M000100Y43"


@dataclass
class World:
    """Named people and shortcuts to act as them."""

    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The rights of a named person, of this moment."""
        return staff_actor(name, "test")

    def open(self, name: str, by: str = "clerk", **values: str) -> str:
        """Open a dossier and return its code; `contact_phones` stands for `contact.phones`."""
        keyed = {key.replace("contact_", "contact."): text for key, text in values.items()}
        call = perform(
            "customer.open",
            by=self.actor(by),
            subject="-",
            payload=OpenDossier(values={"name": name, **keyed}),
            key=None,
        )
        return str(call.outcome["code"])

    def amend(self, code: str, by: str = "clerk", reason: str = "客户来电更正", **values: str) -> Call:
        """Change a dossier."""
        keyed = {key.replace("contact_", "contact."): text for key, text in values.items()}
        return perform(
            "customer.amend",
            by=self.actor(by),
            subject=f"dossier:{code}",
            payload=AmendDossier(values=keyed),
            reason=reason,
        )

    def do(self, op: str, subject: str, payload: Payload, by: str = "clerk", reason: str = "") -> Call:
        """Perform anything."""
        return perform(op, by=self.actor(by), subject=subject, payload=payload, reason=reason)


def make_world(source: bytes = b"") -> World:
    """Found the company on the plain pack, or another with the same roles, and seat everybody."""
    found("plain", by="sysop", source=source or PLAIN.read_bytes())
    world = World()
    _unit(world, "HQ", None)
    _unit(world, "XA", "HQ")
    _unit(world, "BJ", "HQ")
    for username, role, unit, clearance, scope in STAFF:
        staff = Staff(
            username=username, name=username.title(), unit=world.units[unit], clearance=clearance, scope=scope,
            created_us=clock.now_us(),
        )  # fmt: skip
        staff.set_unusable_password()
        staff.save()
        StaffRole.objects.create(staff=staff, role=role, granted_by="sysop", since_us=clock.now_us())
        world.staff[username] = staff
    return world


def _unit(world: World, code: str, parent: str | None) -> None:
    above = world.units[parent] if parent else None
    unit = Unit.objects.create(code=code, name=code, parent=above)
    unit.path = f"{above.path if above else '/'}{unit.pk}/"
    unit.save()
    world.units[code] = unit
