"""What opening a dossier costs when a great deal is in it: server milliseconds for each tab.

    python -m benchmarks.dossier [--interactions 100,1000,10000] [--attachments 500] [--databases sqlite,postgresql]

One dossier is filled as deeds would have left it: so many interactions with a version and a ledger entry each, and so
many attachments. Then each tab is asked for through the whole web application, sign-in, judgement, decryption, look
and template included, eleven times; the median of the last ten and the number of queries are printed. The limit
beside it is the same request for a dossier with nothing in it: what is above it is what the contents cost.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

HOME = Path(tempfile.mkdtemp(prefix="kedang-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.config.settings")
os.environ.update(KEDANG_HOME=str(HOME / "none"), KEDANG_DATABASE_URL="", KEDANG_DATABASE_OWNER_URL="")
django.setup()

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kedang.customers.models import Attachment, Dossier
from kedang.files import storage
from kedang.kernel.clock import now_us
from tests.customers.large import fill
from tests.databases import Cluster, PostgresTemplate, SqliteTemplate, copy_of
from tests.web.visits import signed_in
from tests.world import World, make_world

TABS = ("", "contacts", "business", "interactions", "credit", "needs", "files/", "origins", "history")
RUNS = 10


def main() -> None:
    """Run and print."""
    asked = arguments()
    print(
        f"{'database':<11}{'interactions':>13}{'attachments':>12}  {'tab':<13}{'ms':>8}{'empty ms':>10}{'queries':>9}"
    )
    try:
        for vendor in asked.databases.split(","):
            with site(vendor):
                world = make_world()
                measure(vendor, world, [int(each) for each in asked.interactions.split(",")], asked.attachments)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def measure(vendor: str, world: World, sizes: list[int], attachments: int) -> None:
    """Each tab of an empty dossier, then of one of each size."""
    client = signed_in(world, "clerk")
    empty = world.open("空档案有限公司")
    nothing = {tab: cost(client, empty, tab)[0] for tab in TABS}
    for size in sizes:
        code = world.open(f"满档案{size}有限公司", contact_name="王小明", contact_phones="13800138000")
        fill(code, world.actor("clerk"), size)
        attach(code, attachments)
        for tab in TABS:
            spent, queries = cost(client, code, tab)
            line = f"{vendor:<11}{size:>13,}{attachments:>12,}  {tab or 'overview':<13}"
            print(f"{line}{spent:>8.1f}{nothing[tab]:>10.1f}{queries:>9}", flush=True)


def attach(code: str, count: int) -> None:
    """Attachments of one short file: the list reads their rows and names only."""
    dossier, now = Dossier.objects.get(code=code), now_us()
    blob = storage.put(io.BytesIO(b"%PDF-1.7 one page"), "执照.pdf", "clerk")
    Attachment.objects.bulk_create(
        Attachment(dossier=dossier, blob=blob, kind="营业执照", by_ref="clerk", created_us=now) for _ in range(count)
    )


def cost(client: Client, code: str, tab: str) -> tuple[float, int]:
    """Median milliseconds of a request, and its queries; nan where there is no such tab."""
    path, spent = f"/customers/{code}/{tab}", []
    if client.get(path).status_code != 200:  # noqa: PLR2004
        return float("nan"), 0
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(path)
        spent.append((time.perf_counter() - start) * 1000)
    with ExitStack() as stack:
        seen = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        client.get(path)
    return statistics.median(spent), sum(len(each) for each in seen)


@contextmanager
def site(vendor: str) -> Iterator[None]:
    """A site of its own on that database."""
    home = HOME / vendor
    if vendor == "sqlite":
        with copy_of(SqliteTemplate(home / "template"), home / "home"):
            yield
        return
    cluster = Cluster()
    try:
        with copy_of(PostgresTemplate(home / "template", cluster), home / "home"):
            yield
    finally:
        cluster.stop()


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", default="100,1000,10000")
    parser.add_argument("--attachments", type=int, default=500)
    parser.add_argument("--databases", default="sqlite,postgresql")
    return parser.parse_args()


if __name__ == "__main__":
    main()
