"""Two workers at once, and a worker killed in the middle of a turn: nothing is doubled, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

from django.db import connections

from kedang.governance.clocks.models import Alarm, Duty
from kedang.kernel import clock
from kedang.messages.models import Notice
from tests.clocks.house import house, lend
from tests.clocks.test_alarms import heads
from tests.databases import Site
from tests.world import World

DAY_US = 86_400_000_000
LOANS = 300
TURN = "import django, sys; django.setup(); from kedang.governance import clocks; clocks.tick(int(sys.argv[1]))"
EXPECTED = {("overdue", 0), ("repeat", 7), ("escalate", 0), ("escalate", 1)}


def worker(site: Site, at_us: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", TURN, str(at_us)], env=site.environ(), stdout=subprocess.DEVNULL
    )


def overdue_loans(world: World) -> int:
    """Many loans lent at one time, none of them back; an instant seven days after their limit."""
    heads(world)
    house(only=("back_in_time", "heartbeat"))
    lend(world, world.open("西安示例机电有限公司"))
    one = Duty.objects.get(name="back_in_time")
    due_us = one.due_us
    for number in range(1, LOANS):
        one.pk, one.key, one.subject = None, f"clock:back_in_time:x{number}", f"row:loans/x{number}"
        one.save(force_insert=True)
    return due_us + 7 * DAY_US + 1_000_000


def assert_each_once(at_us: int) -> None:
    sent: dict[int, set[tuple[str, int]]] = {}
    for each in Alarm.objects.filter(duty__name="back_in_time"):
        sent.setdefault(each.duty_id, set()).add((each.kind, each.no))
    assert len(sent) == LOANS
    assert all(found == EXPECTED for found in sent.values())
    told = Counter((each.to, each.key) for each in Notice.objects.all())
    assert set(told.values()) == {1}
    assert {(f"duty:{each.duty_id}:{each.kind}:{each.no}") for each in Alarm.objects.all()} == {
        key for _, key in told
    }  # fmt: skip
    rounds = Duty.objects.filter(name="heartbeat")
    assert rounds.values("seat", "period").distinct().count() == rounds.count() > 1
    assert not Duty.objects.filter(closed_us=0, next_us__gt=0, next_us__lte=at_us).exists()


def test_two_workers_at_once_send_everything_once(site: Site, world: World) -> None:
    at_us = overdue_loans(world)
    connections.close_all()
    assert [each.wait() for each in [worker(site, at_us) for _ in range(2)]] == [0, 0]
    assert_each_once(at_us)


def test_a_killed_turn_goes_on_where_it_was(site: Site, world: World) -> None:
    at_us = overdue_loans(world)
    for share in (6, 5):
        killed = worker(site, at_us)
        begun = Alarm.objects.count()
        while Alarm.objects.count() < begun + LOANS // share and killed.poll() is None:
            time.sleep(0.01)
        assert killed.poll() is None, "the turn was over before it was killed; give it more loans"
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert Duty.objects.filter(closed_us=0, next_us__gt=0, next_us__lte=at_us).exists()
    connections.close_all()
    assert [each.wait() for each in [worker(site, at_us) for _ in range(2)]] == [0, 0]
    assert_each_once(at_us)
    assert clock.now_us() < at_us
