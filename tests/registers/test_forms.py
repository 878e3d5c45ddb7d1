"""A form is read: what fits is kept by its kind, what does not is named with its item and how to mend it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.utils import translation

from kedang.files import storage
from kedang.governance.registers import forms
from kedang.governance.registers.forms import Answers
from kedang.kernel import clock
from kedang.kernel.errors import Invalid
from kedang.packs import grammars
from kedang.packs.schema import Pack
from kedang.standards import Finding
from tests.conftest import Clock
from tests.registers.house import house, lend
from tests.world import World


def read(world: World, pack: Pack, form: str, by: str = "clerk", require: bool = True, **raw: Any) -> Answers:
    return forms.read(pack, form, raw, by=world.actor(by), at_us=clock.now_us(), require=require)


def wrong(world: World, pack: Pack, form: str, by: str = "clerk", **raw: Any) -> dict[str, str]:
    """Item -> rule of what is wrong; each says in words what and how to mend it."""
    with pytest.raises(Invalid) as no:
        read(world, pack, form, by, **raw)
    for found in no.value.findings:
        assert isinstance(found, Finding)
        assert found.what()
        assert found.remedy()
    return {found.field: found.rule for found in no.value.findings}


@pytest.mark.database("sqlite")
def test_answers_are_read_by_their_type(frozen_clock: Clock, world: World) -> None:
    pack = house(world)
    code = world.open("西安示例机电有限公司")
    row = lend(world, code)
    given = read(
        world, pack, "complaint", kind="泄露", ways="电话、上门", loss="1.2万元", share="30%", text="客户来信",
        unit="XA", loan=row.number, dossier=code, way="letter", purpose="服务客户",
    )  # fmt: skip
    assert given.stored == {
        "kind": "leak", "ways": ["phone", "visit"], "loss": 1_200_000, "share": 30, "text": "客户来信", "unit": "XA",
        "loan": row.number, "dossier": code, "way": "letter", "purpose": "service", "weight": "heavy",
    }  # fmt: skip
    assert given.facts["ways"] == frozenset({"phone", "visit"})
    assert given.facts["loss"] == 1_200_000


@pytest.mark.database("sqlite")
def test_days_are_tested_as_days_from_today(frozen_clock: Clock, world: World) -> None:
    pack = house(world)
    given = read(world, pack, "visitor", name="王小明", arrived="2026年2月27日")
    assert (given.stored["arrived"], given.facts["arrived"]) == ("2026-02-27", -3)
    assert forms.facts_of(pack, "visitor", given.stored, clock.now_us() + 86_400_000_000)["arrived"] == -4
    assert wrong(world, pack, "visitor", name="王小明", arrived="2026-03-03") == {"arrived": "form.range_date"}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "item, text, rule",
    [
        ("kind", "别的", "form.choice"),
        ("ways", "电话,传真", "form.choice"),
        ("loss", "很多", "form.money"),
        ("loss", "100美元", "form.money"),
        ("loss", "-5", "form.range"),
        ("share", "101", "form.range"),
        ("share", "一半", "form.percent"),
        ("text", "请打 13800138000 联系", "form.personal"),
        ("text", "坏\x00字", "form.unreadable"),
        ("text", "字" * 501, "form.long"),
        ("unit", "ZZ", "form.unit"),
        ("loan", "借2026-9999", "form.row"),
        ("dossier", "C00000009X", "form.dossier"),
        ("proof", "0" * 32, "form.file"),
        ("way", "传真", "form.choice"),
        ("weight", "light", ""),
    ],
)
def test_what_cannot_stand_is_named(world: World, item: str, text: str, rule: str) -> None:
    pack = house(world)
    raw: dict[str, Any] = {"kind": "service", item: text}
    if not rule:
        assert read(world, pack, "complaint", **raw).stored["weight"] == "light"
        return
    assert wrong(world, pack, "complaint", **raw) == {item: rule}


@pytest.mark.database("sqlite")
def test_an_item_the_form_does_not_have_is_an_error(world: World) -> None:
    assert wrong(world, house(world), "complaint", kind="leak", knid="leak") == {"knid": "form.unknown"}


@pytest.mark.database("sqlite")
def test_required_items_and_those_required_by_another_answer(world: World) -> None:
    pack = house(world)
    assert wrong(world, pack, "loan") == {"days": "form.required", "why": "form.required", "original": "form.required"}
    assert wrong(world, pack, "loan", days="3", why="核对原件", original="是") == {"keeper": "form.required"}
    assert read(world, pack, "loan", require=False, days="3").stored == {"days": 3}


@pytest.mark.database("sqlite")
def test_an_item_that_is_not_asked_is_passed_over_whatever_was_typed(world: World) -> None:
    given = read(world, house(world), "loan", days="3", why="核对原件", original="否", keeper="nobody at all")
    assert "keeper" not in given.stored
    assert "keeper" not in given.facts


@pytest.mark.database("sqlite")
def test_a_code_is_kept_as_its_grammar_writes_it_and_refused_with_its_explanation(world: World) -> None:
    pack = house(world)
    whole = "H2026001" + grammars.check_over("mod11_2", "2026001")
    base: dict[str, Any] = {"days": "3", "why": "核对原件", "original": "否"}
    assert read(world, pack, "loan", **base, box=whole.lower()).stored["box"] == whole
    with pytest.raises(Invalid) as no:
        read(world, pack, "loan", **base, box="H20260010000")
    assert "盒号" in no.value.findings[0].remedy()


@pytest.mark.database("sqlite")
def test_a_file_is_taken_only_from_who_brought_it(world: World) -> None:
    pack = house(world)
    token = storage.put(io.BytesIO(b"proof"), "proof.txt", "clerk").token
    given = read(world, pack, "complaint", kind="leak", proof=token)
    assert given.files(pack) == (token,)
    assert wrong(world, pack, "complaint", by="manager", kind="leak", proof=token) == {"proof": "form.file"}


@pytest.mark.database("sqlite")
def test_a_dossier_one_may_not_see_cannot_be_named(world: World) -> None:
    pack = house(world)
    code = world.open("西安示例机电有限公司")
    assert wrong(world, pack, "complaint", by="stranger", kind="leak", dossier=code) == {"dossier": "form.dossier"}


@pytest.mark.database("sqlite")
def test_particulars_and_free_text_are_kept_apart_from_codes(world: World) -> None:
    pack = house(world)
    given = read(world, pack, "loan", days="3", why="核对原件", original="否", contact="王经理 13800138000")
    parts = forms.split(pack, "loan", given.stored)
    assert (dict(parts.plain), dict(parts.text)) == ({"days": 3, "original": "no"}, {"why": "核对原件"})
    assert dict(parts.personal) == {"contact": "王经理 13800138000"}


@pytest.mark.database("sqlite")
def test_a_signer_reads_yes_and_no_in_their_own_language(world: World) -> None:
    pack = house(world)
    with translation.override("zh-hans"):
        lines = forms.lines(pack, "loan", {"original": "yes", "days": "3"}, by=world.actor("clerk"))
    assert {line.title: line.after for line in lines} == {"借阅天数": "3", "是否原件": "是"}
