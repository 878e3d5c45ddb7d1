"""Who works in the sample company: everybody a pack has a role for, spread over head office and branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from pypinyin import lazy_pinyin

from kedang.cli.demo import words
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Given, decide
from kedang.packs.organisation import Post, Role
from kedang.packs.schema import Pack

COMPANY = "华辰实业（演示）有限公司"
HEAD_OFFICE = "HQ"
SURNAMES = ["陈", "林", "周", "孙", "何", "王", "刘", "赵", "徐", "郭", "马", "梁", "宋", "唐", "冯", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石"]  # fmt: skip  # noqa: E501
GIVEN = ["志远", "晓东", "敏", "丽华", "建国", "芳", "磊", "艳", "文博", "静", "超", "雨桐", "思远", "杰", "佳怡", "浩然", "欣怡", "国栋", "海燕", "俊峰", "雪梅", "立新", "婷婷", "子轩", "春晖", "慧敏", "永强", "玉兰", "晨曦", "光明"]  # fmt: skip  # noqa: E501
"""Invented people; the first one founds the site."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the company; `added` where the regulation itself does not describe it."""

    code: str
    name: str
    kind: str
    parent: str
    added: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as the sample company seats them."""

    username: str
    name: str
    roles: tuple[str, ...]
    unit: str
    clearance: int
    scope: str
    posts: tuple[tuple[str, str], ...] = ()
    """Post and the unit it belongs to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole company: places and people, the founder first."""

    places: Sequence[Place]
    people: Sequence[Person]

    @property
    def branches(self) -> list[Place]:
        """Where the daily work is done: the branches, or the departments of people who see only their own."""
        found = [place for place in self.places if place.kind == "branch" or place.added]
        own = {person.unit for person in self.people if person.scope == "unit" and not person.posts}
        return found or [place for place in self.places if place.code in own]


ADDED = (("NORTH", "华北"), ("EAST", "华东"), ("SOUTH", "华南"))
CITIES = (words.NORTH, words.EAST, words.SOUTH)


def plan_of(pack: Pack) -> Plan:
    """The sample company of a regulation: its units, every post held, every role at least once.

    Who founds the site holds no post: nobody appoints themselves.
    """
    places = _places(pack)
    top = places[0].code
    wanted: list[tuple[frozenset[str], str, tuple[tuple[str, str], ...]]] = []
    usual = {role: code for code, unit in pack.units.items() for role in sorted(unit.roles)}
    for code, post in pack.posts.items():
        wanted += [(post.roles, _home(post.roles, unit, usual), ((code, unit),)) for unit in _seats(post, places)]
    held = {role for roles, _unit, _posts in wanted for role in roles}
    local = [place.code for place in places if place.kind == "branch" or place.added]
    turn = cycle(local or [place.code for place in places[1:]] or [top])
    for code in (code for code in pack.roles if code not in held):
        home = usual.get(code) or (next(turn) if _is_local(pack.roles[code]) else top)
        wanted.append((frozenset({code}), home, ()))
    there = {(role, unit) for roles, unit, _posts in wanted for role in roles}
    enter = [code for code, role in pack.roles.items() if _is_local(role) and _may_import(pack, code)]
    wanted += [(frozenset({code}), unit, ()) for code in enter for unit in local if (code, unit) not in there]
    office = next((code for code, role in pack.roles.items() if role.office == "system"), next(iter(pack.roles)))
    if not any(office in roles and not posts for roles, _unit, posts in wanted):
        wanted.append((frozenset({office}), top, ()))
    wanted.sort(key=lambda each: office not in each[0] or bool(each[2]))
    return Plan(places, [_person(pack, number, *each) for number, each in enumerate(wanted)])


def _home(roles: frozenset[str], seat: str, usual: Mapping[str, str]) -> str:
    """Where the holder of a post works: the usual place of the role, else where the post is."""
    return next((usual[role] for role in sorted(roles) if role in usual), seat)


def _places(pack: Pack) -> list[Place]:
    """The regulation's own units; and where clerks work by unit but it names no branches, three more."""
    own = [Place(code, unit.title, unit.kind, unit.parent or "") for code, unit in pack.units.items()]
    places = own or [Place(HEAD_OFFICE, COMPANY, "company", "")]
    entering = any(_is_local(role) and _may_import(pack, code) for code, role in pack.roles.items())
    if entering and not any(place.kind == "branch" for place in places):
        kind, word = (
            ("branch", "分公司") if any(p.per == "branch" for p in pack.posts.values()) else ("department", "业务部")
        )
        places += [Place(code, f"{name}{word}", kind, places[0].code, added=True) for code, name in ADDED]
    return places


def _seats(post: Post, places: Sequence[Place]) -> list[str]:
    if post.unit:
        return [post.unit]
    if post.per == "company":
        return [places[0].code]
    return [place.code for place in places if post.per in ("unit", place.kind)]


def _person(
    pack: Pack, number: int, roles: frozenset[str], unit: str, posts: tuple[tuple[str, str], ...]
) -> Person:  # fmt: skip
    name = SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7 + number // len(SURNAMES)) % len(GIVEN)]
    said = [pack.roles[role] for role in roles]
    widest = max((role.max_scope for role in said), key=("own", "unit", "unit_below", "all").index, default="own")
    highest = max((int(role.max_clearance) for role in said), default=0)
    username = "".join(lazy_pinyin(name)) + ("" if number < len(SURNAMES) else str(number))
    return Person(username, name, tuple(sorted(roles)), unit, highest, widest, posts)


def _is_local(role: Role) -> bool:
    return role.content and role.max_scope != "all"


def _may_import(pack: Pack, role: str) -> bool:
    """Whether the regulation lets holders of a role take files in."""
    by = Actor("somebody", roles=frozenset({role}), clearance=int(Level.TOP_SECRET))
    facts = Facts(channel="import", state="staged", rel=frozenset({"in_scope", "applicant", "same_unit"}))
    return "import.commit" in pack.operations and decide(pack, "import.commit", by, facts, Given()).allow


def may_import(pack: Pack, person: Person) -> bool:
    """Whether a person holds a role that takes files in."""
    return any(_may_import(pack, role) for role in person.roles)
