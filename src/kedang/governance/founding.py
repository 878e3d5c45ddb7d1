"""The founding of a site: its tables, its first regulation, its first account; on record as the founding act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from kedang import ledger
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.ledger.roles import grant_app_role
from kedang.packs import in_force
from kedang.packs import services as packs
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions
from kedang.people import seating, units
from kedang.people.models import Staff, StaffRole
from kedang.people.seating import Seat

ALIASES = ("default", "looks", "keys")
FOUNDER = "system:founding"
REASON = "founding act"
OFFICES = (("people.create", "system"), ("people.grant", "security"))
"""Who may do these holds the first account's two offices, until a second person takes one over."""


def is_founded() -> bool:
    """Whether a regulation was ever put in force here; False where there are no tables yet."""
    try:
        return versions().exists()
    except DatabaseError:
        return False


def vendor() -> str:
    """`sqlite` or `postgresql`."""
    return str(connections["default"].vendor)


def pending_migrations() -> list[str]:
    """Migrations that this program has and the databases do not, as `alias:app.name`."""
    pending: list[str] = []
    for alias in ALIASES:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        pending += [f"{alias}:{migration.app_label}.{migration.name}" for migration, _ in plan]
    return pending


def migrate() -> None:
    """Bring the three databases up to date, as the role that owns the tables where one is given."""
    with _as_owner():
        _make_schemas()
        for alias in ALIASES:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        call_command("createcachetable", database="default", verbosity=0)
        _grant()


def found(
    pack: str, admin: str, *, password_hash: str, company: str, credential: str, name: str = "",
    people: Sequence[Seat] = (),
) -> Staff:  # fmt: skip
    """Put the first pack in force and seat the first account; raises Refused(state) when that was done before.

    `KeyError` names a pack that is not shipped. The units are those the regulation describes. The founder holds
    the offices that create accounts and that grant roles, and no post; the regulation lets nobody hold both
    for long, and `doctor` says so until they part. `people` are seated in the same act, so that flows have
    somebody to sign; Refused(invalid) where a role, post or unit is unknown or roles exclude each other.
    """
    with transaction.atomic():
        if Staff.objects.exists():
            raise Refused("state", detail=N_("This site is founded already; adopt a new edition instead."))
        packs.found(pack, by=admin)
        staff = _seat(admin, name or admin, password_hash, company)
        _record(staff, in_force(), credential)
        for seat in people:
            body = seating.seat(in_force(), seat, by=FOUNDER, reason=REASON)
            _enter("site.seat", f"staff:{seat.username.lower()}", body, credential)
    return staff


def _seat(admin: str, name: str, password_hash: str, company: str) -> Staff:
    now = clock.now_us()
    unit = units.build(in_force(), company)
    staff = Staff(username=admin.lower(), name=name, unit=unit, clearance=0, scope="own", created_us=now)
    staff.password = password_hash
    staff.save(force_insert=True)
    for role in _offices(in_force()):
        StaffRole.objects.create(staff=staff, role=role, granted_by=FOUNDER, reason=REASON, since_us=now)
    return staff


def _offices(pack: Pack) -> list[str]:
    held = [_office(pack, *each) for each in OFFICES]
    if not all(held):
        raise Refused("state", detail=N_("This regulation names no role that creates accounts or grants roles."))
    return sorted(set(held))


def _office(pack: Pack, operation: str, office: str) -> str:
    """The role that does it: the one the regulation calls that office, else the first by name."""
    able = sorted(pack.operations[operation].who & pack.role_codes)
    named = [code for code in able if pack.roles[code].office == office]
    return next(iter((*named, *able)), "")


def _record(staff: Staff, pack: Pack, credential: str) -> None:
    stored = versions().get(version=pack.version)
    body = {"pack": pack.version, "digest": stored.digest, "admin": staff.username, "roles": _offices(pack)}
    _enter("site.found", f"staff:{staff.username}", body, credential)


def _enter(op: str, subject: str, body: dict[str, Any], credential: str) -> None:
    by = Actor(id=FOUNDER, credential=credential)
    deed = Deed(call=0, op=op, actor=by, at_us=clock.now_us(), pack_version=in_force().version)
    ledger.append(deed, op, subject=subject, body=body)


def _make_schemas() -> None:
    for alias in ALIASES:
        connection = connections[alias]
        schema = _schema_of(connection)
        if connection.vendor == "postgresql" and schema != "public":
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema)}")


def _schema_of(connection: Any) -> str:
    options = str(connection.settings_dict.get("OPTIONS", {}).get("options", ""))
    return options.partition("search_path=")[2].partition(" ")[0] or "public"


def _grant() -> None:
    """Give the role of the application what it needs and no more, where another role owns the tables."""
    application = settings.DATABASES["default"].get("USER", "")
    connection = connections["default"]
    if connection.vendor == "postgresql" and application != connection.settings_dict["USER"]:
        with connection.cursor() as cursor:
            grant_app_role(cursor, application)


@contextmanager
def _as_owner() -> Iterator[None]:
    """Let the aliases mean the owner's connection meanwhile; no change where none is declared."""
    owner = settings.KEDANG_DATABASE_OWNER_URL
    if not owner or owner == settings.KEDANG_DATABASE_URL:
        yield
        return
    before = {alias: connections[alias].settings_dict for alias in ALIASES}
    try:
        _point({alias: {**before[alias], **settings.OWNER_DATABASES[alias]} for alias in ALIASES})
        yield
    finally:
        _point(before)


def _point(settings_of: dict[str, dict[str, Any]]) -> None:
    for alias, chosen in settings_of.items():
        connections[alias].close()
        connections[alias].settings_dict = chosen
