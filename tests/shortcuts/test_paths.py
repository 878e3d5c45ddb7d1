"""Every way to a dossier, from one table: a new public way without a row fails, and each row is tried by everybody.

Shortcuts 1, 7, 8, 9 and 20 of the list in CORE.md: a second path without the scope filter, a look not
recorded, a value not masked, a write past the gate, a product only its administrator ever tried.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from kedang.customers import browsing, finding, present, selectors
from kedang.customers.contacts import present as contacts_present
from kedang.customers.contacts import selectors as contacts_selectors
from kedang.customers.contacts.payloads import AddContact
from kedang.customers.digest import state_digest
from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.models import Contact, Dossier
from kedang.customers.origin_payloads import GiveConsent, VerifyValue, WithdrawConsent
from kedang.customers.past.restoring import RestoreDossier
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, OpenDossier, RevealField
from kedang.customers.records import present as records_present
from kedang.customers.records import selectors as records_selectors
from kedang.customers.records.payloads import AddRecord
from kedang.customers.removing import RecoverDossier, RemoveDossier
from kedang.governance.handover import HandOver
from kedang.governance.registry import OPERATIONS
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry, Look
from tests.world import World

NAME, PHONE, MAIL, IDENTITY = "西安埋名机电有限公司", "13800138000", "wang@planted.cn", "11010519491231002X"
HEAD, CALLED, MANY = "department.head", "contact.phones", ("department", "contract")
PLANTED = (PHONE, MAIL, IDENTITY, "1380013", "planted-local")


def dossier(by: Actor, code: str) -> Dossier:
    return selectors.dossier_by_code(by, code)


def record(by: Actor, code: str) -> records_selectors.Held:
    return records_selectors.held(by, f"record:{code}/department/1")


def contact(by: Actor, code: str) -> contacts_selectors.Held:
    return contacts_selectors.held(by, f"contact:{code}/{Contact.objects.get(dossier__code=code).pk}")


@dataclass(frozen=True)
class Path:
    """A public function, how it is asked for one dossier, and whether something is then on a screen."""

    function: Callable[..., Any]
    ask: Callable[[Actor, str], Any]
    shows: bool = False


def counted(rows: Any) -> Any:
    """Rows as what a person could learn from them; an empty answer is None."""
    listed = [(row.code, row.name) for row in rows]
    return listed or None


def paged(page: finding.Page) -> Any:
    return counted(page.rows) or (page.total or None)


PATHS = (
    Path(selectors.visible_to, lambda by, code: counted(selectors.visible_to(by))),
    Path(selectors.dossier_by_code, dossier),
    Path(selectors.by_subject, lambda by, code: selectors.by_subject(by, f"dossier:{code}")),
    Path(selectors.would_see, lambda by, code: selectors.would_see(by, Dossier.objects.get(code=code)) or None),
    Path(finding.find, lambda by, code: paged(finding.find(by, NAME))),
    Path(finding.find, lambda by, code: paged(finding.find(by))),
    Path(finding.find, lambda by, code: paged(finding.find(by, code))),
    Path(finding.find, lambda by, code: paged(finding.find(by, PHONE))),
    Path(finding.find, lambda by, code: paged(finding.find(by, PHONE[-4:]))),
    Path(finding.find, lambda by, code: paged(finding.find(by, IDENTITY))),
    Path(finding.find, lambda by, code: paged(finding.find(by, "xamm"))),
    Path(finding.filtered, lambda by, code: counted(finding.filtered(selectors.visible_to(by), {"region": "61"}))),
    Path(browsing.browse, lambda by, code: paged(browsing.browse(by, "埋名"))),
    Path(
        present.listed, lambda by, code: present.listed(by, list(finding.find(by, NAME).rows), query=NAME) or None, True
    ),
    Path(present.opened, lambda by, code: present.opened(by, dossier(by, code)), True),
    Path(present.editable, lambda by, code: present.editable(by, dossier(by, code)), True),
    Path(present.texts, lambda by, code: present.texts(by, dossier(by, code), ("name", "contact.phones")), True),
    Path(present.history, lambda by, code: present.history(by, dossier(by, code)), True),
    Path(present.lookers, lambda by, code: present.lookers(by, dossier(by, code))),
    Path(records_present.records, lambda by, code: present.records(by, dossier(by, code), "department"), True),
    Path(records_present.timeline, lambda by, code: present.timeline(by, dossier(by, code)), True),
    Path(records_present.by_module, lambda by, code: records_present.by_module(by, dossier(by, code), MANY), True),
    Path(records_present.record, lambda by, code: records_present.record(by, record(by, code)), True),
    Path(records_present.editable, lambda by, code: records_present.editable(by, record(by, code)), True),
    Path(records_present.texts, lambda by, code: records_present.texts(by, record(by, code), (HEAD,)), True),
    Path(records_selectors.held, lambda by, code: record(by, code)),
    Path(contacts_present.contacts, lambda by, code: present.contacts(by, dossier(by, code)), True),
    Path(contacts_present.contact, lambda by, code: contacts_present.contact(by, contact(by, code)), True),
    Path(contacts_present.editable, lambda by, code: contacts_present.editable(by, contact(by, code)), True),
    Path(contacts_present.texts, lambda by, code: contacts_present.texts(by, contact(by, code), (CALLED,)), True),
    Path(contacts_selectors.held, lambda by, code: contact(by, code)),
)  # fmt: skip
INSIDE = {
    selectors.locked: "holds rows it is given",
    selectors.standing: "what is counted and handed over, by rooms that ask for nobody; visible_to begins with it",
    selectors.in_bin: "the recycle bin, by scope and clearance; tests/customers/test_recycle_bin.py",
    selectors.main_contact: "ciphertext of a dossier that was loaded through visible_to",
    selectors.same_customer: "asks across all units, and tells only that there is one",
    selectors.same_name: "asks across all units, and tells only that there is one",
    records_selectors.record_subject: "writes a name",
    records_selectors.standing: "records of a dossier that was loaded through visible_to",
    records_selectors.page: "cuts rows it is given",
    records_selectors.tallies: "numbers of a dossier that was loaded through visible_to",
    records_selectors.next_no: "a number for a dossier that is held",
    contacts_selectors.contact_subject: "writes a name",
    contacts_selectors.standing: "contacts of a dossier that was loaded through visible_to",
    present.snapshot: "clear text to be sealed with a request; shown to nobody as it is",
    present.veiled: "masks a text it is given",
    present.revealed: "shows in full what a deed on the record allows; tests/customers/test_sealed_values.py",
}
"""Public functions that are no way for a person to a dossier, and why."""
OUTSIDERS = ("stranger", "manager", "query", "sysop", "secop", "auditor")
"""Another unit, own dossiers only, below the level, and three offices without content."""
DEEDS: dict[str, tuple[Payload, str]] = {
    # a payload, and somebody who may see the dossier and not do it
    "customer.amend": (AmendDossier(values={"grade": "A"}), "head"),
    "customer.reveal": (RevealField(field="contact.phones"), ""),
    "customer.assign": (AssignDossier(owner="manager"), "clerk"),
    "customer.file": (FileDossier(), "clerk"),
    "customer.restore": (RestoreDossier(fields=("grade",), version=1), "head"),
    "customer.advance": (AdvanceDossier(to="lapsed"), "head"),
    "customer.remove": (RemoveDossier(), "clerk"),
    "customer.recover": (RecoverDossier(), ""),
    "customer.hand_over": (HandOver(of="clerk", owner="manager"), ""),
    "customer.verify": (VerifyValue(fields=("name",), method="核对原件"), "head"),
    "record.add": (AddRecord(module="department", values={"department.name": "工程部"}), "head"),
    "contact.add": (AddContact(values={"contact.name": "李工"}), "head"),
    "consent.give": (GiveConsent(purpose="duty", method="当面签字"), "head"),
    "consent.withdraw": (WithdrawConsent(purpose="duty"), "head"),
}  # fmt: skip


@pytest.fixture
def code(world: World) -> str:
    code = world.open(
        NAME, region="610100", level="confidential", identity_number=IDENTITY, contact_name="王小明",
        contact_phones=PHONE, contact_email=MAIL,
    )  # fmt: skip
    values = {"department.name": "工程部", HEAD: PLANTED[-1]}
    world.do("record.add", f"dossier:{code}", AddRecord(module="department", values=values))
    return code


def public_functions(module: ModuleType) -> set[Callable[..., Any]]:
    return {
        each for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")
    }  # fmt: skip


MODULES = (
    selectors, finding, browsing, present, records_present, records_selectors, contacts_present, contacts_selectors,
)  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_way_has_a_row(module: ModuleType) -> None:
    known = {path.function for path in PATHS} | set(INSIDE)
    assert public_functions(module) - known == set()


def test_no_row_is_left_of_a_way_that_is_gone() -> None:
    offered = {name for name in OPERATIONS if name.startswith(("customer.", "consent."))}
    assert offered | {"record.add", "contact.add"} == {*DEEDS, "customer.open"}


def test_outside_scope_and_level_no_way_leads_to_the_dossier(world: World, code: str) -> None:
    for name in OUTSIDERS:
        by = world.actor(name)
        for path in PATHS:
            try:
                found = path.ask(by, code)
            except NotVisible:
                continue
            assert found is None, (name, path.function.__qualname__, found)


def test_within_scope_every_way_leads_there_masked_and_each_look_is_on_record(world: World, code: str) -> None:
    for name in ("clerk", "head", "archivist", "boss"):
        by = world.actor(name)
        for path in PATHS:
            before = Look.objects.count()
            found = path.ask(by, code)
            way = (name, path.function.__qualname__)
            assert found is not None, way
            assert not [word for word in PLANTED if word in repr(found)], way
            assert Look.objects.count() - before == int(path.shows), way
            if path.shows:
                assert name in {look.by for look in present.lookers(by, dossier(by, code))}, way


@pytest.mark.parametrize("op", DEEDS)
def test_a_deed_from_outside_is_not_found_and_from_inside_denied(world: World, code: str, op: str) -> None:
    payload, onlooker = DEEDS[op]
    before, entries = state_digest(), Entry.objects.count()
    for name in OUTSIDERS:
        with pytest.raises(NotVisible):
            world.do(op, f"dossier:{code}", payload, by=name, reason="按岗位办理")
    denied = [name for name in (onlooker,) if name]
    for name in denied:
        with pytest.raises(Refused) as no:
            world.do(op, f"dossier:{code}", payload, by=name, reason="按岗位办理")
        assert (no.value.code, bool(no.value.articles)) == ("denied", True)
    assert state_digest() == before
    refusals = Entry.objects.filter(outcome="refused", op=op)
    assert refusals.count() == Entry.objects.count() - entries == len(OUTSIDERS) + len(denied)
    assert set(refusals.values_list("subject_ref", flat=True)) == {f"dossier:{code}"}


@pytest.mark.parametrize("name", ["query", "head", "boss", "sysop", "secop", "auditor"])
def test_who_only_reads_opens_nothing(world: World, name: str) -> None:
    with pytest.raises(Refused) as no:
        world.do("customer.open", "-", OpenDossier(values={"name": NAME}), by=name)
    assert (no.value.code, bool(no.value.articles)) == ("denied", True)
    assert not Dossier.objects.exists()
