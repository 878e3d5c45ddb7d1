"""Idempotency keys: however often a request is sent, it is one deed, and one answer."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from typing import Any

import pytest

from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier, OpenDossier, RevealField
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.packing import canonical_json
from kedang.ledger.models import Entry
from tests.world import World


def test_any_order_of_requests_and_repeats_does_each_once(world: World) -> None:
    """Sixty requests drawn from few keys and contents behave as a table `(person, key) -> content` says."""
    chance = random.Random(7)
    code = world.open("西安示例机电有限公司")
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for _ in range(60):
        who, key = chance.choice(("clerk", "archivist")), chance.choice(("k1", "k2", "k3", ""))
        note = chance.choice(("甲", "乙"))
        try:
            call = perform(
                "customer.amend", by=world.actor(who), subject=f"dossier:{code}",
                payload=AmendDossier(values={"note": note}), key=key or None,
            )  # fmt: skip
        except Refused as no:
            assert no.code == "key_reused"
            assert first[(who, key)][0] != note
            continue
        known = first.setdefault((who, key), (note, call.pk)) if key else (note, call.pk)
        assert known == (note, call.pk), "the same key and content give the first call back"
    keyed = Call.objects.exclude(key="")
    assert keyed.count() == len(first)
    assert Entry.objects.filter(outcome="refused").count() > 0, "each reuse is on record"
    done_entries = Entry.objects.filter(op="customer.amend", outcome="done").count()
    assert done_entries == Call.objects.filter(op="customer.amend").count(), "a repeat leaves no second entry"


@pytest.mark.parametrize("changed", ["subject", "op", "reason", "evidence"])
def test_another_request_under_the_same_key_is_refused(world: World, changed: str) -> None:
    codes = [world.open(f"{name}公司") for name in "甲乙"]
    asked: dict[str, Any] = {
        "name": "customer.amend", "by": world.actor("clerk"), "subject": f"dossier:{codes[0]}",
        "payload": AmendDossier(values={"note": "甲"}), "reason": "按原件", "key": "k",
    }  # fmt: skip
    perform(**asked)
    others: dict[str, dict[str, Any]] = {
        "subject": {"subject": f"dossier:{codes[1]}"},
        "op": {"name": "customer.open", "subject": "-", "payload": OpenDossier(values={"name": "丙公司"})},
        "reason": {"reason": "客户来电"},
        "evidence": {"evidence": ("file:1",)},
    }
    with pytest.raises(Refused) as no:
        perform(**(asked | others[changed]))
    assert no.value.code == "key_reused"
    assert Entry.objects.latest("id").outcome == "refused"
    assert Dossier.objects.count() == 2


def test_a_key_belongs_to_its_person_and_outlives_the_session(world: World) -> None:
    payload = OpenDossier(values={"name": "西安示例机电有限公司"})
    first = perform("customer.open", by=world.actor("clerk"), subject="-", payload=payload, key="k")
    later = replace(world.actor("clerk"), credential="token:laptop")
    assert perform("customer.open", by=later, subject="-", payload=payload, key="k").pk == first.pk
    other = OpenDossier(values={"name": "北京别的公司"})
    assert perform("customer.open", by=world.actor("stranger"), subject="-", payload=other, key="k").pk != first.pk


def test_a_refused_request_may_be_sent_again_under_its_key(world: World) -> None:
    code = world.open("西安示例机电有限公司", contact_phones="13800138000")
    asked: dict[str, Any] = {
        "name": "customer.reveal", "by": world.actor("query"), "subject": f"dossier:{code}",
        "payload": RevealField(field="contact.phones"), "key": "k",
    }  # fmt: skip
    with pytest.raises(Refused):
        perform(**asked)
    assert perform(**asked, reason="回访客户").state == "done"


@pytest.mark.parametrize("key", ["x" * 129, "a\x00b", "键", "a\nb"])
def test_a_key_no_database_takes_is_refused_in_words(world: World, key: str) -> None:
    with pytest.raises(Refused) as no:
        perform(
            "customer.open", by=world.actor("clerk"), subject="-", payload=OpenDossier(values={"name": "甲"}), key=key
        )
    assert (no.value.code, no.value.missing) == ("invalid", ("key",))


def test_the_digest_of_a_payload_is_not_guessed_without_the_key(world: World) -> None:
    """A payload may be one telephone number: a plain hash of it would be the number itself."""
    code = world.open("西安示例机电有限公司")
    payload = AmendDossier(values={"contact.phones": "13800138000"})
    call = world.do("customer.amend", f"dossier:{code}", payload)
    for reason in ({}, {"reason": "", "evidence": []}):
        asked = {"op": call.op, "subject": call.subject, "payload": payload.model_dump(mode="json"), **reason}
        assert hashlib.sha256(canonical_json(asked)).hexdigest() != call.payload_digest


@pytest.mark.parametrize("subject", ["dossier:\ud800", "dossier:13800138000", "王小明", "x" * 5000, "dossier:\x00"])
def test_a_subject_that_is_nothing_is_not_found_and_not_kept(world: World, subject: str) -> None:
    with pytest.raises(NotVisible):
        world.do("customer.amend", subject, AmendDossier(values={"note": "甲"}))
    entry = Entry.objects.latest("id")
    assert entry.outcome == "refused"
    assert len(entry.subject_ref) < 80
    assert "王小明" not in entry.subject_ref


def test_a_payload_of_another_operation_never_gets_in(world: World) -> None:
    with pytest.raises(TypeError):
        world.do("customer.open", "-", AmendDossier(values={"name": "甲"}))
