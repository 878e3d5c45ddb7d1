"""Bulk deeds in the background: once, as the person who asked, and on after any crash."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connections

from kedang import ledger
from kedang.config.logs import Discreet
from kedang.governance import jobs, registry, tasks
from kedang.governance.gate import perform
from kedang.governance.models import Beat, Call, Claim
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Operation, Outcome, Payload
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.people.models import Staff, StaffRole
from tests.world import World

OP = "import.commit"
SECRET = "13800138000"


class Load(Payload):
    """What the job of these tests is asked for."""

    text: str = SECRET


class Work:
    """A bulk deed whose doing a test decides; it remembers who ran it."""

    def __init__(self) -> None:
        self.ran: list[Deed] = []
        self.do: Callable[[Deed, Load], Any] = lambda deed, payload: {"rows": 3}
        self.basis = "as it was"

    def operation(self) -> Operation[Any, Any]:
        return Operation(
            OP, "Test", Load, lambda by, subject: None, lambda by, target, payload: Facts(rel=frozenset({"in_scope"})),
            self.run, basis=lambda target, payload: {"of": self.basis}, claims=lambda target, payload: {"batch:1"},
            bulk=True,
        )  # fmt: skip

    def run(self, deed: Deed, target: None, payload: Load) -> Outcome:
        self.ran.append(deed)
        return Outcome(result=self.do(deed, payload), body={"rows": 3})


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    made = Work()
    monkeypatch.setitem(registry.OPERATIONS, OP, made.operation())
    return made


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is woken: the call waits for the test."""
    monkeypatch.setattr(tasks, "wake", lambda call_id: None)


def ask(world: World, by: str = "clerk", **given: Any) -> Call:
    return perform(OP, by=world.actor(by), subject="batch:1", payload=Load(), **given)


def endings() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(op=OP).order_by("id").values_list("outcome", "credential"))


def test_a_queued_deed_is_done_once_as_the_person_who_asked(world: World, work: Work, asleep: None) -> None:
    call = ask(world, reason="客户来电", evidence=("file:1",))
    assert (call.state, Claim.objects.count(), work.ran) == ("queued", 1, [])
    assert SECRET.encode() not in bytes(call.payload_ct)
    assert jobs.run(call.pk) == "done"
    assert jobs.run(call.pk) == "done"
    deed = work.ran[0]
    assert (len(work.ran), deed.actor.id, deed.actor.credential) == (1, "clerk", f"job:{call.pk}")
    assert (deed.reason, deed.evidence) == ("客户来电", ("file:1",))
    call.refresh_from_db()
    assert (call.outcome, bytes(call.payload_ct), call.lease_by, Claim.objects.count()) == ({"rows": 3}, b"", "", 0)
    assert endings() == [("done", "test"), ("done", f"job:{call.pk}")]
    ledger.seal()
    assert ledger.verify().ok


def test_the_same_thing_is_not_queued_twice_meanwhile(world: World, work: Work, asleep: None) -> None:
    call = ask(world)
    with pytest.raises(Refused) as no:
        ask(world, by="archivist")
    assert no.value.code == "claimed"
    jobs.run(call.pk)
    assert ask(world).state == "queued"


def _closed(world: World) -> None:
    Staff.objects.filter(username="clerk").update(is_active=False)


def _without_role(world: World) -> None:
    StaffRole.objects.filter(staff__username="clerk").delete()


def _expired(world: World) -> None:
    StaffRole.objects.filter(staff__username="clerk").update(until_us=clock.now_us() - 1)


@pytest.mark.parametrize(("losing", "end"), [(_closed, "void"), (_without_role, "denied"), (_expired, "denied")])
def test_who_lost_the_right_meanwhile_gets_nothing_done(
    world: World, work: Work, asleep: None, losing: Callable[[World], None], end: str
) -> None:
    call = ask(world)
    losing(world)
    assert jobs.run(call.pk) == end
    assert (work.ran, Claim.objects.count()) == ([], 0)
    call.refresh_from_db()
    assert call.error
    assert endings()[-1] == ("refused", f"job:{call.pk}")


def test_what_changed_under_it_makes_it_stale(world: World, work: Work, asleep: None) -> None:
    call = ask(world)
    work.basis = "as it is now"
    assert jobs.run(call.pk) == "stale"
    assert (work.ran, Call.objects.get(pk=call.pk).error.split(";")[0]) == ([], "stale")


