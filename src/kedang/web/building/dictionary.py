"""From the data dictionary to its page and its paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.codes import CodeList
from kedang.customers.entries import PARTS, SENSITIVITIES, Dictionary, Entry
from kedang.customers.fields import CATEGORIES
from kedang.governance.documents.formats import FORMATS
from kedang.governance.documents.paper import Grid, Heading, Paper, Part, Words
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.web.pages.dictionary import CodesShown, DictionaryPage, EntryShown, PartShown
from kedang.web.pages.parts import Option

SHOW: dict[str, tuple[str, Callable[[Entry], bool]]] = {
    "": (N_("Collected"), lambda entry: entry.collected),
    "required": (N_("Required"), lambda entry: entry.collected and bool(entry.required)),
    "key": (N_("Key fields"), lambda entry: entry.key_field),
    "personal": (N_("Personal"), lambda entry: entry.sealed),
    "added": (N_("Added by the regulation"), lambda entry: entry.added),
    "changed": (N_("Changed by this edition"), lambda entry: bool(entry.changes)),
    "off": (N_("Not collected"), lambda entry: not entry.collected),
    "all": (N_("All"), lambda entry: True),
}
"""What can be picked, and how it is found."""
LISTED = N_("%(name)s (%(source)s)")
WIDTHS = (3, 6, 4, 5, 3)


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person wants to see of it."""

    text: str = ""
    part: str = ""
    show: str = ""
    sensitivity: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Picked:
        """From the address; what means nothing picks nothing out."""
        part, show, sensitivity = (asked.get(name, "") for name in ("part", "show", "sensitivity"))
        return cls(
            asked.get("q", "").strip()[:100], part if part in PARTS else "", show if show in SHOW else "",
            sensitivity if sensitivity in SENSITIVITIES else "",
        )  # fmt: skip

    def entries(self, known: Dictionary) -> list[Entry]:
        """The entries that fit."""
        return [entry for entry in known.entries if self._fits(entry)]

    def _fits(self, entry: Entry) -> bool:
        words = (entry.key, entry.title, entry.product_title, entry.meaning, entry.article)
        return (
            SHOW[self.show][1](entry)
            and self.part in ("", entry.part)
            and self.sensitivity in ("", entry.sensitivity)
            and (not self.text or any(self.text.casefold() in word.casefold() for word in words))
        )

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        said = {"q": self.text, "part": self.part, "show": self.show, "sensitivity": self.sensitivity}
        filled = {name: text for name, text in said.items() if text}
        return f"?{urlencode(filled)}" if filled else ""


def page(by: Actor, known: Dictionary, picked: Picked) -> DictionaryPage:
    """The page with what was picked."""
    parts = _parts(known, picked)
    return DictionaryPage(
        version=known.version, title=known.title, effective_us=known.effective_us, before=known.before,
        parts=parts, gone=known.gone, text=picked.text,
        part_options=_options({"": N_("All parts")} | PARTS, picked.part),
        show_options=_options({name: title for name, (title, _) in SHOW.items()}, picked.show),
        sensitivity_options=_options({"": N_("Any sensitivity")} | SENSITIVITIES, picked.sensitivity),
        count=gettext("%(count)s of %(all)s fields") % {
            "count": sum(len(part.entries) for part in parts), "all": len(known.entries),
        },
        papers=[(kind.upper(), reverse("dictionary_paper", args=[kind]) + picked.query) for kind in FORMATS],
        may_see_compliance="compliance" in by.reads, filtered=picked != Picked(),
    )  # fmt: skip


def _options(titles: Mapping[str, str], chosen: str) -> list[Option]:
    return [Option(name, gettext(title), name == chosen) for name, title in titles.items()]


def _part(name: str, entries: Sequence[Entry]) -> PartShown:
    collectors = next((entry.collectors for entry in entries if entry.collectors), {})
    pack = in_force()
    said = [(gettext(title_of(pack, op)), "、".join(roles)) for op, roles in collectors.items() if roles]
    return PartShown(name, gettext(PARTS[name]), [shown(entry) for entry in entries], said)


def shown(entry: Entry) -> EntryShown:
    """One field in words."""
    categories = dict(CATEGORIES)
    return EntryShown(
        key=entry.key, title=entry.title, product_title=entry.product_title, meaning=entry.meaning,
        category=gettext(categories[entry.category]), standard=entry.said,
        codes=_codes(entry.codes) if entry.codes else None, required=_required(entry), marks=_marks(entry),
        sensitivity=gettext(SENSITIVITIES[entry.sensitivity]), protection=_protection(entry),
        purpose=_purpose(entry),
        stale=gettext("Out of date after %(days)s days") % {"days": entry.stale_days} if entry.stale_days else "",
        why_not=entry.why_not, article=entry.article, since=entry.since,
        changes=[(each.key.rpartition(".")[2], each.before, each.after) for each in entry.changes],
        overridden=[f"{each.pack_value} → {each.law_value}: {each.why}" for each in entry.overridden],
    )  # fmt: skip


