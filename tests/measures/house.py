"""A company whose regulation counts, scores, fines and rewards: loans, complaints, a round, the quality of dossiers."""

from __future__ import annotations

from typing import Any

from kedang.governance import clocks
from kedang.kernel import clock
from kedang.packs.schema import Pack
from kedang.people.models import Appointment
from tests.registers.house import BOOKS, matter
from tests.registers.house import house as books
from tests.world import World

LATE_LOANS = {"from": 1, "measure": "提醒"}, {"from": 2, "amount": {"fen": 5000}, "measure": "通报"}
PARTS: dict[str, Any] = {
    "posts": {"branch_head": {"title": "分公司负责人", "per": "unit", "head": True}},
    "clocks": {
        "back": {"title": "三日归还", "article": "3.1c", "starts": {"operation": "loan.lend"}, "stops": ["loan.back"],
                 "within": {"days": 3}},
    },
    "rounds": {
        "monthly": {"title": "每月核对", "article": "2.2b", "every": {"months": 1}, "by": {"role": "archivist"},
                    "done_by": ["note.keep"]},
    },
    "measures": {
        "loans": {"title": "借阅次数", "of": "staff", "count": {"register": "loans"}, "article": "3.1c"},
        "out": {"title": "在外", "of": "unit", "count": {"register": "loans", "state": ["out"]}, "article": "3.1c"},
        "originals": {"title": "借原件", "of": "unit", "article": "3.1c",
                      "count": {"register": "loans", "where": {"original": ["yes"]}}},
        "days": {"title": "借阅天数", "of": "company", "sum": {"register": "loans"}, "item": "days"},
        "mean_days": {"title": "平均天数", "of": "company", "average": {"register": "loans"}, "item": "days"},
        "longest": {"title": "最长", "of": "company", "highest": {"register": "loans"}, "item": "days"},
        "shortest": {"title": "最短", "of": "company", "lowest": {"register": "loans"}, "item": "days"},
        "in_time": {"title": "按期归还率", "of": "unit", "in_time": "back", "unit": "%", "article": "3.1c"},
        "late": {"title": "逾期", "of": "staff", "late": "back", "article": "3.1c"},
        "checked": {"title": "核对率", "of": "company", "done": "monthly", "unit": "%", "article": "2.2b"},
        "unchecked": {"title": "漏核", "of": "company", "missed": "monthly"},
        "opened": {"title": "建档", "of": "staff", "deeds": ["customer.open"], "article": "2.1a"},
        "refused": {"title": "被拒", "of": "staff", "refused": ["loan.lend"]},
        "complete": {"title": "完整率", "of": "dossier", "quality": "completeness", "unit": "%", "article": "2.1a"},
        "valid": {"title": "合规率", "of": "dossier", "quality": "validity", "unit": "%"},
        "age": {"title": "天数", "of": "dossier", "quality": "age_days", "unit": "天"},
        "size": {"title": "资本", "of": "dossier", "field": "capital"},
        "class": {"title": "密级", "of": "dossier", "field": "level"},
    },
    "scores": {
        "care": {"title": "借阅管理分", "of": "unit", "over": "quarter", "base": 40, "article": "3.1c",
                 "parts": [{"measure": "in_time", "weight": 60}, {"measure": "out", "bands": [
                     {"points": 0}, {"from": 1, "points": -10}]}],
                 "limit": {"min": 0, "max": 100}, "grades": [{"grade": "差"}, {"from": 60, "grade": "好"}]},
        "share": {"title": "逾期占比", "of": "staff",
                  "formula": {"divide": [{"multiply": [{"measure": "late"}, {"number": 100}]}, {"measure": "loans"}]}},
        "quality": {"title": "资料质量", "of": "dossier", "parts": [{"measure": "complete", "weight": 50},
                                                                {"measure": "valid", "weight": 50}],
                    "limit": {"max": 100}, "grades": [{"grade": "待改进"}, {"from": 90, "grade": "优"}]},
    },
    "sanctions": {
        "late_loans": {"title": "逾期不还", "late": "back", "of": "applicant", "over": "year", "article": "3.1c",
                       "degrees": list(LATE_LOANS), "cap": {"fen": 8000}, "warning": "不得违反工资规定。",
                       "appeal_days": 5},
        "heavy": {"title": "严重投诉", "kind": "discipline", "of": "unit", "over": "always", "article": "2.1d",
                  "rows": {"register": "complaints", "where": {"weight": ["heavy"]}}, "degrees": [{"measure": "通报"}]},
        "unchecked": {"title": "漏核对", "missed": "monthly", "of": "holder", "over": "quarter", "article": "2.2b",
                      "degrees": [{"amount": {"points": -2}}]},
        "prize": {"title": "拾遗奖", "kind": "reward", "flow": "keeper", "degrees": [{"amount": {"fen": 10000}}]},
    },
    "forms": BOOKS["forms"] | {
        "appraisal": {"title": "考核表", "items": {
            "unit": {"title": "单位", "type": "unit", "required": True},
            "care": {"title": "系统测算", "type": "computed", "score": "care"}}},
    },
    "registers": BOOKS["registers"] | {"appraisals": {"title": "考核登记簿", "form": "appraisal"}},
    "operations": BOOKS["operations"] | {
        "unit.appraise": {"title": "考核", "about": "site", "opens": "appraisals", "who": ["archivist"],
                          "article": "2.1d", "needs": {"form": "appraisal"}, "rules": [{"article": "2.1d"}]},
    },
}  # fmt: skip


def house(world: World) -> Pack:
    """Put it into force."""
    return books(world, **PARTS)


def lend(world: World, code: str, by: str = "clerk", **form: Any) -> str:
    """Lend a dossier; the reference of the row."""
    answers = {"days": "3", "why": "对账需要核对原件", "original": "否"} | form
    return f"row:loans/{matter(world, 'loan.lend', f'dossier:{code}', by, **answers).outcome['number']}"


def back(world: World, row: str, by: str = "clerk") -> None:
    """Bring it back."""
    matter(world, "loan.back", row, by, whole="是")


def tick() -> None:
    """One turn of the clocks."""
    clocks.tick(clock.now_us())


def head(world: World, username: str, unit: str) -> None:
    """Seat the head of a unit."""
    Appointment.objects.create(
        staff=world.staff[username], unit=world.units[unit], post="branch_head", since_us=clock.now_us() - 1
    )
