"""Comparing values with an original or an official source (核实), and which of them count as compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kedang import standards
from kedang.customers import bags, dictionary, origins, slots
from kedang.customers.drafts import Draft
from kedang.customers.models import Contact, Dossier, Origin, Record, Verification
from kedang.customers.origin_payloads import VerifyValue
from kedang.customers.origin_rules import kept, unfit
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.standards import Finding

ABSENT = "missing"
"""The verdict on a value that is not there and should be."""
RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of one value: where its present version came from, and the last check of that very version."""

    origin: Origin | None
    check: Verification | None

    @property
    def verdict(self) -> str:
        """What the last check said; empty where the value was not checked since it came to stand."""
        return self.check.verdict if self.check else ""

    @property
    def version_no(self) -> int:
        """The version in which the value came to stand."""
        return self.origin.version_no if self.origin else 1


def verify_values(deed: Deed, dossier: Dossier, payload: VerifyValue) -> Outcome:
    """Write down that values were compared; nothing of the dossier changes."""
    names = list(dict.fromkeys(origins.whole_name(dossier, name) for name in payload.fields))
    found, day_us = _day(payload.on)
    found += [*unfit("method", payload.method), *unfit("document", payload.document)]
    found += _findings(dossier, names, payload)
    if found:
        raise Invalid(found)
    _refuse_moved(dossier, names, payload.base_version)
    Verification.objects.bulk_create(
        Verification(
            dossier=dossier, slot=name, method=payload.method, document=payload.document, verdict=payload.verdict,
            version_no=dossier.version_no, on_us=day_us or deed.at_us, at_us=deed.at_us, by_ref=deed.actor.id,
            call=deed.call,
        )
        for name in names
    )  # fmt: skip
    fields = sorted(set(payload.fields))
    return Outcome(
        result={"code": dossier.code, "fields": fields, "verdict": payload.verdict},
        body={"fields": fields, "verdict": payload.verdict},
    )


def standing(dossier: Dossier, names: Iterable[str]) -> dict[str, Checked]:
    """For each of these slots where its value came from and whether that value was checked since."""
    wanted = {name: origins.whole_name(dossier, name) for name in names}
    came = origins.newest(dossier.pk, wanted.values())
    checks = Verification.objects.filter(dossier=dossier, slot__in=set(wanted.values())).order_by("pk")
    last = {check.slot: check for check in checks}
    return {name: _checked(came.get(whole), last.get(whole)) for name, whole in wanted.items()}


def unverified(dossier: Dossier, names: Iterable[str]) -> list[str]:
    """Which of these slots hold a value that nobody found right since it came to stand."""
    return [name for name, checked in standing(dossier, names).items() if checked.verdict != RIGHT]


def before_filing(draft: Draft) -> list[Finding]:
    """What has to be compared before the dossier is filed."""
    rules = kept(in_force())
    if rules is None:
        return []
    held = [key for key in sorted(rules.verified) if dictionary.part_of(key) in ("dossier", "contact")]
    held = [key for key in held if draft.holds(key)]
    return [Finding(key, "verify.required", "error", "") for key in unverified(draft.dossier, held)]


def basis(dossier: Dossier, payload: VerifyValue) -> dict[str, str]:
    """The version of each value that is to be checked: where one moves meanwhile, the check is of another."""
    return {name: str(checked.version_no) for name, checked in standing(dossier, payload.fields).items()}


def _checked(origin: Origin | None, check: Verification | None) -> Checked:
    came = origin.version_no if origin else 1
    return Checked(origin, check if check is not None and check.version_no >= came else None)


def _findings(dossier: Dossier, names: Sequence[str], payload: VerifyValue) -> list[Finding]:
    rules = kept(in_force())
    strict = rules.verified if rules else frozenset()
    found = []
    for name in names:
        key = slots.parsed(name).field
        if dictionary.known(key) is None or holds(dossier, name) is (payload.verdict == ABSENT):
            found.append(Finding(key, "verify.no_value", "error", ""))
        if key in strict and payload.verdict == RIGHT and not (payload.document):
            found.append(Finding("document", "verify.document", "error", ""))
    return found


def holds(dossier: Dossier, name: str) -> bool:
    """Whether a value stands in a slot of the dossier, a contact or a record."""
    slot = slots.parsed(name)
    if not slot.no:
        return Draft.of(dossier).holds(slot.field)
    if slot.module == slots.CONTACT:
        contact = Contact.objects.filter(dossier=dossier, pk=slot.no, removed_us=0).first()
        return contact is not None and Draft(dossier, contact).holds(slot.field)
    record = Record.objects.filter(dossier=dossier, module=slot.module, no=slot.no, removed_us=0).first()
    return record is not None and slot.field in bags.read_bag(record.bag)


def _refuse_moved(dossier: Dossier, names: Sequence[str], base_version: int) -> None:
    if not base_version or base_version == dossier.version_no:
        return
    moved = [name for name, checked in standing(dossier, names).items() if checked.version_no > base_version]
    if moved:
        raise Refused(
            "stale", missing=sorted(slots.parsed(name).field for name in moved),
            detail=N_("The value changed since it was compared; load the dossier again and compare it anew."),
        )  # fmt: skip


def _day(text: str) -> tuple[list[Finding], int]:
    """The day of the check; 0 for today."""
    if not text:
        return [], 0
    read = standards.check("date", text, field="on")
    found = [each for each in read.findings if each.severity == "error"]
    if read.value is not None and read.value > clock.company_day(clock.now_us()):
        found.append(Finding("on", "day.future", "error", text))
    return found, clock.day_bounds_us(read.value)[0] if read.value else 0
