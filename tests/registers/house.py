"""A company with books of its own, on the plain regulation: loans of dossiers, visitors, complaints, rewards."""

from __future__ import annotations

from typing import Any

import orjson
import yaml

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
BOOKS: dict[str, Any] = {
    "grammars": {
        "box": {
            "title": "盒号",
            "parts": [{"text": "H"}, {"date": "yyyy"}, {"digits": {"min": 3, "max": 3}}, {"check": "mod11_2"}],
        }
    },
    "numbering": {
        "loan": {"parts": [{"text": "借"}, {"date": "yyyy"}, {"text": "-"}, {"serial": 4}], "restart": "yearly"},
        "visit": {
            "parts": [{"unit": True}, {"text": "-"}, {"date": "yyyymmdd"}, {"text": "-"}, {"serial": 2}],
            "restart": "daily", "per_unit": True,
        },
        "complaint": {
            "parts": [{"item": "kind"}, {"date": "yy"}, {"serial": 4}, {"check": "mod37_2"}], "restart": "never"
        },
    },
    "tables": {
        "weight": {
            "title": "轻重", "inputs": {"kind": "类别", "loss": "损失"},
            "rows": [
                {"when": {"loss": {"min": 1000001}}, "then": "heavy"},
                {"when": {"kind": ["leak"]}, "then": "heavy"},
            ],
            "otherwise": "light",
        }
    },
    "channels": {"phone": {"title": "电话"}, "letter": {"title": "信函"}},
    "purposes": {"service": {"title": "服务客户"}},
    "forms": {
        "loan": {
            "title": "客户资料借阅登记表", "number": "KD-B-07", "edition": "A/1",
            "statement": "我确认按期归还，不转借、不复制。", "signers": ["借阅人", "档案管理员"],
            "items": {
                "days": {"title": "借阅天数", "type": "number", "required": True, "range": {"min": 1, "max": 15}},
                "why": {"title": "用途说明", "type": "long_text", "required": True, "min_chars": 4},
                "box": {"title": "盒号", "grammar": "box"},
                "original": {"title": "是否原件", "type": "yes_no", "required": True},
                "keeper": {
                    "title": "随行保管人", "type": "staff", "only_if": {"item": "original", "is": ["yes"]},
                    "required_if": {"item": "original", "is": ["yes"]},
                },
                "contact": {"title": "对方联系人电话", "personal": True},
            },
        },
        "back": {
            "title": "归还记录",
            "items": {"whole": {"title": "是否完好", "type": "yes_no", "required": True}, "damage": {
                "title": "损坏情况", "only_if": {"item": "whole", "is": ["no"]}, "required": True}},
        },
        "visitor": {
            "title": "来访登记",
            "items": {
                "name": {"title": "来访人", "personal": True, "required": True},
                "arrived": {"title": "来访日期", "type": "date", "range": {"max": 0}, "required": True},
                "host": {"title": "接待人", "type": "staff"},
            },
        },
        "complaint": {
            "title": "投诉记录",
            "items": {
                "kind": {
                    "title": "类别", "type": "choice", "required": True,
                    "options": {"leak": "泄露", "service": "服务"},
                },
                "ways": {"title": "途径", "type": "choices", "options": {"phone": "电话", "visit": "上门"}},
                "loss": {"title": "损失", "type": "money", "range": {"min": 0}},
                "share": {"title": "责任比例", "type": "percent", "range": {"min": 0, "max": 100}},
                "text": {"title": "经过", "type": "long_text"},
                "proof": {"title": "佐证", "type": "file"},
                "unit": {"title": "责任部门", "type": "unit"},
                "loan": {"title": "有关借阅", "type": "row", "register": "loans"},
                "dossier": {"title": "有关客户", "type": "dossier"},
                "way": {"title": "答复方式", "type": "channel"},
                "purpose": {"title": "目的", "type": "purpose"},
                "weight": {"title": "轻重", "type": "computed", "table": "weight"},
            },
        },
        "looked": {"title": "查阅说明", "items": {"task": {"title": "事由", "required": True}}},
    },
    "registers": {
        "loans": {
            "title": "客户资料借阅登记簿", "number": "loan", "form": "loan", "article": "3.1c",
            "states": {"out": {"title": "借出"}, "back": {"title": "已还", "end": True}},
            "unique": ["subject"],
        },
        "visits": {"title": "来访登记簿", "number": "visit", "form": "visitor", "readers": ["archivist"]},
        "complaints": {
            "title": "投诉登记簿", "number": "complaint", "form": "complaint",
            "states": {
                "new": {"title": "受理"}, "heard": {"title": "已核实"}, "closed": {"title": "办结", "end": True}
            },
        },
        "looks": {"title": "查阅登记簿", "form": "looked"},
        "plain_book": {"title": "杂项登记簿"},
    },
    "flows": {
        "keeper": {"title": "档案管理员同意", "steps": [{"title": "档案管理员", "of": {"role": "archivist"}}]},
    },
    "undertakings": {"secrecy": {"title": "保密承诺", "text": "我承诺保守客户秘密。", "months": 12}},
    "operations": {
        "loan.lend": {
            "title": "借阅客户资料", "about": "dossier", "opens": "loans", "who": CLERKS, "article": "3.1c",
            "needs": {"form": "loan"},
            "rules": [{"when": {"items": {"days": {"min": 11}}}, "deny": True, "article": "3.1c"}, {"article": "3.1c"}],
        },
        "loan.back": {
            "title": "归还客户资料", "about": "row", "who": CLERKS, "article": "3.1c", "needs": {"form": "back"},
            "moves": {"register": "loans", "from": ["out"], "to": "back"}, "rules": [{"article": "3.1c"}],
        },
        "loan.pass_on": {
            "title": "转交客户资料", "about": "row", "who": ["archivist"], "article": "3.1c",
            "moves": {"register": "loans", "from": ["out"], "to": "out"}, "rules": [{"article": "3.1c"}],
        },
        "visit.note": {
            "title": "登记来访", "about": "site", "opens": "visits", "who": ["any_staff"], "article": "3.1d",
            "needs": {"form": "visitor"}, "rules": [{"article": "3.1d"}],
        },
        "complaint.take": {
            "title": "受理投诉", "about": "site", "opens": "complaints", "who": CLERKS, "article": "2.1d",
            "needs": {"form": "complaint"}, "rules": [{"article": "2.1d"}],
        },
        "complaint.hear": {
            "title": "核实投诉", "about": "row", "in_scope": False, "who": ["archivist", "reviewer"], "article": "2.1d",
            "moves": {"register": "complaints", "from": ["new"], "to": "heard"},
            "rules": [{"when": {"items": {"weight": ["heavy"]}, "rel": ["applicant"]}, "deny": True,
                       "article": "2.1d"}, {"article": "2.1d"}],
        },
        "complaint.close": {
            "title": "办结投诉", "about": "row", "who": ["archivist"], "article": "2.1d",
            "moves": {"register": "complaints", "from": ["heard"], "to": "closed"}, "rules": [{"article": "2.1d"}],
        },
        "people.undertake": {
            "title": "签署保密承诺", "about": "site", "signs": "secrecy", "who": ["any_staff"], "in_scope": False,
            "article": "3.2a", "rules": [{"article": "3.2a"}],
        },
        "consult.ask": {
            "title": "申请查阅", "about": "dossier", "who": CLERKS, "article": "3.1c",
            "grants": {"for": {"days": 3, "until": "midnight"}, "clear": True}, "rules": [{"article": "3.1c"}],
        },
        "loan.far": {
            "title": "借出到外地", "about": "dossier", "opens": "loans", "who": CLERKS, "article": "3.1c",
            "needs": {"form": "loan"}, "rules": [{"flow": "keeper", "article": "3.1c"}],
        },
        "note.keep": {
            "title": "记一笔", "about": "unit", "opens": "plain_book", "who": CLERKS, "article": "3.1d",
            "rules": [{"article": "3.1d"}],
        },
    },
}  # fmt: skip


def house(world: World, **changes: Any) -> Pack:
    """Put the books into force on top of the plain regulation; `changes` replace whole parts of them."""
    source = yaml.safe_load(PLAIN.read_text(encoding="utf-8"))
    source["meta"] |= {"name": "house", "edition": "1"}
    books = BOOKS | changes
    for name, part in books.items():
        source[name] = source.get(name, {}) | part
    source["operations"]["customer.reveal"] |= {"registers": ["looks"], "needs": {"form": "looked"}}
    adopt(orjson.dumps(source), "house.yaml", by="boss", at_us=clock.now_us())
    return in_force()


def matter(world: World, op: str, subject: str, by: str = "clerk", confirmed: bool = True, **form: Any) -> Call:
    """Do a matter of the house."""
    return perform(op, by=world.actor(by), subject=subject, payload=Matter(), form=form, confirmed=confirmed)


def lend(world: World, code: str, by: str = "clerk", **form: Any) -> Row:
    """Lend a dossier, and give the row."""
    answers = {"days": "3", "why": "对账需要核对原件", "original": "否"} | form
    call = matter(world, "loan.lend", f"dossier:{code}", by, **answers)
    return Row.objects.get(register="loans", number=call.outcome["number"])
