"""Many signers at once, and a process that dies between the last signature and the deed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import connections

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.governance.flows.models import Signature
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.people.models import Staff, StaffRole
from tests.databases import Site
from tests.flows.signed import company
from tests.flows.test_signing import HEAD, name_of, opened
from tests.world import World

SIGNERS = 64
ROOT = Path(__file__).resolve().parents[2]


def crowd(world: World) -> list[str]:
    """As many people with the role that signs as there are signers."""
    names = [f"signer{number}" for number in range(SIGNERS)]
    for name in names:
        staff = Staff(
            username=name, name=name, unit=world.units["HQ"], clearance=4, scope="all", created_us=clock.now_us()
        )
        staff.set_unusable_password()
        staff.save()
        StaffRole.objects.create(staff=staff, role="archivist", granted_by="test", since_us=clock.now_us())
    return names


def test_sixty_four_signers_make_one_outcome(site: Site) -> None:
    world = company([{"of": {"role": "archivist"}}])
    names = crowd(world)
    code = opened(world)
    call = world.amend(code, short_name="示例")
    saw = saw_of(call)
    actors = [world.actor(name) for name in names]
    ends: list[str] = []
    ready = threading.Barrier(SIGNERS)

    def one(at: int) -> None:
        ready.wait()
        verdict = "agree" if at % 2 else "refuse"
        try:
            ends.append(sign(call.pk, by=actors[at], verdict=verdict, saw=saw, comment="看过").state)
        except (Refused, NotVisible) as no:
            ends.append(no.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(at,)) for at in range(SIGNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = Counter(ends)
    assert counted["done"] + counted["rejected"] == 1, counted
    assert counted["state"] == SIGNERS - 1, counted
    assert Signature.objects.filter(call=call).count() == 1
    done = Entry.objects.filter(op="customer.amend", outcome="done").count()
    assert (done, name_of(code)) == ((1, "示例") if counted["done"] else (0, ""))


CHILD = """
import os, signal
import django; django.setup()
from kedang import ledger
from kedang.governance import calls, jobs
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.people.actors import staff_actor

def die(*args, **named):
    os.kill(os.getpid(), signal.SIGKILL)

{where} = die
call = Call.objects.get(pk={call})
sign(call.pk, by=staff_actor("head", "test"), verdict="agree", saw=saw_of(call))
"""


@pytest.mark.parametrize("where", ["jobs.run", "calls.execute", "calls.aftermath.of"])
def test_killed_between_the_last_signature_and_the_deed_it_is_done_once(site: Site, where: str) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    child = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", CHILD.format(where=where, call=call.pk)],
        env={**os.environ, **site.environ()}, cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert child.returncode == -9, child.stderr.decode()
    assert (Signature.objects.filter(call=call).count(), name_of(code)) == (1, "")
    jobs.recover()
    jobs.recover()
    assert (Call.objects.get(pk=call.pk).state, name_of(code)) == ("done", "示例")
    assert Entry.objects.filter(op="customer.amend", outcome="done").count() == 1
    assert Dossier.objects.get(code=code).version_no == 2
