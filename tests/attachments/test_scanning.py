"""The virus scanner sees each file before it counts; found or unavailable, nothing of the file is kept."""

from __future__ import annotations

import io
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kedang.config import env
from kedang.customers.models import Attachment
from kedang.files import scanning, storage
from kedang.files.models import Blob
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.upkeep.checks import examine
from tests.attachments import samples
from tests.attachments.folder import Folder
from tests.world import World

EVIL = samples.png(text=b"EVIL-BYTES-OF-A-TEST")
FAKE = "import sys; found = b'EVIL-BYTES' in sys.stdin.buffer.read(); sys.exit(1 if found else 0)"


def files_in(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


@pytest.fixture
def command(scanner: Callable[[str], None], tmp_path: Path) -> None:
    program = tmp_path / "fake_scanner.py"
    program.write_text(FAKE)
    scanner(f"command: {sys.executable} {program}")


@pytest.mark.usefixtures("command")
def test_an_infected_file_is_refused_and_nothing_of_it_is_kept(folder: Folder, site) -> None:
    before = files_in(site.home)
    with pytest.raises(Refused) as refused:
        folder.bring(EVIL)
    assert (refused.value.code, refused.value.detail) == ("invalid", scanning.INFECTED)
    assert (Blob.objects.count(), Attachment.objects.count(), files_in(site.home)) == (0, 0, before)
    entry = Entry.objects.latest("id")
    assert (entry.op, entry.outcome, entry.subject_ref) == ("file.attach", "refused", folder.ref)
    assert folder.attached(samples.png()).pk


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "place",
    ["command: /nowhere/scanner", f"command: {sys.executable} -c 'raise SystemExit(2)'", "clamd:///nowhere/clamd.ctl"],
)
def test_without_an_answer_of_the_scanner_no_file_is_taken(folder: Folder, scanner, place: str) -> None:
    scanner(place)
    with pytest.raises(Refused) as refused:
        folder.bring(samples.png())
    assert (refused.value.code, refused.value.detail) == ("state", scanning.UNAVAILABLE)
    assert Blob.objects.count() == 0


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("command")
def test_whatever_comes_into_the_house_is_scanned(site) -> None:
    with pytest.raises(Refused):
        storage.put(io.BytesIO(EVIL), "evidence.png", "clerk")
    assert storage.put(io.BytesIO(samples.png()), "evidence.png", "clerk").pk


@pytest.fixture
def clamd(scanner: Callable[[str], None], tmp_path: Path) -> Iterator[list[bytes]]:
    """ClamAV's daemon, as far as two commands go."""
    place = tmp_path / "clamd.ctl"
    got: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        threading.Thread(target=_serve, args=(listening, got), daemon=True).start()
        scanner(f"clamd://{place}")
        yield got


def _serve(listening: socket.socket, got: list[bytes]) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with line, line.makefile("rb") as stream:
            if stream.read(5) == b"zPING":
                line.sendall(b"PONG\0")
                continue
            stream.read(len(b"zINSTREAM\0") - 5)
            content = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
            got.append(content)
            line.sendall(b"stream: Test.Evil FOUND\0" if b"EVIL-BYTES" in content else b"stream: OK\0")


@pytest.mark.database("sqlite")
def test_clamd_is_spoken_to_in_its_own_words(site, clamd: list[bytes]) -> None:
    assert scanning.answers()
    big = samples.png() + bytes(700_000)
    assert scanning.scan(io.BytesIO(big)) == "clean"
    assert scanning.scan(io.BytesIO(EVIL)) == "infected"
    assert clamd == [big, EVIL]


@pytest.mark.database("sqlite")
def test_the_doctor_says_whether_files_are_scanned(world: World, scanner, command: None) -> None:
    def said() -> tuple[str, str]:
        return next((check.status, check.detail) for check in examine() if check.name == "virus_scanner")

    assert said()[0] == "ok"
    scanner("command: /nowhere/scanner")
    assert said()[0] == "failed"
    scanner("")
    assert said()[0] == "warning"
    assert "KEDANG_SCAN" in said()[1]


@pytest.mark.parametrize("wrong", ["clamav", "clamd:", "command: ", "ftp://scanner"])
def test_a_scanner_nobody_understands_is_a_wrong_setting(wrong: str) -> None:
    with pytest.raises(ValueError, match="clamd"):
        env.scanner(wrong)
