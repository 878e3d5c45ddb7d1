"""A dossier over time as pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from kedang.customers import dictionary, handing, lifecycle, slots
from kedang.customers.lifecycle import Obstacle
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.ops import facts_of
from kedang.customers.past import restoring
from kedang.customers.past.present import PastHolder, PastValue, ShownPast, ShownStep, ShownSteps
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.web import deeds, words
from kedang.web.building import dossier as dossiers
from kedang.web.building.form import ICONS
from kedang.web.building.tabs import tabs
from kedang.web.pages.life import Hurdle, PastLine, PastPage, PastSection, StepLine, ValuePage
from kedang.web.pages.parts import FieldBox, Pager

WIDE = frozenset({"business_scope", "note"})


def today() -> str:
    """The company's day."""
    return clock.company_day(clock.now_us()).isoformat()


def past(by: Actor, row: Dossier, on: str, shown: ShownPast | None, problem: str = "") -> PastPage:
    """The dossier at the end of a day; without one, only the way to ask for a day."""
    address = reverse("customer_asof", kwargs={"code": row.code})
    first = clock.company_day(row.created_us).isoformat()
    head = dossiers.row_head(row, Level(row.level).key)
    if shown is None:
        return PastPage(head, tabs(by, row, "history"), on, today(), first, address, problem)
    restore = reverse("customer_restore", kwargs={"code": row.code}) + f"?on={on}"
    may = deeds.offer(by, restoring.NAME, facts_of(by, row)).allowed
    own = any(value.differs for value in shown.by_key.values())
    return PastPage(
        head=head, tabs=tabs(by, row, "history"), on=on, today=today(), first=first, address=address,
        version=shown.version, facts=_facts(shown), sections=[_section(row.code, *each) for each in shown.groups],
        contacts=[_holder(row.code, each) for each in shown.contacts],
        records=[_holder(row.code, each) for each in shown.records], records_same=shown.records_same,
        records_later=shown.records_later, differences=shown.differences, restore=restore if may and own else "",
        in_bin=shown.in_bin,
    )  # fmt: skip


def _facts(shown: ShownPast) -> list[PastLine]:
    """What is no field: state, unit, who was responsible."""
    pairs = (
        (gettext("State"), words.state(shown.state), words.state(shown.today.state)),
        (gettext("Unit"), shown.unit, shown.today.unit),
        (gettext("Account manager"), shown.owner, shown.today.owner),
    )
    return [PastLine(label, was, now, was != now) for label, was, now in pairs]


def _section(code: str, title: str, group: Sequence[PastValue]) -> PastSection:
    kept = [value for value in group if value.was.text or value.now.text]
    first = dictionary.known(group[0].was.key) if group else None
    icon = ICONS.get(first.category, "info-circle") if first else "info-circle"
    return PastSection(gettext(title), icon, [_value(code, value) for value in kept])


def _holder(code: str, holder: PastHolder) -> PastSection:
    slot = slots.parsed(f"{holder.slot}.{slots.REMOVED}")
    title = gettext(holder.title) + ("" if slot.module == slots.CONTACT else f" {slot.no}")
    note = ""
    if holder.main:
        note = gettext("main contact")
    if holder.then and not holder.today:
        note = gettext("taken out since")
    elif holder.today and not holder.then:
        note = gettext("came later")
    icon = "user" if slot.module == slots.CONTACT else MODULES[slot.module].icon
    lines = [_value(code, value) for value in holder.values if value.was.text or value.now.text]
    return PastSection(title, icon, lines, note)


def _value(code: str, value: PastValue) -> PastLine:
    key = value.was.key
    was, now = (dossiers.in_words(key, side.text) for side in (value.was, value.now))
    return PastLine(
        gettext(value.was.title), was, now, value.differs, value_address(code, value.slot), wide=key in WIDE
    )


def value_address(code: str, slot: str) -> str:
    """The page with the history of one value."""
    return reverse("customer_value", kwargs={"code": code}) + "?" + urlencode({"field": slot})