def test_an_unexpected_error_fails_with_a_reason_and_without_the_value(
    world: World, work: Work, asleep: None, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(deed: Deed, payload: Load) -> None:
        raise ValueError(f"bad row: {payload.text}")

    work.do = fail
    call = ask(world)
    assert jobs.run(call.pk) == "failed"
    call.refresh_from_db()
    assert call.error
    assert Claim.objects.count() == 0
    assert SECRET not in call.error + call.result + str(list(Entry.objects.values_list("body")))
    logged = "".join(Discreet().format(record) for record in caplog.records)
    assert "ValueError" in logged
    assert SECRET not in logged


def test_a_crash_between_commit_and_wake_is_recovered(
    world: World, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(call_id: int) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(tasks, "wake", broken)
    call = ask(world)
    assert jobs.recover() == [call.pk]
    assert Call.objects.get(pk=call.pk).state == "done"


def test_a_crash_in_the_middle_is_followed_by_another_worker(
    world: World, work: Work, asleep: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(deed: Deed, payload: Load) -> None:
        deed.beat({"chunk": 1})
        raise SystemExit

    work.do = crash
    call = ask(world)
    with pytest.raises(SystemExit):
        jobs.run(call.pk)
    assert Call.objects.get(pk=call.pk).steps == {"chunk": 1}
    work.do = lambda deed, payload: {"rows": 3}
    assert jobs.recover() == [], "the worker lives, as far as anyone knows"
    monkeypatch.setattr(jobs, "_THIS_PROCESS", "another")
    assert jobs.recover() == [call.pk], "the same process number, and yet not the same process"
    assert Call.objects.get(pk=call.pk).state == "done"


@pytest.mark.parametrize(
    ("held_by", "since_us", "free"),
    [
        ("elsewhere:1:aa", 0, False),
        ("elsewhere:1:aa", jobs.LEASE_US + 1, True),
        ("{host}:999999999:aa", 0, True),
        ("{host}:1:aa", 0, False),
    ],
)
def test_a_lease_ends_with_its_time_or_its_process(
    world: World, work: Work, asleep: None, held_by: str, since_us: int, free: bool
) -> None:
    call = ask(world)
    lease = clock.now_us() + jobs.LEASE_US - since_us
    holder = held_by.format(host=jobs.worker_name().split(":")[0])
    Call.objects.filter(pk=call.pk).update(state="running", lease_by=holder, lease_us=lease)
    assert jobs.recover() == ([call.pk] if free else [])


def test_who_lost_the_lease_writes_no_ending(world: World, work: Work, asleep: None) -> None:
    def slow(deed: Deed, payload: Load) -> dict[str, int]:
        later = clock.now_us() + jobs.LEASE_US
        Call.objects.filter(pk=deed.call).update(lease_by="other:1:bb", lease_us=later)
        if len(work.ran) == 1:
            deed.beat({"chunk": 2})
        return {"rows": 0}

    work.do = slow
    call = ask(world)
    for _ in range(2):
        assert jobs.run(call.pk) == "running"
        Call.objects.filter(pk=call.pk, lease_by="other:1:bb").update(lease_us=0)
    stored = Call.objects.get(pk=call.pk)
    assert (stored.lease_by, stored.steps, stored.outcome) == ("other:1:bb", {}, {})
    assert endings() == [("done", "test")]


def test_two_workers_at_one_call_are_one(world: World, work: Work, asleep: None) -> None:
    call, start = ask(world), threading.Barrier(4)

    def attempt() -> None:
        start.wait()
        jobs.run(call.pk)
        connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(work.ran) == 1
    assert endings() == [("done", "test"), ("done", f"job:{call.pk}")]


@pytest.mark.parametrize("when", ["before", "between"])
def test_a_cancelled_call_stops_at_the_next_chunk_and_frees_its_claim(
    world: World, work: Work, asleep: None, when: str
) -> None:
    def chunks(deed: Deed, payload: Load) -> None:
        Call.objects.filter(pk=deed.call).update(cancel=True)
        deed.beat({"chunk": 1})
        pytest.fail("went on")

    work.do = chunks
    call = ask(world)
    if when == "before":
        Call.objects.filter(pk=call.pk).update(cancel=True)
    assert jobs.run(call.pk) == "cancelled"
    assert (len(work.ran), Claim.objects.count()) == (0 if when == "before" else 1, 0)


def test_a_call_of_an_operation_nobody_offers_any_more_holds_up_no_other(
    world: World, work: Work, asleep: None
) -> None:
    call = ask(world)
    Call.objects.filter(pk=call.pk).update(op="import.gone")
    Claim.objects.filter(call=call).delete()
    other = ask(world, by="archivist")
    assert jobs.recover() == [call.pk, other.pk]
    assert [Call.objects.get(pk=pk).state for pk in (call.pk, other.pk)] == ["failed", "done"]


def test_a_payload_moved_to_another_call_does_not_open(world: World, work: Work, asleep: None) -> None:
    first = ask(world)
    Claim.objects.all().delete()
    second = ask(world, by="archivist")
    Call.objects.filter(pk=second.pk).update(payload_ct=Call.objects.get(pk=first.pk).payload_ct)
    assert jobs.run(second.pk) == "failed"
    assert work.ran == []


def test_a_worker_is_alive_as_long_as_it_says_so(world: World) -> None:
    assert not jobs.worker_alive()
    jobs.beat("a:1:x")
    assert jobs.worker_alive()
    Beat.objects.update(beat_us=clock.now_us() - jobs.BEATS_KEPT_US - 1)
    assert not jobs.worker_alive()
    jobs.beat("b:2:y")
    assert list(Beat.objects.values_list("worker", flat=True)) == ["b:2:y"], "old names are swept"


def test_the_system_itself_may_not_queue_it(world: World, work: Work) -> None:
    with pytest.raises(Refused):
        perform(OP, by=Actor(id="system:sweep", roles=frozenset({"system"})), subject="batch:1", payload=Load())
