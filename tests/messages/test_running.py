"""The worker sends, people who left are told nothing, and the doctor notices what does not get through."""

from __future__ import annotations

import signal

import pytest

from kedang.cli import working
from kedang.governance import notices
from kedang.kernel import clock
from kedang.messages.models import Delivery
from kedang.people.models import Staff
from kedang.upkeep.checks import examine
from tests.messages.notes import Post, tell, wants
from tests.world import World

pytestmark = pytest.mark.usefixtures("mail_on")


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setattr("kedang.governance.notices.deliver", _by(made))
    wants(world)
    return made


def _by(office: Post) -> object:
    from kedang.messages.delivery import deliver  # noqa: PLC0415 - the real one, with another sender

    return lambda at_us, *, may_reach: deliver(at_us, may_reach=may_reach, senders=office.senders)


def doctor() -> str:
    return next(check.status for check in examine() if check.name == "notices")


def test_the_worker_sends_to_who_works_here_and_not_to_who_left(world: World, office: Post) -> None:
    wants(world, "manager", target="manager@example.cn")
    tell("clerk")
    tell("manager")
    Staff.objects.filter(username="manager").update(is_active=False)
    assert notices.send() == 2  # the trial of the address and the notice
    assert {target for target, _ in office.sent} == {"clerk@example.cn"}


def test_sending_is_a_thread_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(working.Every, "start", lambda self: started.append(self.name))
    monkeypatch.setattr(working.Every, "join", lambda self, seconds: None)
    monkeypatch.setattr(working, "_turns", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(working, "survive", lambda do, name: None)
    working.work()
    assert "notices" in started


def test_the_doctor_tells_of_copies_that_wait_and_that_were_given_up(world: World, office: Post) -> None:
    notices.send()
    assert doctor() == "ok"
    tell()
    Delivery.objects.filter(state="queued").update(next_us=clock.now_us() - 3600 * 1_000_000)
    assert doctor() == "warning"
    notices.send()
    assert doctor() == "ok"
    Delivery.objects.filter(notice__key="k1").update(state="failed")
    assert doctor() == "warning"
