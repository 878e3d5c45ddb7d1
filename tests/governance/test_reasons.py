"""What stays in the ledger for good carries no telephone number, identity number or mail address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.customers.payloads import AmendDossier
from kedang.governance.gate import perform
from kedang.governance.reasons import require_clean
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.standards.private import holds_personal_number
from tests.world import World

PERSONAL = (
    "客户 13800138000 来电", "+8613800138000", "8613800138000", "0086 138 0013 8000", "138-0013-8000",
    "１３８００１３８０００", "1 3 8 0 0 1 3 8 0 0 0", "138.0013.8000", "2024-01-02 13800138000", "手机13800138000。",
    "029-88256789", "(029)88256789", "010 6552 9988", "02988256789",
    "11010519491231002X", "110105 19491231 002x", "证件110105194912310021号", "130503670401001", "110105-19491231-002X",
    "wang@example.com", "王@例子.中国", "a.b+c@mail.example.com.cn", "ｗａｎｇ＠example.com",
)  # fmt: skip
HARMLESS = (
    "客户来电更正", "2024-01-02 按原件", "合同 HT-2024-0001", "执照 91350100M000100Y43", "执照 916101317500000001",
    "第 12 条第 3 款", "金额 5000000.00 元", "单号 20240102000123", "批次 1234567", "C00000001X", "10:30—11:45", "",
)  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_personal(text: str) -> None:
    assert holds_personal_number(text)
    for reason, evidence in ((text, ()), ("按原件", (text,))):
        with pytest.raises(Refused) as no:
            require_clean(reason, evidence)
        assert no.value.code == "invalid"
        assert text not in no.value.one_line()


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    require_clean(text, (text,))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "·", "　"]))
def test_every_mobile_number_in_any_grouping(number: str, gap: str) -> None:
    assert holds_personal_number(f"请回电{gap.join((number[:3], number[3:7], number[7:]))}，谢谢")


@pytest.mark.parametrize(
    ("reason", "evidence", "missing"),
    [
        ("长" * 501, (), "reason"),
        ("a\x00b", (), "reason"),
        ("半个\ud800", (), "reason"),
        ("按原件", ("x",) * 21, "evidence"),
        ("按原件", ("x" * 201,), "evidence"),
        ("按原件", ("13800138000",), "evidence"),
    ],
)
def test_the_gate_takes_no_such_reason(world: World, reason: str, evidence: tuple[str, ...], missing: str) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(Refused) as no:
        perform(
            "customer.amend", by=world.actor("clerk"), subject=f"dossier:{code}",
            payload=AmendDossier(values={"grade": "A"}), reason=reason, evidence=evidence,
        )  # fmt: skip
    assert (no.value.code, no.value.missing) == ("invalid", (missing,))
    assert b"138" not in bytes(Entry.objects.latest("id").body)
