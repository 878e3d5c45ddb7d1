"""Web server and worker as two children of one process: started together, stopped together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from types import FrameType

log = logging.getLogger(__name__)
STOP_SECONDS = 15.0
RESTART_SECONDS = 2.0
POLL_SECONDS = 0.2
_PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """A signal asked to stop."""


def serve(host: str, port: int, workers: int) -> int:
    """Serve until a signal comes (0) or the web server ends by itself (its exit code, or 1)."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["worker"] = _start(worker_command())
        children["web"] = _start(web_command(host, port, workers))
        return _watch(children)
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        _end(list(children.values()))


def web_command(host: str, port: int, workers: int) -> list[str]:
    """How the web server is started."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "kedang.config.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """How the worker is started."""
    return [sys.executable, "-m", "kedang.cli.main", "worker"]


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> int:
    while (ended := children["web"].poll()) is None:
        if children["worker"].poll() is not None:
            log.error("the worker ended with code %s; it is started again", children["worker"].returncode)
            time.sleep(RESTART_SECONDS)
            children["worker"] = _start(worker_command())
        time.sleep(POLL_SECONDS)
    return ended or 1


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """A child that is stopped by the kernel when this process dies, however that happens."""
    return subprocess.Popen(command, preexec_fn=_die_with_parent, stdin=subprocess.DEVNULL)  # noqa: S603


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    os.setpgid(0, 0)  # Ctrl-C in the terminal reaches this process alone, which then ends its children in order


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
