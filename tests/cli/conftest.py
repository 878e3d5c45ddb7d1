"""Running the program in this process, as the console script does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import translation

from kedang.cli.main import run


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on the standard output; more or less than one is a failure."""
        return json.loads(self.out)


Kedang = Callable[..., Ran]


@pytest.fixture
def kedang(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Kedang]:
    """`kedang("search", "华为", "--as", "query", "--json")`."""
    language = translation.get_language()
    monkeypatch.setenv("LC_ALL", "C")

    def command(*arguments: object, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = run([str(each) for each in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    yield command
    translation.activate(language or "en")
