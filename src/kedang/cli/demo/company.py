"""Who works in the sample company: everybody a pack has a role for, spread over head office and branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

from kedang.cli.demo import words
from kedang.cli.demo.words import City
from kedang.packs.schema import Pack

COMPANY = "华辰实业（演示）有限公司"
HEAD_OFFICE = "HQ"
STAFF = 12
PEOPLE = (
    ("chenzhiyuan", "陈志远"), ("linxiaodong", "林晓东"), ("zhoumin", "周敏"), ("sunlihua", "孙丽华"),
    ("hejianguo", "何建国"), ("wangfang", "王芳"), ("liulei", "刘磊"), ("zhaoyan", "赵艳"), ("xuwenbo", "徐文博"),
    ("guojing", "郭静"), ("machao", "马超"), ("liangyutong", "梁雨桐"), ("songsiyuan", "宋思远"), ("tangjie", "唐杰"),
    ("fengjiayi", "冯佳怡"), ("donghaoran", "董浩然"), ("xiaoxinyi", "萧欣怡"), ("chengguodong", "程国栋"),
)  # fmt: skip
"""Invented people; the first one founds the site."""
_LEADS_FIRST = ("customer.file", "customer.assign", "import.commit", "customer.amend")


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the company and the cities its customers are in."""

    code: str
    name: str
    cities: Sequence[City]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as the sample company seats them."""

    username: str
    name: str
    role: str
    unit: str
    clearance: int
    scope: str


BRANCHES = (
    Branch("NORTH", "华北分公司", words.NORTH),
    Branch("EAST", "华东分公司", words.EAST),
    Branch("SOUTH", "华南分公司", words.SOUTH),
)


def staff_of(pack: Pack) -> list[Person]:
    """Everybody: the holder of the accounts first, each role at least once, branches filled up to twelve people."""
    central = [code for code, role in pack.roles.items() if not role.content or role.max_scope == "all"]
    central.sort(key=lambda code: (code not in _openers(pack), pack.roles[code].content))
    local = sorted((code for code in pack.roles if code not in central), key=lambda code: _rank(pack, code))
    seats = [(role, HEAD_OFFICE) for role in central]
    seats += _branch_seats(local, max(len(local), STAFF - len(seats)))
    return [_person(pack, who, role, unit) for who, (role, unit) in zip(PEOPLE, seats, strict=False)]


def _branch_seats(roles: Sequence[str], number: int) -> Iterable[tuple[str, str]]:
    turns = zip(cycle(roles), cycle(branch.code for branch in BRANCHES), range(number), strict=False)
    return [(role, unit) for role, unit, _number in turns] if roles else []


def _person(pack: Pack, who: tuple[str, str], role: str, unit: str) -> Person:
    said = pack.roles[role]
    return Person(*who, role, unit, int(said.max_clearance), said.max_scope)


def _openers(pack: Pack) -> frozenset[str]:
    rule = pack.operations.get("people.create")
    return rule.who if rule else frozenset()


def _rank(pack: Pack, role: str) -> tuple[int, str]:
    """Those who lead and file before those who enter, those who only look last."""
    may = [at for at, op in enumerate(_LEADS_FIRST) if op in pack.operations and role in pack.operations[op].who]
    return (may[0] if may else len(_LEADS_FIRST), role)
