"""Undertakings are signed in a wording and for a time; another wording or a later day asks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import yaml

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.people import undertakings
from kedang.people.models import Undertaken
from tests.company import PLAIN, Company

SAID = {
    "secrecy": {"title": "保密承诺", "text": "不外泄客户资料。", "months": 6},
    "clerks": {"title": "录入承诺", "text": "如实录入。", "roles": ["entry_clerk"], "months": 0},
}


@pytest.fixture
def firm(company: Callable[..., Company]) -> Company:
    pack = yaml.safe_load(PLAIN.read_bytes()) | {"undertakings": SAID}
    for name in SAID:
        pack["operations"][f"people.sign_{name}"] = {
            "who": ["any_staff"], "in_scope": False, "title": name, "about": "site", "signs": name,
            "rules": [{"article": "3.2a"}],
        }  # fmt: skip
    return company(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False).encode())


def test_signed_for_a_time(firm: Company) -> None:
    now, clerk = clock.now_us(), firm.staff["entry_clerk"].pk
    assert undertakings.signed_by(clerk, now) == frozenset()
    row = undertakings.sign(clerk, "secrecy", at_us=now, call=1)
    undertakings.sign(clerk, "clerks", at_us=now, call=2)
    assert undertakings.signed_by(clerk, now) == {"secrecy", "clerks"}
    assert undertakings.signed_by(clerk, row.until_us) == {"clerks"}
    with pytest.raises(Refused):
        undertakings.sign(clerk, "nothing", at_us=now, call=3)


def test_a_matter_signs_it(firm: Company) -> None:
    with pytest.raises(Refused) as refused:
        firm.do("people.sign_secrecy", "-", by="entry_clerk")
    assert refused.value.code == "incomplete"
    firm.do("people.sign_secrecy", "-", by="entry_clerk", confirmed=True)
    assert undertakings.signed_by(firm.staff["entry_clerk"].pk, clock.now_us()) == {"secrecy"}


def test_another_wording_is_not_signed(firm: Company) -> None:
    now, clerk = clock.now_us(), firm.staff["entry_clerk"].pk
    undertakings.sign(clerk, "clerks", at_us=now, call=1)
    Undertaken.objects.update(text_digest="0" * 64)
    assert undertakings.signed_by(clerk, now) == frozenset()


def test_who_has_to_sign_what(firm: Company) -> None:
    now = clock.now_us()
    undertakings.sign(firm.staff["entry_clerk"].pk, "clerks", at_us=now, call=1)
    row = undertakings.sign(firm.staff["executive"].pk, "secrecy", at_us=now, call=2)
    due = {(each.username, each.name) for each in undertakings.due(firm.pack, now)}
    everybody = {(name, "secrecy") for name in firm.staff}
    assert due == (everybody - {("executive", "secrecy")}) | {("clerk_two", "clerks")}
    later = [each for each in undertakings.due(firm.pack, row.until_us) if each.username == "executive"]
    assert [(each.name, each.ended_us) for each in later] == [("secrecy", row.until_us)]


@pytest.mark.parametrize(
    ("signed", "months", "last_day"),
    [
        ("2026-01-31T10:00:00+08:00", 1, "2026-02-28"),
        ("2028-01-31T10:00:00+08:00", 1, "2028-02-29"),
        ("2026-10-15T23:59:00+08:00", 12, "2027-10-15"),
        ("2026-12-01T00:00:00+08:00", 3, "2027-03-01"),
    ],
)
def test_months_end_with_a_company_day(signed: str, months: int, last_day: str) -> None:
    at = clock.to_us(datetime.fromisoformat(signed))
    ends = undertakings.months_later(at, months)
    assert clock.company_day(ends - 1).isoformat() == last_day
    assert clock.company_day(ends).isoformat() > last_day
