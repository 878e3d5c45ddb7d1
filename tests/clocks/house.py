"""A company whose regulation has limits of every kind: loans, visits, key changes, heartbeats, spot checks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson
import yaml

from kedang.governance import clocks
from kedang.governance.clocks.models import Alarm, Duty
from kedang.governance.clocks.states import state_of
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.governance.registers.matters import Matter
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.packs.schema import Pack
from kedang.packs.selectors import in_force
from kedang.packs.services import adopt
from tests.world import PLAIN, World

CLERKS = ["entry_clerk", "account_manager", "archivist"]
ANYBODY = ["any_staff"]


def deed(title: str, about: str, who: list[str], **more: Any) -> dict[str, Any]:
    """A matter without conditions."""
    return {
        "title": title,
        "about": about,
        "who": who,
        "in_scope": False,
        "article": "3.1c",
        "rules": [{"article": "3.1c"}],
    } | more


PARTS: dict[str, Any] = {
    "hours": {"open": "08:30", "close": "17:30"},
    "posts": {
        "branch_head": {"title": "分公司负责人", "per": "branch", "head": True},
        "manager": {"title": "总经理", "head": True},
    },
    "forms": {
        "loan": {"title": "借阅单", "items": {"urgent": {"title": "加急", "type": "yes_no"}}},
        "learned": {
            "title": "变更单",
            "items": {"learned_on": {"title": "知悉日期", "type": "date"}, "memo": {"title": "说明"}},
        },
    },
    "registers": {
        "loans": {"title": "借阅登记簿", "states": {"out": {"title": "借出"}, "back": {"title": "已还", "end": True}}},
        "notes": {"title": "工作记录"},
    },
    "operations": {
        "loan.lend": deed("借出", "dossier", CLERKS, opens="loans", needs={"form": "loan"}),
        "loan.back": deed(
            "归还", "row", CLERKS, in_scope=True, moves={"register": "loans", "from": ["out"], "to": "back"}
        ),
        "key.note": deed("登记关键变更", "dossier", CLERKS, needs={"form": "learned"}),
        "care.call": deed("回访", "dossier", CLERKS, opens="notes"),
        "care.report": deed("上报", "site", ANYBODY, opens="notes"),
        "check.look": deed("抽查核实", "dossier", CLERKS, opens="notes"),
        "day.note": deed("每日更新", "site", ANYBODY, opens="notes"),
    },
    "clocks": {
        "back_in_time": {
            "title": "借出三天内归还",
            "article": "3.1c",
            "starts": {"operation": "loan.lend"},
            "stops": ["loan.back"],
            "within": {"days": 3},
            "remind": [{"before": {"days": 1}}, {"before": {"hours": 2}}],
            "overdue": {"every": {"days": 1}, "block": ["loan.lend"]},
            "escalate": [
                {"after": {"days": 2}, "to": [{"head_of": "applicant_unit"}]},
                {"after": {"days": 4}, "to": [{"head_of": "company"}]},
            ],
        },
        "urgent_back": {
            "title": "加急借阅当天归还",
            "starts": {"operation": "loan.lend", "where": {"urgent": ["yes"]}},
            "stops": ["loan.back"],
            "within": {"days": 0, "until": "close"},
        },
        "entered": {
            "title": "知悉后两个工作日内登记",
            "article": "2.2d",
            "starts": {"operation": "key.note", "from_item": "learned_on"},
            "within": {"days": 2, "calendar": "working_days"},
        },
        "call_back": {
            "title": "建档后一个月内回访",
            "starts": {"operation": "customer.open"},
            "stops": ["care.call"],
            "within": {"months": 1, "until": "midnight", "if_day_off": "next"},
        },
        "renamed": {
            "title": "改名后五个工作日内回访",
            "starts": {"operation": "customer.amend", "fields": ["name"]},
            "stops": ["care.call"],
            "within": {"days": 5, "calendar": "working_days"},
        },
    },
    "rounds": {
        "quarterly": {
            "title": "每季上报",
            "article": "2.2b",
            "every": {"months": 3},
            "by": {"role": "archivist"},
            "done_by": ["care.report"],
            "remind": [{"before": {"days": 10}}],
            "grace": {"days": 5, "calendar": "working_days"},
            "escalate": [{"after": {"days": 7}, "to": [{"head_of": "company"}]}],
        },
        "branch_report": {
            "title": "各分公司每半年上报",
            "every": {"months": 6},
            "for_each": "branch",
            "by": {"head_of": "subject_unit"},
            "done_by": ["care.report"],
            "at_least": 2,
        },
        "heartbeat": {
            "title": "每个工作日更新",
            "every": {"days": 1, "on": "working_days"},
            "for_each": "holder",
            "roles": ["entry_clerk"],
            "by": {"person": "holder"},
            "done_by": ["day.note"],
            "overdue": {"block": ["care.call"]},
        },
        "festival": {
            "title": "每个节日问候",
            "every": {"festivals": True},
            "by": {"role": "account_manager"},
            "done_by": ["care.report"],
            "remind": [{"before": {"days": 3}}],
        },
        "spot_check": {
            "title": "每月抽查",
            "every": {"months": 1},
            "by": {"role": "archivist"},
            "done_by": ["check.look"],
            "sample": {"share": 30, "at_least": 2},
        },
    },
}


def edition(number: str = "1", *, only: tuple[str, ...] = (), **changes: Any) -> bytes:
    """The file of an edition; `only` these clocks and rounds, `changes` by section and name."""
    source = yaml.safe_load(PLAIN.read_text(encoding="utf-8"))
    source["meta"] |= {"name": "clockhouse", "edition": number}
    parts = deepcopy(PARTS)
    for section, parts_of in changes.items():
        for name, part in parts_of.items():
            parts[section][name] = parts[section].get(name, {}) | part
    for section in ("clocks", "rounds"):
        parts[section] = {name: part for name, part in parts[section].items() if not only or name in only}
    for section, part in parts.items():
        source[section] = source.get(section, {}) | part
    return orjson.dumps(source)


def house(number: str = "1", *, only: tuple[str, ...] = (), **changes: Any) -> Pack:
    """Put an edition into force now."""
    adopt(edition(number, only=only, **changes), "clockhouse.yaml", by="boss", at_us=clock.now_us())
    return in_force()


def do(world: World, op: str, subject: str = "-", by: str = "clerk", **form: Any) -> Call:
    """Do a matter of the house."""
    return perform(op, by=world.actor(by), subject=subject, payload=Matter(), form=form)


def lend(world: World, code: str, by: str = "clerk", urgent: str = "否") -> str:
    """Lend a dossier; the row's name."""
    call = do(world, "loan.lend", f"dossier:{code}", by, urgent=urgent)
    return Row.objects.get(register="loans", opened_call=call.pk).ref


def tick() -> dict[str, int]:
    """One turn of the clockwork at this instant."""
    return clocks.tick(clock.now_us())


def duty(name: str, **found: Any) -> Duty:
    """The one duty of a name."""
    return Duty.objects.get(name=name, **found)


def state(name: str, **found: Any) -> str:
    """What has become of it by now."""
    return state_of(duty(name, **found), clock.now_us())


def due(name: str, **found: Any) -> str:
    """Its limit in company time, to the second."""
    at = clock.from_us(duty(name, **found).due_us).astimezone(clock.COMPANY_ZONE)
    return at.strftime("%Y-%m-%d %H:%M:%S")


def alarms(name: str) -> list[tuple[str, int]]:
    """The notices of a duty that went out, in their order."""
    return list(Alarm.objects.filter(duty__name=name).order_by("at_us", "pk").values_list("kind", "no"))
