"""Posting and sending in tests: a sender that keeps what it was given, or fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kedang.kernel import clock
from kedang.messages.channels import Letter
from kedang.messages.payloads import SetAddress
from kedang.messages.posting import post
from tests.world import World

MAIL = "clerk@example.cn"


@dataclass
class Post:
    """A mail service: keeps letters, and fails as often as it is told to."""

    failures: int = 0
    sent: list[tuple[str, Letter]] = field(default_factory=list)
    tried: int = 0

    def __call__(self, target: str, letter: Letter) -> None:
        self.tried += 1
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError(f"no way to {target}")
        self.sent.append((target, letter))

    @property
    def senders(self) -> Any:
        return {"mail": self, "apprise": self}


def tell(to: str = "clerk", key: str = "k1", **rest: Any) -> None:
    """Post something harmless."""
    asked: dict[str, Any] = {
        "title": "%(what)s is due", "params": {"what": "C00000001X"}, "link": "/", "at_us": clock.now_us()
    }  # fmt: skip
    post(to, key=key, **(asked | rest))


def wants(world: World, who: str = "clerk", channel: Any = "mail", target: str | None = MAIL, on: bool = True) -> None:
    """This person wants notices there."""
    world.do("notice.address", "-", SetAddress(channel=channel, target=target, on=on), by=who)


def texts(letters: Sequence[tuple[str, Letter]]) -> str:
    """Everything that left the house, as one text."""
    return "\n".join(f"{target} {letter.title} {letter.body}" for target, letter in letters)
