"""Real databases for the tests: one migrated template per server, one committed copy per test.

Nothing is wrapped in a transaction that is rolled back afterwards: code under test commits, opens
second connections and starts processes as it does in production. The append-only triggers of the
ledger refuse a flush, so a test never cleans up after itself; its copy is thrown away.
"""

from __future__ import annotations

import atexit
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from kedang.config.env import database

ALIASES = ("default", "looks", "keys")
SCHEMAS = ("kedang_looks", "kedang_keys")
ROOMY = 4 << 30
"""Bytes that must be free in memory to work there."""


class NoServer(RuntimeError):
    """The PostgreSQL server binaries are not on this machine."""


@dataclass(frozen=True, slots=True)
class Site:
    """One installation under test: its home, its database address, and how to start a process in it."""

    vendor: str
    home: Path
    url: str
    """`KEDANG_DATABASE_URL` of this site; empty for SQLite in the home."""
    template: Template = field(repr=False)

    def environ(self) -> dict[str, str]:
        """The environment of a child process (`kedang …`) that shall work on this site."""
        return os.environ | _environment(self.home, self.url)

    def app_role(self, name: str = "app") -> str:
        """Create a login role without any right but to connect, and return its database URL.

        PostgreSQL only. Tests of the product's grants connect with it; it goes with the site.
        """
        if not isinstance(self.template, PostgresTemplate):
            raise TypeError("SQLite has no roles")
        return self.template.cluster.create_role(f"{name}_{database_name(self.url)}", database_name(self.url))


class Template(Protocol):
    """A migrated database that copies of are made for tests."""

    vendor: str
    home: Path

    def copy(self, home: Path) -> str:
        """Make a copy for the home, which has no folder yet, and return its database URL."""

    def drop(self, url: str) -> None:
        """Throw a copy away."""


class SqliteTemplate:
    """Three files in a home; a copy of the home is a copy of the site."""

    vendor = "sqlite"

    def __init__(self, home: Path) -> None:
        self.home = home
        build(home, "")
        for alias in ALIASES:
            path = database("", home)[alias]["NAME"]
            if Path(f"{path}-wal").exists():
                raise RuntimeError(f"{path} was not checkpointed: a connection is still open")

    def copy(self, home: Path) -> str:
        shutil.copytree(self.home, home)
        return ""

    def drop(self, url: str) -> None:
        """The home goes with pytest's temporary folder."""


class PostgresTemplate:
    """One database with three schemas; the server itself makes the copies."""

    vendor = "postgresql"

    def __init__(self, home: Path, cluster: Cluster) -> None:
        self.home = home
        self.cluster = cluster
        self.numbers = itertools.count(1)
        cluster.execute("CREATE DATABASE base")
        build(home, cluster.url("base"))

    def copy(self, home: Path) -> str:
        shutil.copytree(self.home, home)
        name = f"site{next(self.numbers)}"
        # Copying files takes 20 ms in memory; the default way, through the log, twice as long.
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE base STRATEGY FILE_COPY")
        return self.cluster.url(name)

    def drop(self, url: str) -> None:
        self.cluster.execute(f"DROP DATABASE {database_name(url)} WITH (FORCE)")
        self.cluster.drop_roles()


