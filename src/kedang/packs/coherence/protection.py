"""Fields and what protects them; and parts whose room comes later, which nobody may call available."""

from __future__ import annotations

from kedang.packs.coherence.raw import File, Raw, mapping
from kedang.packs.reading import Path

LATER = ("sharing", "outsiders", "copies", "custody")
"""Sections the product reads and shows, and does not keep yet."""
LATER_ENTRIES = ("retention", "reports", "measures", "scores", "sanctions")
CHOICE = "choice"
MARKETING = "engagement."
CONSENT = "consent"
AGREED = frozenset({"yes", "on_file"})


def examine(file: File) -> None:
    """Fields, purposes, and what is not served yet."""
    for name, field in file.section("fields").items():
        if field.get("sensitivity") == "sensitive" and field.get("mask") is None and field.get("collect") is not False:
            file.report(("fields", name), "unmasked", None)
        if field.get("collect") is False and field.get("required_at"):
            file.report(("fields", name, "required_at"), "required_uncollected", name)
    for section in LATER:
        _later(file, (section,), mapping(file.tree.data.get(section)))
    for section in LATER_ENTRIES:
        for name, body in file.section(section).items():
            _later(file, (section, name), body)
    _retention(file)
    _marketing(file)


def _later(file: File, path: Path, body: Raw) -> None:
    if body.get("available") is True:
        file.report((*path, "available"), "not_served", True)


def _retention(file: File) -> None:
    for name, rule in file.section("retention").items():
        long = rule.get("permanent") is True or bool(rule.get("years")) or bool(rule.get("months"))
        if not long:
            file.report(("retention", name), "retention_length", None)


def _marketing(file: File) -> None:
    """The law lets out no advertising without consent: the form has to ask for it, or nothing ever goes out."""
    own = {name: body for name, body in file.section("purposes").items() if body.get("marketing") is True}
    for name, said in file.operations.items():
        if name.startswith(MARKETING) and "about" in said:
            known = file.items_of(name)
            asks = _asks(known.get(CONSENT, {}))
            chooses = any(item.get("type") == "purpose" for item in known.values())
            harmless = chooses and set(file.section("purposes")) - set(own)
            if not asks and not harmless:
                file.report(("operations", name), "consent_asked", ", ".join(sorted(known)) or None)
    for name in own:
        if own[name].get("basis", "consent") != CONSENT:
            file.report(("purposes", name, "basis"), CHOICE, own[name]["basis"], known=CONSENT)


def _asks(item: Raw) -> bool:
    """Whether an item can be answered in the words by which the law knows a consent."""
    return item.get("type") == "yes_no" or not AGREED.isdisjoint(mapping(item.get("options")))
