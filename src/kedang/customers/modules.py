"""The parts of a dossier that hold several records each (业务、互动、信用、需求、竞争…), and their own fields.

A regulation says which of these fields are collected and may add more (`contract.guarantor`); none is collected that
it does not list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from kedang.customers.fields import Field
from kedang.kernel.i18n import N_

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Module:
    """One such part: its fields, which of them lists are sorted and summed by, and the life of a record."""

    key: str
    title: str
    category: str
    icon: str
    fields: tuple[Field, ...]
    headline: str
    """The field that names a record in a line."""
    day: str = ""
    amount: str = ""
    always: frozenset[str] = frozenset()
    """Without these there is no record, whatever the regulation says."""
    statuses: Choices = ()
    """In the order of its life; the first is the one it begins in."""
    closing: frozenset[str] = frozenset()
    """Statuses that end it."""
    closed_with: frozenset[str] = frozenset()
    """Fields that must be filled before it ends."""
    expires: str = ""
    """The day after which a record is no longer shown or counted."""

    @property
    def status(self) -> str:
        """The key of the field that says where a record stands; empty where records have no life."""
        return f"{self.key}.status" if self.statuses else ""


def _field(module: str, name: str, title: str, standard: str = "text", width: int = 200, **more: Any) -> Field:
    key = f"{module}.{name}"
    return Field(key, title, standard, name, width, part=module, extra=True, **more)


INTERACTIONS: Choices = (
    ("visit", N_("Visit")),
    ("call", N_("Telephone call")),
    ("meeting", N_("Meeting")),
    ("letter", N_("Letter or mail")),
    ("campaign", N_("Campaign")),
    ("enquiry", N_("Enquiry")),
    ("other", N_("Other")),
)
TRANSACTIONS: Choices = (
    ("sale", N_("Sale")),
    ("service", N_("Paid service")),
    ("refund", N_("Refund")),
    ("guarantee", N_("Guarantee")),
    ("other", N_("Other")),
)
CREDITS: Choices = (
    ("rating", N_("Credit rating")),
    ("payment", N_("Payment record")),
    ("default", N_("Default")),
)
PARTNERS: Choices = (
    ("bank", N_("Bank")),
    ("agency", N_("Agency")),
    ("dealer", N_("Dealer")),
    ("other", N_("Other")),
)

CONTACT_FIELDS: tuple[Field, ...] = (
    _field("contact", "business", N_("Responsible for"), width=200),
    _field("contact", "birthday", N_("Birthday"), "date", 32, personal=True),
    _field("contact", "family", N_("Family"), personal=True),
    _field("contact", "hobbies", N_("Hobbies"), personal=True),
    _field("contact", "relation", N_("Relation grade"), width=32),
)
"""What may be known of a contact beyond name, post and numbers; a person's own affairs are sealed like them."""