class Cluster:
    """A private PostgreSQL server on a unix socket, without fsync, run by an unprivileged user.

    The default collation is ICU's Chinese one, as on a company's server and unlike SQLite's, so that
    a query that forgets its collation is found out.
    """

    def __init__(self) -> None:
        self.bin = _server_binaries()
        self.user = _unprivileged_user()
        # A socket address has 107 bytes at most and the server's user must get there: no pytest folder.
        self.folder = Path(tempfile.mkdtemp(prefix="kedang-pg-", dir=fast_folder()))
        self.roles: list[str] = []
        if self.user:
            shutil.chown(self.folder, self.user)
        atexit.register(self.stop)
        self._make()
        self.server = self._start()

    def url(self, name: str, role: str = "kedang") -> str:
        """The `postgresql://` address of one database of this server."""
        return f"postgresql://{role}@{quote(str(self.folder), safe='')}:5432/{name}"

    def execute(self, statement: str, *, database: str = "postgres") -> None:
        """Run one statement as the superuser, outside any transaction."""
        with psycopg.connect(self._conninfo(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create_role(self, role: str, database: str) -> str:
        """A login role that may reach the database and its schemas, but no table; returns its URL."""
        name = sql.Identifier(role)
        schemas = sql.SQL(", ").join(map(sql.Identifier, ("public", *SCHEMAS)))
        with psycopg.connect(self._conninfo(database), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER").format(name))
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schemas, name))
        self.roles.append(role)
        return self.url(database, role)

    def drop_roles(self) -> None:
        """Remove the roles of a dropped database."""
        while self.roles:
            self.execute(f'DROP ROLE IF EXISTS "{self.roles.pop()}"')

    def stop(self) -> None:
        """Stop the server at once and remove its files; harmless when it does not run."""
        server = getattr(self, "server", None)
        if server is not None and server.poll() is None:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.send_signal(3)  # SIGQUIT: immediate shutdown
                server.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _conninfo(self, database: str) -> str:
        return f"host={self.folder} port=5432 user=kedang dbname={database}"

    def _make(self) -> None:
        common = ["-D", str(self.folder / "data"), "-U", "kedang", "-A", "trust", "-E", "UTF8", "--no-sync"]
        chinese = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-Hans-CN"]
        plain = ["--locale=C"]
        for locale in (chinese, plain):  # a server built without ICU still serves
            made = self._run([str(self.bin / "initdb"), *common, *locale])
            if made.returncode == 0:
                return
            shutil.rmtree(self.folder / "data", ignore_errors=True)
        raise RuntimeError(f"initdb failed: {made.stderr}")

    def _start(self) -> subprocess.Popen[str]:
        options = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "80",
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "on",
            "wal_level": "minimal", "max_wal_senders": "0", "shared_buffers": "64MB", "jit": "off",
        }  # fmt: skip
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", "5432"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        log = (self.folder / "log").open("w", encoding="utf-8")
        server = subprocess.Popen(  # noqa: S603 - our own command line
            self._dies_with_us(command), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            cwd="/", env=self._environ(), text=True,
        )  # fmt: skip
        self._wait(server)
        return server

    def _wait(self, server: subprocess.Popen[str]) -> None:
        for _ in range(600):
            if server.poll() is not None:
                break
            try:
                psycopg.connect(self._conninfo("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text(encoding="utf-8")[-2000:])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            self._dies_with_us(command), capture_output=True, text=True, stdin=subprocess.DEVNULL,
            cwd="/", env=self._environ(), check=False,
        )  # fmt: skip

    def _environ(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return inherited | {"LC_ALL": "C.UTF-8", "HOME": "/"}

    def _dies_with_us(self, command: list[str]) -> list[str]:
        """Give up root, and end with the test process even when that is killed."""
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            return ["runuser", "-u", self.user, "--", *command] if self.user else command
        drop = [f"--reuid={self.user}", f"--regid={_group(self.user)}", "--clear-groups"] if self.user else []
        return [setpriv, "--pdeathsig=QUIT", *drop, "--", *command]


def fast_folder() -> Path:
    """Where throw-away databases live: in memory where there is room, as each commit syncs its file.

    Homes and servers on a slow disk cost a hundred times as much per commit; nothing here has to
    survive a power cut, and a killed process loses nothing of it.
    """
    memory = Path("/dev/shm")  # noqa: S108 - names below it are made unique by mkdtemp
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY:
        return memory
    return Path("/tmp")  # noqa: S108 - as above


def database_name(url: str) -> str:
    """The database of a `postgresql://` address."""
    return url.rsplit("/", 1)[1]


def build(home: Path, url: str) -> None:
    """Migrate the three databases of a new site, by the product's own road."""
    from kedang.governance.founding import migrate  # noqa: PLC0415 - models exist only after django.setup()

    (home / "keys").mkdir(parents=True, mode=0o700)
    (home / "keys" / "site.secret").touch(mode=0o600)
    (home / "keys" / "site.secret").write_text(settings.SECRET_KEY, encoding="ascii")
    with pointed_at(home, url):
        migrate()


@contextmanager
def copy_of(template: Template, home: Path) -> Iterator[Site]:
    """A committed copy of the template, with the whole process pointed at it while it lasts."""
    url = template.copy(home)
    try:
        with pointed_at(home, url):
            yield Site(template.vendor, home, url, template)
    finally:
        template.drop(url)


@contextmanager
def pointed_at(home: Path, url: str) -> Iterator[None]:
    """Settings, environment and the three aliases name this site; afterwards no database at all."""
    before = {name: os.environ.get(name) for name in _environment(home, url)}
    previous = settings.KEDANG_HOME
    os.environ.update(_environment(home, url))
    settings.KEDANG_HOME = home
    settings.KEDANG_DATABASE_URL = settings.KEDANG_DATABASE_OWNER_URL = url
    point(database(url, home))
    try:
        yield
    finally:
        point_nowhere()
        settings.KEDANG_HOME = previous
        settings.KEDANG_DATABASE_URL = settings.KEDANG_DATABASE_OWNER_URL = ""
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def point(databases: dict[str, dict[str, object]]) -> None:
    """Let Django's aliases mean these databases, in this and every later thread."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        del connections[connection.alias]
    settings.DATABASES = databases
    connections.settings = connections.configure_settings(databases)
    if apps.ready:
        apps.get_model("contenttypes", "ContentType").objects.clear_cache()


def point_nowhere() -> None:
    """A test that uses a database without asking for `site` fails instead of touching another's."""
    point({alias: {"ENGINE": "django.db.backends.dummy"} for alias in ALIASES})


def _environment(home: Path, url: str) -> dict[str, str]:
    return {"KEDANG_HOME": str(home), "KEDANG_DATABASE_URL": url, "KEDANG_DATABASE_OWNER_URL": url}


def _server_binaries() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    for folder in [*reversed(installed), *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer("PostgreSQL's initdb and postgres were not found")


def _unprivileged_user() -> str:
    """The user to run the server as: empty for ourselves, which the server refuses when we are root."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid
