"""Assigning and filing: who may take a dossier, and what has to be in it before it is put away."""

from __future__ import annotations

import pytest

from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, OpenDossier
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry, Version
from tests.world import GOOD_CODE, World


@pytest.fixture
def code(world: World) -> str:
    return world.open(
        "西安示例机电有限公司",
        credit_code=GOOD_CODE,
        region="610100",
        contact_name="王小明",
        contact_phones="13800138000",
    )


def seat() -> tuple[str, str]:
    dossier = Dossier.objects.select_related("unit", "owner").get()
    return dossier.unit.code, dossier.owner.username if dossier.owner else ""


@pytest.mark.parametrize(
    ("by", "owner", "unit", "ends"),
    [
        ("head", "manager", "", ("XA", "manager")),
        ("head", "", "", ("XA", "clerk")),
        ("head", "MANAGER", "XA", ("XA", "manager")),
        ("archivist", "stranger", "BJ", ("BJ", "stranger")),
    ],
)
def test_handed_over_to(world: World, code: str, by: str, owner: str, unit: str, ends: tuple[str, str]) -> None:
    world.do("customer.assign", f"dossier:{code}", AssignDossier(owner=owner, unit=unit), by=by)
    assert seat() == ends


@pytest.mark.parametrize(
    ("by", "owner", "unit", "code_of_refusal"),
    [
        ("head", "manager", "BJ", "denied"),
        ("archivist", "", "BJ", "denied"),
        ("archivist", "stranger", "", "denied"),
        ("archivist", "sysop", "", "denied"),
        ("clerk", "manager", "", "denied"),
        ("head", "nobody", "", "not_found"),
        ("head", "manager", "ZZ", "not_found"),
        ("stranger", "stranger", "", "not_found"),
    ],
)
def test_not_handed_over_to(world: World, code: str, by: str, owner: str, unit: str, code_of_refusal: str) -> None:
    """Outside the actor's scope, out of the new owner's sight, or to nobody."""
    with pytest.raises((Refused, NotVisible)) as no:
        world.do("customer.assign", f"dossier:{code}", AssignDossier(owner=owner, unit=unit), by=by)
    assert no.value.code == code_of_refusal
    assert seat() == ("XA", "clerk")
    assert Version.objects.count() == 1


def test_nobody_files_their_own_and_filed_is_read_only(world: World, code: str) -> None:
    mine = world.do("customer.open", "-", OpenDossier(values={"name": "档案员自建公司"}), by="archivist").outcome[
        "code"
    ]
    for subject, by, ending in ((mine, "archivist", "denied"), (code, "clerk", "denied"), (code, "query", "denied")):
        with pytest.raises(Refused) as no:
            world.do("customer.file", f"dossier:{subject}", FileDossier(), by=by)
        assert (no.value.code, bool(no.value.articles)) == (ending, True)
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    for op, payload, by in (
        ("customer.file", FileDossier(), "head"),
        ("customer.amend", AmendDossier(values={"grade": "A"}), "archivist"),
    ):
        with pytest.raises(Refused) as no:
            world.do(op, f"dossier:{code}", payload, by=by, reason="改一改看")
        assert no.value.articles == ("3.1c",)
    assert Entry.objects.filter(op="customer.file", outcome="done").count() == 1


def test_a_doubtful_key_field_keeps_a_dossier_open(world: World) -> None:
    odd = GOOD_CODE[:-1] + "0"
    values = {
        "name": "可疑机电有限公司", "credit_code": odd, "region": "610100", "contact.name": "王小明",
        "contact.phones": "13800138000",
    }  # fmt: skip
    code = world.do("customer.open", "-", OpenDossier(values=values, confirm=True), reason="执照如此").outcome["code"]
    with pytest.raises(Refused) as no:
        world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    assert (no.value.code, no.value.missing) == ("invalid", ("credit_code",))
    world.amend(code, credit_code=GOOD_CODE)
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")


def test_a_public_customer_has_a_level(world: World, code: str) -> None:
    """Level 0 is a level: filing must not take it for an empty field."""
    world.amend(code, level="public")
    world.amend(code, grade="A")
    with pytest.raises(Invalid):
        world.amend(code, level="")
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    assert Dossier.objects.get().level == 0