_ALL = (
    Module(
        "department", N_("Organisation chart"), "basic", "hierarchy",
        (
            _field("department", "name", N_("Department")),
            _field("department", "superior", N_("Belongs to")),
            _field("department", "head", N_("Head of department"), "name", 64, personal=True),
            _field("department", "staff", N_("Number of staff"), "number", 16),
            _field("department", "duty", N_("Responsible for"), width=500),
        ),
        headline="department.name", always=frozenset({"department.name"}),
    ),
    Module(
        "product", N_("Products and packages"), "business", "package",
        (
            _field("product", "name", N_("Product")),
            _field("product", "package", N_("Package")),
            _field("product", "quantity", N_("Quantity"), "number", 32),
            _field("product", "since", N_("Since"), "date", 32),
            _field("product", "until", N_("In use until"), "date", 32),
            _field("product", "fee", N_("Fee per month"), "money", 64),
            _field("product", "usage", N_("Usage"), width=500),
        ),
        headline="product.name", day="product.since", amount="product.fee", always=frozenset({"product.name"}),
    ),
    Module(
        "contract", N_("Contracts"), "business", "file-text",
        (
            _field("contract", "number", N_("Contract number"), width=64),
            _field("contract", "title", N_("Subject of the contract")),
            _field("contract", "signed_on", N_("Signed on"), "date", 32),
            _field("contract", "starts_on", N_("Runs from"), "date", 32),
            _field("contract", "ends_on", N_("Runs until"), "date", 32),
            _field("contract", "amount", N_("Amount"), "money", 64),
            _field("contract", "content", N_("Main terms"), width=4000),
        ),
        headline="contract.title", day="contract.signed_on", amount="contract.amount",
        always=frozenset({"contract.title"}),
        statuses=(
            ("draft", N_("Being drawn up")), ("running", N_("Running")), ("ended", N_("Ended")),
            ("terminated", N_("Terminated early")),
        ),
        closing=frozenset({"ended", "terminated"}),
    ),
    Module(
        "transaction", N_("Transactions"), "consumption", "receipt",
        (
            _field("transaction", "day", N_("Day"), "date", 32),
            _field("transaction", "kind", N_("Kind of transaction"), "choice", 16, choices=TRANSACTIONS),
            _field("transaction", "title", N_("Topic")),
            _field("transaction", "amount", N_("Amount"), "money", 64),
            _field("transaction", "paid_on", N_("Paid on"), "date", 32),
            _field("transaction", "reference", N_("Reference"), width=64),
        ),
        headline="transaction.title", day="transaction.day", amount="transaction.amount",
        always=frozenset({"transaction.day"}),
    ),
    Module(
        "preference", N_("Preferences"), "business", "heart",
        (
            _field("preference", "subject", N_("Topic")),
            _field("preference", "detail", N_("Detail"), width=1000),
            _field("preference", "channel", N_("Channel preferred"), width=64),
        ),
        headline="preference.subject", always=frozenset({"preference.subject"}),
    ),
    Module(
        "interaction", N_("Interactions"), "interaction", "messages",
        (
            _field("interaction", "day", N_("Day"), "date", 32),
            _field("interaction", "kind", N_("Kind of interaction"), "choice", 16, choices=INTERACTIONS),
            _field("interaction", "subject", N_("Topic")),
            _field("interaction", "content", N_("Content"), width=4000),
            _field("interaction", "result", N_("Result"), width=1000),
            _field("interaction", "next_on", N_("Next step on"), "date", 32),
        ),
        headline="interaction.subject", day="interaction.day",
        always=frozenset({"interaction.day", "interaction.kind"}),
    ),
    Module(
        "complaint", N_("Complaints"), "interaction", "alert-triangle",
        (
            _field("complaint", "day", N_("Received on"), "date", 32),
            _field("complaint", "subject", N_("Topic")),
            _field("complaint", "content", N_("Content"), width=4000),
            _field("complaint", "handling", N_("Handling"), width=4000),
            _field("complaint", "result", N_("Result"), width=1000),
        ),
        headline="complaint.subject", day="complaint.day", always=frozenset({"complaint.day", "complaint.subject"}),
        statuses=(("open", N_("Open")), ("handling", N_("Being handled")), ("closed", N_("Closed"))),
        closing=frozenset({"closed"}), closed_with=frozenset({"complaint.handling", "complaint.result"}),
    ),
    Module(
        "credit", N_("Credit"), "consumption", "shield-check",
        (
            _field("credit", "day", N_("Day"), "date", 32),
            _field("credit", "kind", N_("Kind of credit record"), "choice", 16, choices=CREDITS),
            _field("credit", "rating", N_("Credit rating"), width=32),
            _field("credit", "amount", N_("Amount"), "money", 64),
            _field("credit", "detail", N_("Detail"), width=1000),
            _field("credit", "source", N_("Source of the information"), width=100),
            _field("credit", "expires_on", N_("Kept until"), "date", 32),
        ),
        headline="credit.detail", day="credit.day", amount="credit.amount",
        always=frozenset({"credit.day", "credit.kind"}), expires="credit.expires_on",
    ),
    Module(
        "need", N_("Needs"), "demand", "bulb",
        (
            _field("need", "day", N_("Learned on"), "date", 32),
            _field("need", "subject", N_("Topic")),
            _field("need", "detail", N_("Detail"), width=2000),
            _field("need", "product", N_("Product")),
            _field("need", "budget", N_("Budget"), "money", 64),
            _field("need", "expected_on", N_("Expected on"), "date", 32),
        ),
        headline="need.subject", day="need.day", amount="need.budget", always=frozenset({"need.subject"}),
        statuses=(("open", N_("Open")), ("met", N_("Met")), ("dropped", N_("Dropped"))),
        closing=frozenset({"met", "dropped"}),
    ),
    Module(
        "competition", N_("Competition"), "other", "swords",
        (
            _field("competition", "day", N_("Learned on"), "date", 32),
            _field("competition", "rival", N_("Competitor")),
            _field("competition", "product", N_("Product")),
            _field("competition", "detail", N_("Detail"), width=2000),
            _field("competition", "source", N_("Source of the information"), width=200),
        ),
        headline="competition.rival", day="competition.day",
        always=frozenset({"competition.rival", "competition.source"}),
    ),
    Module(
        "opinion", N_("Opinion of our service"), "interaction", "star",
        (
            _field("opinion", "day", N_("Day"), "date", 32),
            _field("opinion", "score", N_("Satisfaction"), "percent", 8),
            _field("opinion", "topic", N_("Topic")),
            _field("opinion", "detail", N_("Detail"), width=2000),
        ),
        headline="opinion.topic", day="opinion.day", always=frozenset({"opinion.day"}),
    ),
    Module(
        "partner", N_("Partners as sources"), "other", "building-bank",
        (
            _field("partner", "kind", N_("Kind of partner"), "choice", 16, choices=PARTNERS),
            _field("partner", "name", N_("Partner")),
            _field("partner", "day", N_("Since"), "date", 32),
            _field("partner", "basis", N_("Legal basis"), width=100),
            _field("partner", "note", N_("Note"), width=500),
        ),
        headline="partner.name", day="partner.day", always=frozenset({"partner.kind", "partner.name"}),
    ),
    Module(
        "remark", N_("Important notes"), "other", "note",
        (
            _field("remark", "day", N_("Day"), "date", 32),
            _field("remark", "text", N_("Important note"), width=4000),
        ),
        headline="remark.text", day="remark.day", always=frozenset({"remark.text"}),
    ),
)  # fmt: skip


def _alive(module: Module) -> Module:
    """A module whose records have a life, with the field that says where they stand."""
    if not module.statuses:
        return module
    status = _field(module.key, "status", N_("Stage"), "choice", 32, choices=module.statuses)
    return replace(module, fields=(*module.fields, status))


MODULES: Mapping[str, Module] = MappingProxyType({module.key: _alive(module) for module in _ALL})