def _codes(found: CodeList) -> CodesShown:
    source = " ".join(filter(None, (found.source, found.valid)))
    codes = [(each.code, _dated(gettext(each.title), each.first, each.last)) for each in found.codes]
    return CodesShown(gettext(found.name), source, gettext("%(count)s codes") % {"count": found.count}, codes)


def _dated(title: str, first: int, last: int) -> str:
    return f"{title} ({first or ''}–{last or ''})" if first or last else title


def _required(entry: Entry) -> list[str]:
    if entry.always:
        return [gettext("always")]
    by_state: dict[str, list[str]] = {}
    for each in entry.required:
        by_state.setdefault(each.state_title, []).append(each.kind_title)
    return [f"{state}: {'、'.join(kinds)}" for state, kinds in by_state.items()]


def _marks(entry: Entry) -> list[tuple[str, str]]:
    marks = [(gettext("key field"), "warn")] if entry.key_field else []
    marks += [(gettext("added"), "info")] if entry.added else []
    changed = {
        each.before == "" for each in entry.changes if each.key.rpartition(".")[2] == "title" or "." not in each.key
    }
    if entry.changes:
        marks.append((gettext("new in this edition") if changed == {True} else gettext("changed"), "good"))
    return marks


def _protection(entry: Entry) -> list[str]:
    said = [gettext("Stored encrypted")] if entry.sealed else []
    if entry.masked:
        for place, roles in ((N_("in lists"), entry.clear_in_list), (N_("on the page"), entry.clear_in_detail)):
            named = "、".join(roles) or gettext("nobody")
            said.append(gettext("Clear %(place)s: %(roles)s") % {"place": gettext(place), "roles": named})
        said.append(gettext("Others see it masked and reveal it with a reason"))
    return said


def _purpose(entry: Entry) -> list[str]:
    if not entry.purpose:
        return []
    said = [f"{entry.purpose} ({entry.basis})"]
    said += [gettext("With a consent of its own")] if entry.separate_consent else []
    return said + ([gettext("Impact assessed")] if entry.assessed else [])


def paper(known: Dictionary, picked: Picked) -> Paper:
    """What was picked, to be printed."""
    chosen = _parts(known, picked)
    day = clock.company_day(known.effective_us).isoformat() if known.effective_us else "—"
    return Paper(
        title=gettext("Data dictionary"), number=known.version,
        facts=(
            (gettext("Regulation"), known.title), (gettext("Edition"), known.version),
            (gettext("In force from"), day),
        ),
        parts=tuple(each for part in chosen for each in _printed(part)) or (Words(gettext("Nothing here")),),
        footer=known.version, page=gettext("page %(page)s of %(pages)s"), wide=True,
    )  # fmt: skip


def _parts(known: Dictionary, picked: Picked) -> list[PartShown]:
    """The parts with their entries, those without any left out."""
    chosen = picked.entries(known)
    parts = [_part(name, [each for each in chosen if each.part == name]) for name in PARTS]
    return [part for part in parts if part.entries]


def _printed(part: PartShown) -> tuple[Part, ...]:
    titles = (
        gettext("Field"), gettext("Meaning and standard"), gettext("Required"), gettext("Protection"),
        gettext("Edition"),
    )  # fmt: skip
    who = "；".join(f"{title}: {roles}" for title, roles in part.collectors)
    said = (Words(f"{gettext('Who collects')}: {who}"),) if who else ()
    return Heading(part.title), *said, Grid(titles, tuple(_line(entry) for entry in part.entries), WIDTHS)


def _line(entry: EntryShown) -> tuple[str, ...]:
    meaning = [*filter(None, [entry.meaning]), *entry.standard]
    if entry.codes:
        meaning.append(gettext(LISTED) % {"name": entry.codes.name, "source": entry.codes.source})
    required = "；".join(filter(None, [*entry.required, entry.stale]))
    return (
        f"{entry.title}\n{entry.key}", "；".join(meaning), entry.why_not or required,
        "；".join([entry.sensitivity, *entry.protection, *entry.purpose]),
        entry.since,
    )  # fmt: skip
