"""A quota holds when many ask at the same moment."""

from __future__ import annotations

import threading
from collections import Counter

from django.db import connections

from kedang.governance.models import Call
from kedang.kernel.errors import Refused
from tests.databases import Site
from tests.flows.signed import pack_with
from tests.world import make_world

MOST, AT_ONCE = 3, 16


def test_many_at_once_get_no_more_than_the_quota(site: Site) -> None:
    quota = {"title": "上限", "operations": ["customer.amend"], "most": MOST}
    world = make_world(pack_with([], quotas={"changes": quota}))
    codes = [world.open(f"西安示例{number}机电有限公司") for number in range(AT_ONCE)]
    ends: list[str] = []
    ready = threading.Barrier(AT_ONCE)

    def one(at: int) -> None:
        ready.wait()
        try:
            ends.append(world.amend(codes[at], short_name="示例").state)
        except Refused as no:
            ends.append(no.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(at,)) for at in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(ends) == {"done": MOST, "denied": AT_ONCE - MOST}
    assert Call.objects.filter(op="customer.amend", state="done").count() == MOST
