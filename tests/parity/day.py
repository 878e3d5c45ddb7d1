"""One working day of five hundred deeds, allowed and not, always the same: who does what is drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kedang.customers import present, selectors
from kedang.customers.finding import find
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, OpenDossier, RevealField
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.people.payloads import AmendStaff, ClearStaff, CreateStaff, GrantRole, RevokeRole
from kedang.standards import checkchar
from tests.conftest import Clock
from tests.world import World

DEEDS = 500
PLACES, TRADES = ("西安", "北京", "宝鸡", "咸阳"), ("机电", "置业", "移动通信", "医药", "粮油")
REGIONS = ("610100", "110000", "陕西省宝鸡市", "")
WRITERS = (*("clerk", "archivist") * 3, "manager", "stranger", "head", "query", "sysop")
PHONES = ("13800138000", "029-88256789", "13900139000;02988250000", "+8613700137000", "12")


@dataclass
class Day:
    """The dice, the clock and what has happened so far."""

    world: World
    clock: Clock
    chance: random.Random = field(default_factory=lambda: random.Random(20260302))
    codes: list[str] = field(default_factory=list)
    hired: int = 0

    def play(self) -> list[str]:
        """Live through the day; how each deed ended, in order."""
        deeds: list[Callable[[], str]] = [
            self.open, self.open, self.open, self.amend, self.amend, self.amend, self.amend, self.reveal, self.assign,
            self.file, self.staff, self.read, self.read,
        ]  # fmt: skip
        endings = []
        for _ in range(DEEDS):
            self.clock.advance(seconds=self.chance.randint(1, 90))
            endings.append(self.chance.choice(deeds)())
        return endings

    def open(self) -> str:
        name = f"{self.chance.choice(PLACES)}{self.chance.choice(TRADES)}{self.chance.randint(1, 60)}号有限公司"
        values = {"name": name, "region": self.chance.choice(REGIONS)}
        if self.chance.random() < 0.4:
            values["contact.name"], values["contact.phones"] = "王小明", self.chance.choice(PHONES)
        if self.chance.random() < 0.2:
            values |= {"kind": "person", "name": f"张{self.chance.choice('一二三四五六七八九')}"}
        if self.chance.random() < 0.3:
            values["level"] = self.chance.choice(("internal", "秘密", "secret", "绝密", "?"))
        return self.do("customer.open", "-", OpenDossier(values=values, confirm=True))

    def amend(self) -> str:
        raw = {
            "short_name": self.chance.choice(("甲", "乙", "")), "name": f"更名{self.chance.randint(1, 99)}公司",
            "address": f"某路{self.chance.randint(1, 999)}号",
            "capital": self.chance.choice(("500万元", "1,000 USD", "x")),
            "registered_on": self.chance.choice(("2024-02-29", "2023年1月31日", "2023-02-30")),
            "contact.phones": self.chance.choice((*PHONES, "")), "contact.email": self.chance.choice(("a@b.cn", "坏")),
            "level": self.chance.choice(("internal", "confidential", "")),
            "kind": self.chance.choice(("organisation", "person")),
        }  # fmt: skip
        keys = self.chance.sample(sorted(raw), self.chance.randint(1, 3))
        payload = AmendDossier(
            values={key: raw[key] for key in keys}, base_version=self.chance.choice((0, 0, 1, 2, 9)), confirm=True
        )
        return self.do("customer.amend", self.some(), payload)

    def reveal(self) -> str:
        return self.do("customer.reveal", self.some(), RevealField(field="contact.phones"))

    def assign(self) -> str:
        payload = AssignDossier(
            owner=self.chance.choice(("clerk", "manager", "stranger", "nobody", "")),
            unit=self.chance.choice(("XA", "BJ", "", "ZZ")),
        )
        return self.do("customer.assign", self.some(), payload, by=self.chance.choice(("head", "archivist", "clerk")))

    def file(self) -> str:
        return self.do("customer.file", self.some(), FileDossier(), by=self.chance.choice(("archivist", "head")))

    def staff(self) -> str:
        self.hired += 1
        subject = f"staff:{self.chance.choice(('query', 'new1', 'new2', 'new5', 'auditor'))}"
        role = self.chance.choice(("reviewer", "auditor", "entry_clerk", "king"))
        op, payload = self.chance.choice(
            (
                ("people.create", CreateStaff(username=f"new{self.hired}", name="新人", unit="XA")),
                ("people.amend", AmendStaff(unit=self.chance.choice(("XA", "BJ")))),
                ("people.clear", ClearStaff(clearance=self.chance.randint(0, 4))),
                ("people.grant", GrantRole(role=role)),
                ("people.revoke", RevokeRole(role=role)),
            )
        )
        by = self.chance.choice(("sysop", "secop", "clerk"))
        return self.do(op, "-" if op == "people.create" else subject, payload, by=by)

    def read(self) -> str:
        by = self.world.actor(self.chance.choice(WRITERS))
        text = self.chance.choice(("公司", "机电", "8000", "zy", "29 8825", "更名7公司", ""))
        page = find(by, text, {"region": self.chance.choice(("", "61", "陕西省"))}, limit=20)
        rows = present.listed(by, page.rows, query=text)
        if page.rows and self.chance.random() < 0.5:
            dossier = selectors.dossier_by_code(by, page.rows[0].code)
            return str((present.opened(by, dossier).by_key, [e.changes for e in present.history(by, dossier)]))
        return str(([row.code for row in rows], page.total))

    def do(self, op: str, subject: str, payload: Payload, by: str = "") -> str:
        """Perform, and say how it ended; some are sent twice under one key."""
        actor = self.world.actor(by or self.chance.choice(WRITERS))
        reason = self.chance.choice(("客户来电更正", "按原件更正", ""))
        key = f"{op}{self.chance.randint(1, 400)}" if self.chance.random() < 0.3 else None
        try:
            call = perform(op, by=actor, subject=subject, payload=payload, reason=reason, key=key)
        except NotVisible:
            return "not_found"
        except Refused as no:
            return f"{no.code} {no.articles} {no.missing} {no.detail}"
        if op == "customer.open":
            self.codes.append(str(call.outcome["code"]))
        return f"{call.state} {call.subject} {call.outcome}"

    def some(self) -> str:
        """A dossier of the day, or one that never was."""
        return f"dossier:{self.chance.choice([*self.codes[-40:], checkchar.code_for(99_999)])}"


def calls_in_order() -> dict[int, int]:
    """The rank of each call: a refused deed costs PostgreSQL a number and SQLite none."""
    return {pk: rank for rank, pk in enumerate([0, *Call.objects.order_by("pk").values_list("pk", flat=True)])}
