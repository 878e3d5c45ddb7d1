"""Fixtures every test may ask for. `site` is the one that matters: a real installation, on each database."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from tests import databases

if TYPE_CHECKING:
    from tests.company import Company
    from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"
NO_SHARED_DATA = "shared test data is not here"
MONDAY_MORNING = datetime.fromisoformat("2026-03-02T09:00:00+08:00")

_started: list[Path] = []
_setup_error: list[BaseException] = []


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up in a home of this process before any test module is imported."""
    home = Path(tempfile.mkdtemp(prefix="kedang-tests-"))
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(databases.fast_folder()))
    _started.append(home)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="kedang.config.settings",
        KEDANG_HOME=str(home),
        KEDANG_DATABASE_URL="",
        KEDANG_DATABASE_OWNER_URL="",
    )
    hypothesis.settings.register_profile("kedang", deadline=None, derandomize=IN_CI, print_blob=True)
    hypothesis.settings.load_profile("kedang")
    try:
        django.setup()
    except Exception as error:  # a broken room must not hide the tests of the plain ones; `site` raises it
        _setup_error.append(error)
    databases.point_nowhere()
    if os.environ.get("KEDANG_WITHOUT_CONTROL"):
        from tests import mutation  # noqa: PLC0415 - rooms can be imported only after django.setup()

        mutation.from_environ()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no home behind."""
    for home in _started:
        shutil.rmtree(home, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses `site` on both databases, or on those its `database` mark names.

    `KEDANG_TEST_DATABASES=sqlite` narrows a run by hand.
    """
    if "site" not in metafunc.fixturenames:
        return
    chosen = os.environ.get("KEDANG_TEST_DATABASES", "sqlite postgresql").replace(",", " ").split()
    for mark in metafunc.definition.iter_markers("database"):
        chosen = [vendor for vendor in chosen if vendor in mark.args]
    metafunc.parametrize("site", chosen, indirect=True, ids=chosen)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In CI a skipped test is a failed one; only the optional shared data may be absent."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail") and NO_SHARED_DATA not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def template_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], databases.Template]]:
    """Give the migrated template of a database, made when the first test asks for it."""
    if _setup_error:
        raise _setup_error[0]
    made: dict[str, databases.Template | Exception] = {}
    clusters: list[databases.Cluster] = []

    def make(vendor: str) -> databases.Template:
        home = tmp_path_factory.mktemp(f"template-{vendor}") / "home"
        if vendor == "sqlite":
            return databases.SqliteTemplate(home)
        clusters.append(databases.Cluster())
        return databases.PostgresTemplate(home, clusters[0])

    def template(vendor: str) -> databases.Template:
        if vendor not in made:
            try:
                made[vendor] = make(vendor)
            except Exception as error:  # kept, so that a broken migration is tried once and not for every test
                made[vendor] = error
        found = made[vendor]
        if isinstance(found, databases.NoServer):
            pytest.skip(str(found))
        if isinstance(found, Exception):
            raise found
        return found

    try:
        yield template
    finally:
        for cluster in clusters:
            cluster.stop()


@pytest.fixture
def site(
    request: pytest.FixtureRequest, template_of: Callable[[str], databases.Template], tmp_path: Path
) -> Iterator[databases.Site]:
    """A real, migrated, committed installation of this test's own, on SQLite and on PostgreSQL.

    `site.vendor` `site.home` `site.url`, `site.environ()` for child processes, `site.app_role()` for
    a PostgreSQL login without rights. Mark a test `@pytest.mark.database("sqlite")` to run on one only.
    """
    with databases.copy_of(template_of(request.param), tmp_path / "home") as made:
        yield made
        shutil.rmtree(tmp_path / "home", ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data, which is never part of the repository; skips where it is absent."""
    folder = Path(os.environ.get("KEDANG_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(NO_SHARED_DATA)
    return folder


class Clock:
    """The stopped clock of a test, moved by hand."""

    def __init__(self, frozen: FrozenDateTimeFactory) -> None:
        self._frozen = frozen

    def set(self, at: str | datetime) -> None:
        """Move to an instant with a zone, such as `2026-01-31T23:59:59+08:00`."""
        self._frozen.move_to(datetime.fromisoformat(at) if isinstance(at, str) else at)

    def advance(self, **by: float) -> None:
        """Let time pass: `advance(days=3, minutes=1)`."""
        self._frozen.tick(timedelta(**by))


@pytest.fixture
def frozen_clock() -> Iterator[Clock]:
    """Time stands still at a Monday morning in Shanghai until the test moves it."""
    with freeze_time(MONDAY_MORNING) as frozen:
        yield Clock(frozen)  # type: ignore[arg-type]


@pytest.fixture
def world(site: databases.Site) -> World:
    """A founded company with somebody in every office (see `tests.world`)."""
    from tests.world import make_world  # noqa: PLC0415 - models exist only after django.setup()

    return make_world()


@pytest.fixture
def company(site: databases.Site) -> Callable[..., Company]:
    """Give the maker of a whole company for a real pack: `company("guarantee")` (see `tests.company`)."""
    from tests.company import make_company  # noqa: PLC0415 - models exist only after django.setup()

    return make_company
