"""One list for each person: what waits for them, and what they wait for (待办).

What is late comes first, then what is due, then what is old. `count_for` counts the same things without opening any of
them, as every page shows the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from kedang.customers import present as dossiers
from kedang.customers import selectors as customers
from kedang.customers.models import Dossier
from kedang.customers.slots import dossier_code
from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Duty
from kedang.governance.duties import duties_of
from kedang.governance.flows import selectors as flows
from kedang.governance.flows.models import Asked
from kedang.governance.flows.route import loaded
from kedang.governance.models import Call
from kedang.governance.registry import title_of
from kedang.intake import present as imports
from kedang.intake.models import Batch
from kedang.intake.selectors import batches_for
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.messages import present as notices
from kedang.messages import selectors as messages
from kedang.messages.models import Notice
from kedang.packs import in_force, version_named
from kedang.packs.schema import Pack
from kedang.people import undertakings
from kedang.people.selectors import names_of

KINDS = ("sign", "undertake", "duty", "confirm", "import", "check")
MOST = 100
"""Of each kind so many are listed, and counted."""
LATEST = 200
"""Of one's own dossiers so many are looked through for values to check: those changed last."""
LAST = 2**63
IMPORTS = {
    "staged": N_("Confirm the columns"),
    "planned": N_("Look at the check and take the rows in"),
    "failed": N_("The import failed"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the list, in the reader's language."""

    kind: str
    ref: str
    title: str
    link: str
    since_us: int
    subject: str = ""
    name: str = ""
    """Of the customer, where it is about one this person may see."""
    sender: str = ""
    due_us: int = 0
    overdue: bool = False
    op: str = ""
    together: bool = False
    """It may be signed in one go with others of the same operation."""


def items_for(by: Actor) -> list[Item]:
    """What waits for this person; names of customers shown here leave a look."""
    calls = list(_calls(by))
    found = [*_to_sign(calls), *_to_undertake(by), *_due(by), *_to_confirm(by), *_imports(by)]
    return _sorted([*_named(by, found), *_to_check(by)])


def count_for(by: Actor) -> int:
    """How many things wait for this person."""
    counted = _calls(by).count() + _notices(by).count() + _batches(by).count()
    counted += len(_unsigned(by))
    return counted + len(duties_of(by, MOST)) + len(_doubtful(by))


def asked_by(by: Actor) -> list[Item]:
    """What this person asked for and waits for, with whom it lies."""
    calls = list(flows.asked_by(by)[:MOST])
    with_whom = _asked(calls)
    found = [
        replace(_call(call, "asked"), sender=_joined(with_whom.get(call.pk, ())), together=False) for call in calls
    ]
    return _sorted(_named(by, found))


def names_of_subjects(by: Actor, subjects: Sequence[str]) -> dict[str, str]:
    """Names of the dossiers that subjects are or lie in, for who may see them; showing them leaves a look."""
    codes = {subject: code for subject in subjects if (code := dossier_code(subject))}
    seen = customers.visible_to(by).filter(code__in=set(codes.values()))
    rows = list(seen.select_related("unit", "owner")) if codes else []
    names = {row.code: row.name for row in dossiers.listed(by, rows)} if rows else {}
    return {subject: names[code] for subject, code in codes.items() if code in names}


def signable_together(call: Call) -> bool:
    """Whether a call may be signed in one go with others: nothing to tick, to attach or to write, only to read."""
    step = loaded(call.route).stops[call.step].step
    return step.kind == "sign" and not step.checklist and step.seal != "scan" and step.comment != "always"


def _calls(by: Actor) -> QuerySet[Call]:
    return flows.waiting_for(by)[:MOST]


def _notices(by: Actor) -> QuerySet[Notice]:
    return messages.to_confirm(by)[:MOST]


def _batches(by: Actor) -> QuerySet[Batch]:
    return batches_for(by).filter(by_ref=by.id, state__in=tuple(IMPORTS))[:MOST]


def _doubtful(by: Actor) -> list[int]:
    """Own dossiers with values that carry a warning, among those changed last."""
    if "dossier" not in by.reads:
        return []
    mine = customers.visible_to(by).filter(owner_id=by.pk).order_by("-updated_us", "-pk")
    return [key for key, findings in mine.values_list("pk", "findings")[:LATEST] if findings][:MOST]


def _to_sign(calls: Sequence[Call]) -> list[Item]:
    names = names_of({call.actor_ref for call in calls})
    return [replace(_call(call, "sign"), sender=names.get(call.actor_ref, call.actor_ref)) for call in calls]


def _call(call: Call, kind: str) -> Item:
    return Item(
        kind=kind, ref=f"call:{call.pk}", title=gettext(title_of(version_named(call.pack_version), call.op)),
        link=f"/requests/{call.pk}/", since_us=call.step_us or call.created_us, subject=call.subject,
        due_us=call.due_us, overdue=_is_late(call.due_us), op=call.op,
        together=call.state == "waiting" and bool(call.route) and signable_together(call),
    )  # fmt: skip


def _unsigned(by: Actor) -> list[tuple[str, str]]:
    """Undertakings still to be signed, each with the matter that signs it; those nobody can sign here are left out."""
    pack = in_force()
    signing = {said.signs: op for op, said in pack.operations.items() if said.signs}
    names = undertakings.unsigned(pack, by, clock.now_us()) if by.kind == "staff" and signing else []
    return [(name, signing[name]) for name in names if name in signing]


def _to_undertake(by: Actor) -> list[Item]:
    pack, now = in_force(), clock.now_us()
    return [
        Item("undertake", f"undertaking:{name}", pack.undertakings[name].title, _signing_link(pack, op, by), now)
        for name, op in _unsigned(by)
    ]


def _signing_link(pack: Pack, op: str, by: Actor) -> str:
    about = f"?subject=staff:{by.id}" if pack.operations[op].about == "staff" else ""
    return f"/matters/{op}/{about}"


def _due(by: Actor) -> list[Item]:
    return [
        Item(
            kind="duty", ref=f"duty:{duty.pk}", title=_duty_title(duty), link=f"/duties/{duty.pk}/",
            since_us=duty.started_us, subject=duty.subject.removeprefix("-"), name=duty.period, due_us=duty.due_us,
            overdue=_is_late(duty.due_us),
        )
        for duty in duties_of(by, MOST)
    ]  # fmt: skip


def _duty_title(duty: Duty) -> str:
    pack = editions.pinned(duty)
    said = pack.clocks.get(duty.name) if duty.source == "clock" else pack.rounds.get(duty.name)
    return said.title if said else duty.name


def _to_confirm(by: Actor) -> list[Item]:
    return [
        Item("confirm", f"notice:{each.id}", each.text, f"/notices/#notice-{each.id}", each.at_us)
        for each in notices.listed(by, list(_notices(by)), seen=False)
    ]


def _imports(by: Actor) -> list[Item]:
    return [
        Item(
            "import", batch.ref, gettext(IMPORTS[batch.state]), f"/imports/{batch.pk}/", batch.created_us,
            name=imports.file_name(by, batch),
        )
        for batch in _batches(by)
    ]  # fmt: skip


def _to_check(by: Actor) -> list[Item]:
    rows = {row.pk: row for row in Dossier.objects.filter(pk__in=_doubtful(by)).select_related("unit", "owner")}
    if not rows:
        return []
    return [
        Item(
            "check", f"dossier:{row.code}",
            ngettext("%(n)s value to check", "%(n)s values to check", row.warnings) % {"n": row.warnings},
            link_of(f"dossier:{row.code}"), row.updated_us, subject=f"dossier:{row.code}", name=row.name,
        )
        for row in dossiers.listed(by, list(rows.values()))
    ]  # fmt: skip


def _named(by: Actor, items: Sequence[Item]) -> list[Item]:
    """The items with the names of customers this person may see; for others the code alone stays."""
    names = names_of_subjects(by, [item.subject for item in items])
    return [replace(item, name=item.name or names.get(item.subject, "")) for item in items]


def _asked(calls: Sequence[Call]) -> Mapping[int, list[str]]:
    rows = Asked.objects.filter(seat__call__in=calls, seat__open=True).values_list("seat__call_id", "staff_ref")
    pairs = sorted(set(rows))
    names = names_of({name for _, name in pairs})
    found: dict[int, list[str]] = {}
    for call, name in pairs:
        found.setdefault(call, []).append(names.get(name, name))
    return found


def _joined(names: Sequence[str]) -> str:
    shown = gettext(", ").join(names[:3])
    return shown if len(names) <= 3 else gettext("%(names)s and others") % {"names": shown}


def link_of(subject: str) -> str:
    """The page of a subject; empty where it has none."""
    kind, _, ref = subject.partition(":")
    if code := dossier_code(subject):
        return f"/customers/{code}/"
    return f"/imports/{ref}/" if kind == "batch" else ""


def _is_late(due_us: int) -> bool:
    return 0 < due_us < clock.now_us()


def _sorted(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (not item.overdue, item.due_us or LAST, item.since_us, item.ref))