def value(by: Actor, row: Dossier, shown: ShownSteps, *, further: bool) -> ValuePage:
    """The history of one value."""
    key = slots.parsed(shown.slot).field
    may = deeds.offer(by, restoring.NAME, facts_of(by, row)).allowed and shown.slot == key
    address = reverse("customer_value", kwargs={"code": row.code})
    following = value_address(row.code, shown.slot) + f"&before={shown.next}" if shown.next else ""
    return ValuePage(
        head=dossiers.row_head(row, Level(row.level).key), tabs=tabs(by, row, "history"),
        label=gettext(shown.title), now=dossiers.in_words(key, shown.now.text),
        lines=[_step(row.code, key, step, shown.now.text, may=may) for step in shown.steps],
        pager=Pager(before=value_address(row.code, shown.slot) if further else "", after=following),
        fields=_fields(shown.slot), address=address,
    )  # fmt: skip


def _step(code: str, key: str, step: ShownStep, now: str, *, may: bool) -> StepLine:
    query = urlencode({"field": key, "version": step.version})
    again = may and not step.current and step.after.text != now and not step.after.withheld
    return StepLine(
        at_us=step.at_us, title=gettext(title_of(in_force(), step.op)), who=step.by_name, why=step.reason,
        signers=gettext(", ").join(step.signers),
        request=reverse("request", kwargs={"call": step.call}) if step.call and step.signers else "",
        before=dossiers.in_words(key, step.before.text), after=dossiers.in_words(key, step.after.text),
        version=step.version, current=step.current,
        restore=reverse("customer_restore", kwargs={"code": code}) + f"?{query}" if again else "",
    )  # fmt: skip


def _fields(slot: str) -> list[tuple[str, str, bool]]:
    """Values whose history can be asked for: those of the dossier and its main contact, and this one."""
    own = {**dictionary.collected(dictionary.DOSSIER), **dictionary.collected(dictionary.CONTACT)}
    found = [(key, gettext(field.title), key == slot) for key, field in own.items()]
    if slot not in own:
        spec = dictionary.known(slots.parsed(slot).field)
        found.append((slot, gettext(spec.title) if spec else slot, True))
    return found


def hurdles(row: Dossier, obstacles: Iterable[Obstacle]) -> list[Hurdle]:
    """What is missing before a step, and where it is entered."""
    return [_hurdle(row, each) for each in obstacles]


def _hurdle(row: Dossier, each: Obstacle) -> Hurdle:
    article = f" {gettext('Article of the regulation:')} {each.article}" if each.article else ""
    if each.kind == lifecycle.RECORD:
        address = reverse("customer_record_new", kwargs={"code": row.code, "module": each.what})
        what = ngettext(
            "One more record is needed: %(module)s.", "%(n)s more records are needed: %(module)s.", each.more
        )
        said = what % {"n": each.more, "module": gettext(each.title)}
        return Hurdle(said + article, address, gettext("Enter one"))
    if each.kind == lifecycle.FIELD:
        address = reverse("customer_edit", kwargs={"code": row.code})
        return Hurdle(gettext("Not filled in: %(field)s.") % {"field": gettext(each.title)} + article, address,
                      gettext("Fill it in"))  # fmt: skip
    return Hurdle(_idle(each) + article)


def _idle(each: Obstacle) -> str:
    if each.until is None:
        return gettext("The working days of that year are not announced yet, so the end cannot be reckoned.")
    named = {"day": each.until.isoformat(), "module": gettext(each.title)}
    return gettext("Possible from %(day)s on, if nothing is entered until then: %(module)s.") % named


def keep_until(text: str) -> FieldBox:
    """Until when who had dossiers so far may still read them."""
    return FieldBox(
        "keep_until", gettext("May still read until"), "date", text,
        help=gettext("The last day on which who had them so far may read them; empty: what the regulation says."),
    )  # fmt: skip


def day_text(text: str) -> str:
    """A day as a form sends it; Refused(invalid) for anything else that is not empty."""
    if text and day_of(text) is None:
        raise Refused("invalid", missing=("keep_until",), detail=handing.KEPT)
    return text


def day_of(text: str) -> date | None:
    """A day as an address says it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
