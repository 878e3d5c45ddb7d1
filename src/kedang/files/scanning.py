"""The virus scanner of the house: every file is shown to it before it counts, in memory and never on a disk.

`KEDANG_SCAN` names it: `clamd:///run/clamav/clamd.ctl` or `clamd://host:3310` for ClamAV's own protocol, or
`command: clamdscan --no-summary -` for any program that reads the file from its standard input and ends with
0 when it found nothing and with 1 when it found something. Empty: nothing is scanned, and the doctor says so.
"""

from __future__ import annotations

import logging
import shlex
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

from django.conf import settings

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

log = logging.getLogger(__name__)
Verdict = Literal["clean", "infected", "unavailable"]
VERDICTS: Mapping[int, Verdict] = {0: "clean", 1: "infected"}
"""What the exit code of a scanner means; any other says that it could not look."""
CLAMD, COMMAND = "clamd", "command"
BLOCK = 256 * 1024
INFECTED = N_("The virus scanner found something in this file. It was not kept.")
UNAVAILABLE = N_("The virus scanner does not answer, so no file can be taken now. Please try again later.")


def is_set() -> bool:
    """Whether this house has a scanner."""
    return bool(settings.SCAN)


def require_clean(stream: BinaryIO) -> None:
    """Show a stream to the scanner; Refused where it found something or does not answer."""
    if not is_set():
        return
    verdict = scan(stream)
    if verdict == "infected":
        raise Refused("invalid", detail=INFECTED)
    if verdict == "unavailable":
        raise Refused("state", detail=UNAVAILABLE)


def scan(stream: BinaryIO) -> Verdict:
    """What the scanner says; whatever goes wrong on the way is `unavailable`."""
    kind, _, rest = settings.SCAN.partition(":")
    try:
        return _by_clamd(stream) if kind == CLAMD else _by_command(stream, shlex.split(rest))
    except (OSError, ValueError, subprocess.SubprocessError):
        log.exception("the virus scanner could not be asked")
        return "unavailable"


def answers() -> bool:
    """Whether the scanner works: clamd is pinged, a program is shown a harmless file."""
    if not settings.SCAN.startswith(CLAMD):
        return scan(BytesIO(b"harmless")) == "clean"
    with suppress(OSError, ValueError):
        return _pinged()
    return False


def _by_clamd(stream: BinaryIO) -> Verdict:
    with _clamd() as line:
        line.sendall(b"zINSTREAM\0")
        while block := stream.read(BLOCK):
            line.sendall(struct.pack(">I", len(block)) + block)
        line.sendall(struct.pack(">I", 0))
        said = _answer(line)
    if said.endswith("FOUND"):
        return "infected"
    if said.endswith("OK"):
        return "clean"
    log.error("the virus scanner said: %s", said[:200])
    return "unavailable"


def _pinged() -> bool:
    with _clamd() as line:
        line.sendall(b"zPING\0")
        return _answer(line) == "PONG"


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (more := line.recv(1024)):
        said += more
    return said.rstrip(b"\0").decode(errors="replace").strip()


@contextmanager
def _clamd() -> Iterator[socket.socket]:
    place = urlsplit(settings.SCAN)
    local = not place.hostname
    line = socket.socket(socket.AF_UNIX if local else socket.AF_INET, socket.SOCK_STREAM)
    with line:
        line.settimeout(settings.SCAN_SECONDS)
        line.connect(place.path if local else (place.hostname, place.port or 3310))
        yield line


def _by_command(stream: BinaryIO, command: list[str]) -> Verdict:
    process = subprocess.Popen(  # noqa: S603 - the operator of the site named the program
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    watch = threading.Timer(settings.SCAN_SECONDS, process.kill)
    watch.start()
    try:
        with process, suppress(BrokenPipeError):  # it may have seen enough before the end
            _feed(process, stream)
    finally:
        watch.cancel()
    return VERDICTS.get(process.returncode, "unavailable")


def _feed(process: subprocess.Popen[bytes], stream: BinaryIO) -> None:
    if process.stdin is None:
        raise ValueError("no way to the scanner")
    while block := stream.read(BLOCK):
        process.stdin.write(block)
    process.stdin.close()
