"""`serve` and `worker`: started, answering, working, stopped; and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kedang.customers.models import Dossier
from kedang.governance import imports, jobs
from kedang.governance.gate import perform
from kedang.governance.imports import Wishes
from kedang.governance.models import Call
from kedang.intake.payloads import CommitBatch
from tests.cli.conftest import Kedang
from tests.databases import Site
from tests.world import World

PROGRAM = [sys.executable, "-m", "kedang.cli.main"]
PATIENCE = 90.0


def eventually(holds: Callable[[], object]) -> None:
    """Wait for a thing that must come to pass; only a hang makes this fail by time."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.1)


@pytest.fixture
def start(site: Site) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`start("worker")`: a process on this site, ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def process(*arguments: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen([*PROGRAM, *arguments], env=site.environ(), stderr=subprocess.DEVNULL)  # noqa: S603
        started.append(child)
        return child

    yield process
    for child in started:
        if child.poll() is None:
            child.terminate()
            child.wait(30)


def queued_import(world: World, folder: Path, rows: int) -> Call:
    file = folder / "many.csv"
    lines = [f"西安第{number}示例有限公司,西安市,1380000{number % 10_000:04d}" for number in range(rows)]
    file.write_text("客户名称,所在地区,联系电话\n" + "\n".join(lines) + "\n", encoding="utf-8")
    by = world.actor("clerk")
    with file.open("rb") as stream:
        brought = imports.bring(by, stream, file.name, Wishes(confirm=True))
    return perform("import.commit", by=by, subject=f"batch:{brought.batch}", payload=CommitBatch())


def state(call: Call) -> str:
    call.refresh_from_db()
    return call.state


def test_a_worker_runs_what_is_queued_and_says_it_lives(
    world: World, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    call = queued_import(world, tmp_path, 50)
    assert jobs.worker_alive() is False
    worker = start("worker")
    eventually(lambda: state(call) == "done")
    assert Dossier.objects.count() == 50
    assert jobs.worker_alive() is True
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0


def test_an_import_that_was_killed_goes_on_with_the_next_worker(
    world: World, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, kedang: Kedang
) -> None:
    call = queued_import(world, tmp_path, 6000)
    first = start("worker")
    eventually(Dossier.objects.exists)
    first.kill()
    first.wait()
    assert state(call) in ("running", "done")
    start("worker")
    eventually(lambda: state(call) == "done")
    assert Dossier.objects.count() == 6000
    assert Dossier.objects.values("name").distinct().count() == 6000
    eventually(lambda: kedang("ledger", "verify", "--json").json["ok"])


def test_a_stopped_worker_leaves_its_import_to_the_next(
    world: World, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    call = queued_import(world, tmp_path, 6000)
    first = start("worker")
    eventually(Dossier.objects.exists)
    first.terminate()
    assert first.wait(30) == 0
    assert state(call) in ("running", "done")
    start("worker")
    eventually(lambda: state(call) == "done")
    assert Dossier.objects.count() == 6000


def test_a_job_that_fails_does_not_end_the_worker(
    world: World, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    broken = queued_import(world, tmp_path, 5)
    Call.objects.filter(pk=broken.pk).update(payload_ct=b"\x00" * 40)
    good = queued_import(world, tmp_path, 7)
    start("worker")
    eventually(lambda: state(good) == "done" and state(broken) == "failed")
    assert Dossier.objects.count() == 7


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_serve_answers_works_and_stops_with_all_its_processes(
    world: World, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    eventually(lambda: status(f"http://127.0.0.1:{port}/api/v1/me") == 401)
    assert status(f"http://127.0.0.1:{port}/api/v1/openapi.json") == 200
    call = queued_import(world, tmp_path, 20)
    eventually(lambda: state(call) == "done")
    children = children_of(server.pid)
    assert len(children) >= 2
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    assert [pid for pid in children if alive(pid)] == []
    assert status(f"http://127.0.0.1:{port}/api/v1/me") == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not tell a child that its parent died")
@pytest.mark.database("sqlite")
def test_when_serve_is_killed_nothing_of_it_stays(world: World, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    eventually(lambda: status(f"http://127.0.0.1:{port}/api/v1/me") == 401)
    children = children_of(server.pid)
    server.kill()
    server.wait()
    eventually(lambda: not [pid for pid in children if alive(pid)])


@pytest.mark.database("sqlite")
def test_a_worker_that_dies_is_started_again(world: World, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    port = free_port()
    server = start("serve", "--port", str(port), "--workers", "1")
    eventually(lambda: worker_of(server.pid))
    first = worker_of(server.pid)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: worker_of(server.pid) not in (0, first))


@pytest.mark.database("sqlite")
def test_a_taken_port_is_one_line(world: World, kedang: Kedang) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = kedang("serve", "--port", taken.getsockname()[1])
    assert (ran.code, ran.err.count("\n")) == (1, 1)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_an_unfounded_site_is_not_served(site: Site, kedang: Kedang, verb: str) -> None:
    ran = kedang(verb)
    assert (ran.code, "kedang init" in ran.err) == (1, True)


@pytest.mark.database("sqlite")
def test_demo_serves_what_it_made(site: Site, tmp_path: Path) -> None:
    environ = site.environ() | {"KEDANG_HOME": str(tmp_path / "demo-home")}
    port = free_port()
    command = [*PROGRAM, "demo", "--customers", "20", "--port", str(port), "--json"]
    demo = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        assert demo.stdout is not None
        told = json.loads(demo.stdout.readline())
        assert told["url"] == f"http://127.0.0.1:{port}/"
        eventually(lambda: status(told["url"]) == 200)
    finally:
        demo.terminate()
        assert demo.wait(30) == 0


def children_of(pid: int) -> list[int]:
    """All processes below one, of any depth."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
    pairs = [tuple(map(int, line.split())) for line in found.splitlines()]
    below = [child for child, parent in pairs if parent == pid]
    return below + [deeper for child in below for deeper in children_of(child)]


def worker_of(pid: int) -> int:
    for child in children_of(pid):
        try:
            if Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[-2] == b"worker":
                return child
        except (OSError, IndexError):
            continue
    return 0


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
