"""A small regulation with a control of each kind, made from the plain one; a test may change any part of it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from kedang.packs.checking import check_bytes
from kedang.packs.schema import Pack

PLAIN = Path(__file__).parent.parent / "packs" / "plain.yaml"
ARTICLES = {
    "1": ("归档后不改", ["T-01"]),
    "2": ("看敏感信息说明理由", ["T-02"]),
    "3": ("建档三日内更新", ["T-03"]),
    "4": ("每季核查", ["T-04"]),
    "5": ("保密承诺", ["T-05"]),
    "6": ("留痕", ["T-06"]),
    "7": ("销毁", ["T-07"]),
    "8": ("来访登记", ["T-08"]),
    "9": ("换版须批准", ["T-09"]),
    "10": ("归档与登记", ["T-01", "T-08"]),
}
CONTROLS: dict[str, dict[str, Any]] = {
    "T-01": {
        "kind": "enforced", "type": "WF",
        "probes": [
            {"operation": "customer.amend", "roles": ["archivist"], "facts": {"state": "filed"}, "given": True,
             "expect": "denied"}
        ],
    },
    "T-02": {
        "kind": "enforced", "type": "SEC",
        "probes": [
            {"operation": "customer.reveal", "roles": ["archivist"], "expect": "incomplete", "missing": "reason"}
        ],
    },
    "T-03": {
        "kind": "monitored", "type": "DL",
        "times": [{"clock": "first_update", "from": "2026-09-30T10:00", "due": "2026-10-03T24:00"}],
    },
    "T-04": {
        "kind": "monitored", "type": "DL",
        "times": [{"round": "quarterly", "from": "2026-02-01T09:00", "due": "2026-03-31T24:00"}],
    },
    "T-05": {"kind": "attested", "type": "REG"},
    "T-06": {"kind": "observed", "type": "SEC", "invariant": "deeds_recorded"},
    "T-07": {"kind": "enforced", "type": "RET", "available": False},
    "T-08": {"kind": "monitored", "type": "REG"},
    "T-09": {
        "kind": "enforced", "type": "WF",
        "probes": [
            {"operation": "pack.adopt", "roles": ["executive"], "given": True, "expect": "signature",
             "signer": {"role": "auditor"}}
        ],
    },
}  # fmt: skip
Change = Callable[[dict[str, Any]], None]


def nothing(data: dict[str, Any]) -> None:
    """Leave the regulation as it is."""


def source(change: Change = nothing) -> bytes:
    """The YAML of the regulation, changed by the test."""
    data = YAML(typ="safe", pure=True).load(PLAIN.read_text(encoding="utf-8"))
    _without_old_articles(data)
    data["meta"] |= {"name": "kept", "title": "小公司客户资料制度", "number": "KD-T-01", "edition": "A"}
    _parts(data)
    data["articles"] = {
        number: {"title": title, "text": f"{title}，概括如此。", "controls": controls}
        for number, (title, controls) in ARTICLES.items()
    }
    data["controls"] = {name: dict(control) for name, control in CONTROLS.items()}
    change(data)
    out = BytesIO()
    YAML(typ="rt", pure=True).dump(data, out)  # keeps the order: states stand in the order of a life
    return out.getvalue()


def pack(change: Change = nothing) -> Pack:
    """The regulation itself before the law, however much it claims."""
    found, _ = check_bytes(source(change), "kept.yaml")
    assert found is not None
    return found


def _without_old_articles(part: Any) -> None:
    """Take every tag of the plain regulation away."""
    if isinstance(part, dict):
        part.pop("article", None)
        part.pop("controls", None)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without_old_articles(inner)


def _parts(data: dict[str, Any]) -> None:
    operations = data["operations"]
    operations["customer.amend"]["rules"][0] |= {"article": "1", "controls": ["T-01"]}
    operations["customer.reveal"]["needs"] |= {"article": "2", "controls": ["T-02"]}
    operations["pack.adopt"]["rules"] = [{"flow": "adoption", "article": "9", "controls": ["T-09"]}]
    operations["secrecy.promise"] = _matter("签署保密承诺", "staff", "5", "T-05", form="promise", signs="secrecy")
    operations["visit.note"] = _matter("登记来访", "site", "8", "T-08", form="visit", opens="visits")
    operations["stock.check"] = _matter("季度核查", "site", "4", "T-04", form="visit", opens="checks")
    data["flows"] = {
        "adoption": {"title": "换版", "steps": [{"of": {"role": "auditor"}}], "article": "9", "controls": ["T-09"]}
    }
    data["undertakings"] = {
        "secrecy": {"title": "保密承诺", "text": "我保守客户秘密。", "article": "5", "controls": ["T-05"]}
    }
    data["forms"] = {
        "promise": {"title": "承诺书", "statement": "我保守客户秘密。"},
        "visit": {"title": "登记表", "items": {"note": {"title": "事由", "required": True}}},
    }
    data["registers"] = {
        "visits": {"title": "来访登记簿", "form": "visit", "article": "8", "controls": ["T-08"]},
        "checks": {"title": "核查登记簿", "form": "visit"},
    }
    data["clocks"] = {
        "first_update": {
            "title": "首次更新", "starts": {"operation": "customer.open"}, "stops": ["customer.amend"],
            "within": {"days": 3, "until": "midnight"}, "article": "3", "controls": ["T-03"],
        }
    }  # fmt: skip
    data["rounds"] = {
        "quarterly": {
            "title": "季度核查", "every": {"months": 3}, "by": {"role": "archivist"}, "done_by": ["stock.check"],
            "article": "4", "controls": ["T-04"],
        }
    }  # fmt: skip


def _matter(title: str, about: str, article: str, control: str, *, form: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title, "about": about, "who": ["any_staff"], "in_scope": False, "article": article,
        "controls": [control], "needs": {"form": form}, "rules": [{"article": article}], **more,
    }  # fmt: skip
