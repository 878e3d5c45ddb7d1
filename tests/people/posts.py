"""A regulation with posts, heads and branches for the tests of who is meant by whom."""

from __future__ import annotations

import yaml

from tests.company import PLAIN

UNITS = {
    "hq": {"title": "总公司", "kind": "company"},
    "office": {"title": "总部综合部", "kind": "department", "parent": "hq", "lead": True},
    "xa": {"title": "西安分公司", "kind": "branch", "parent": "hq"},
    "xa_sales": {"title": "西安销售部", "kind": "department", "parent": "xa"},
    "xa_one": {"title": "西安销售一组", "kind": "team", "parent": "xa_sales"},
    "bj": {"title": "北京分公司", "kind": "branch", "parent": "hq"},
}
POSTS = {
    "director": {"title": "总经理", "per": "company", "head": True},
    "branch_head": {"title": "分公司总经理", "per": "branch", "head": True, "roles": ["reviewer"]},
    "department_head": {"title": "部门负责人", "per": "department", "head": True, "least": 0},
    "keeper": {"title": "资料员", "per": "department", "least": 0, "most": 2},
    "lawyer": {"title": "法务", "unit": "office", "least": 1},
}


def source(**more: object) -> bytes:
    """The plain regulation with these units and posts, and whatever else a test adds."""
    pack = yaml.safe_load(PLAIN.read_bytes())
    pack |= {"units": UNITS, "posts": POSTS} | more
    pack["roles"]["query_clerk"] |= {"max_days": 10, "unused_days": 5}
    return yaml.safe_dump(pack, allow_unicode=True, sort_keys=False).encode()
