"""The values every dossier can hold: those with columns of their own.

`customers.modules` has the others the product knows, `customers.dictionary` joins them with what the regulation in
force adds, requires and forbids. Forms, API, import and CLI name a value by its key, read it by its standard, and
show it by its title.
"""

from __future__ import annotations

from dataclasses import dataclass

from kedang.kernel.i18n import N_
from kedang.packs.forms import Grammar


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the dossier: key, title, data standard, column and protection."""

    key: str
    title: str
    standard: str
    column: str
    width: int
    category: str = "basic"
    """Where forms and the dossier show it; a shipped pack that says otherwise fails its test."""
    personal: bool = False
    """Sealed under the key of one data subject; masked unless revealed."""
    identifying: bool = False
    """A key field: changing it asks for a reason, and warnings on it block filing."""
    part: str = "dossier"
    """Where it is kept: on the dossier, on a contact, or in a record of a module."""
    choices: tuple[tuple[str, str], ...] = ()
    extra: bool = False
    """Kept in the `extra` of its row, because no column was made for it."""
    added: bool = False
    """The regulation in force has it of its own; without it nobody knows the field."""
    collect: bool = True
    """Whether the regulation in force lets it be filled in; what was stored before is shown all the same."""
    grammar: Grammar | None = None
    """How a code of the company is built."""
    min_chars: int = 0
    """Fewer characters say too little."""
    meaning: str = ""
    """What exactly is meant by it, in the regulation's words."""
    searched: bool = False
    """Found by its words, like a name."""


KIND_CHOICES = (("organisation", N_("Organisation")), ("person", N_("Person")))
LEVEL_CHOICES = (
    ("public", N_("Public")),
    ("internal", N_("Internal")),
    ("confidential", N_("Confidential")),
    ("secret", N_("Secret")),
    ("top_secret", N_("Top secret")),
)
STATE_CHOICES = (("prospect", N_("Prospect")), ("retained", N_("Retained")), ("lapsed", N_("Lapsed")))

_ALL = (
    Field("kind", N_("Kind"), "choice", "kind", 16, choices=KIND_CHOICES),
    Field("name", N_("Customer name"), "name", "name", 200, identifying=True),
    Field("short_name", N_("Short name"), "name", "short_name", 100),
    Field("english_name", N_("English name"), "name", "english_name", 200),
    Field("credit_code", N_("Unified credit code"), "credit_code", "credit_code", 32, identifying=True),
    Field(
        "identity_number", N_("Identity number"), "identity_number", "identity_ct", 32, personal=True, identifying=True
    ),
    Field("region", N_("Region"), "region", "region", 6),
    Field("address", N_("Address"), "address", "address", 300, category="contact"),
    Field("postcode", N_("Postcode"), "postcode", "postcode", 6, category="contact"),
    Field("industry", N_("Industry"), "industry", "industry", 64),
    Field("org_type", N_("Enterprise type"), "text", "org_type", 100),
    Field("registered_on", N_("Registered on"), "date", "registered_on", 32),
    Field("capital", N_("Registered capital"), "capital", "capital_fen", 64),
    Field("scale", N_("Scale"), "text", "scale", 32),
    Field("grade", N_("Grade"), "text", "grade", 32),
    Field("business_scope", N_("Business scope"), "text", "business_scope", 8000),
    Field("website", N_("Website"), "url", "website", 200),
    Field("source", N_("Source"), "text", "source", 100, category="other"),
    Field("learned_on", N_("Learned on"), "date", "learned_on", 32, category="other"),
    Field("note", N_("Note"), "text", "note", 2000, category="other"),
    Field("level", N_("Classification"), "choice", "level", 16, category="other", choices=LEVEL_CHOICES),
    Field("contact.name", N_("Contact"), "name", "name_ct", 64, category="contact", personal=True, part="contact"),
    Field("contact.post", N_("Job title"), "text", "post", 100, category="contact", part="contact"),
    Field(
        "contact.phones",
        N_("Telephones"),
        "phones",
        "phones_ct",
        200,
        category="contact",
        personal=True,
        part="contact",
    ),
    Field("contact.email", N_("E-mail"), "email", "email_ct", 120, category="contact", personal=True, part="contact"),
)

FIELDS: dict[str, Field] = {field.key: field for field in _ALL}
PERSONAL = frozenset(key for key, field in FIELDS.items() if field.personal)
IDENTIFYING = frozenset(key for key, field in FIELDS.items() if field.identifying)
SEARCHED = ("name", "short_name", "english_name", "credit_code")
CATEGORIES = (
    ("basic", N_("Basic information")),
    ("contact", N_("Contact information")),
    ("business", N_("Business")),
    ("consumption", N_("Dealings and credit")),
    ("interaction", N_("Interactions")),
    ("demand", N_("Needs")),
    ("other", N_("Other")),
)
