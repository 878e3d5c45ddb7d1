"""From the status of the regulation to what its pages show."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance import overlays
from kedang.governance.compliance import behind, reports
from kedang.governance.compliance.periods import Period, recent
from kedang.governance.compliance.regulation import editions, overrides
from kedang.governance.compliance.status import ORDER, TITLES, ArticleStatus, Compliance, ControlStatus
from kedang.governance.compliance.words import KINDS, NUMBERS
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people import findings
from kedang.people.selectors import names_of
from kedang.web import deeds
from kedang.web.pages.compliance import (
    ArticleShown,
    BehindPage,
    BranchShown,
    CompliancePage,
    ControlShown,
    CountShown,
    NumberShown,
    OverrideShown,
    RegulationPage,
    ReportShown,
    WitnessShown,
)
from kedang.web.pages.parts import Fact, Option

TONES = {"breached": "bad", "no_evidence": "warn", "not_yet_available": "", "monitored": "good", "attested": "good",
         "observed": "good", "enforced": "good"}  # fmt: skip
BAD_NUMBERS = frozenset({"late", "missed", "lapsed", "posts_wrong", "wrong", "unknown"})
NOTES = {
    "done": N_("Done"),
    "refused": N_("Refused"),
    "waiting": N_("Waiting"),
    "queued": N_("Waiting"),
    "running": N_("Running"),
    "kept": N_("Kept in time"),
    "late": N_("Late"),
    "missed": N_("Missed"),
    "signed": N_("Signed"),
    "lapsed": N_("Run out"),
    **findings.TITLES,
}
"""How the rows behind a number ended."""
DEGREES = {
    "lead": N_("in the lead"),
    "main": N_("mainly responsible"),
    "direct": N_("directly responsible"),
    "assist": N_("assists"),
    "supervise": N_("supervises"),
}


def page(by: Actor, found: Compliance, only: str) -> CompliancePage:
    """The page of a period, narrowed to the controls of one status where one is named."""
    only = only if only in ORDER else ""
    today = clock.company_day(clock.now_us())
    names = [*dict.fromkeys((found.period.name, *recent(today)))]
    shown = [_article(found, article, only) for article in found.articles]
    return CompliancePage(
        pack=found.pack,
        period=found.period.name,
        days=f"{found.period.first} – {found.period.last}",
        periods=[Option(name, name, name == found.period.name) for name in names],
        counts=[_count(found, status, only) for status in reversed(ORDER)],
        articles=[article for article in shown if article.controls],
        reports=[ReportShown(each.number, each.period, each.at_us, each.by) for each in reports.inspections(by)],
        may_print=deeds.may(by, "compliance.read", deeds.SITE),
    )


def _count(found: Compliance, status: str, only: str) -> CountShown:
    chosen = status == only
    asked = urlencode({"period": found.period.name} | ({} if chosen else {"status": status}))
    return CountShown(gettext(TITLES[status]), found.count(status), TONES[status], "?" + asked, chosen)


def _article(found: Compliance, article: ArticleStatus, only: str) -> ArticleShown:
    controls = [_control(found, each) for each in article.controls if not only or each.status == only]
    return ArticleShown(
        article.id, article.title, article.text, gettext(TITLES[article.status]), TONES[article.status], controls
    )


def _control(found: Compliance, control: ControlStatus) -> ControlShown:
    return ControlShown(
        id=control.id,
        kind=gettext(KINDS[control.kind]),
        title=control.title,
        status=gettext(TITLES[control.status]),
        tone=TONES[control.status],
        why=gettext(control.why) if control.why else "",
        numbers=[_number(found, control.id, *each) for each in _numbers(control)],
        first_us=control.first_us,
        last_us=control.last_us,
        not_caught=control.not_caught,
    )


def _numbers(control: ControlStatus) -> Iterator[tuple[str, int, bool, str]]:
    return ((each.key, each.number, each.exact, each.rows) for each in control.numbers)


def _number(found: Compliance, control: str, key: str, number: int, exact: bool, rows: str) -> NumberShown:
    asked = urlencode({"period": found.period.name, "rows": rows})
    address = f"{reverse('compliance_rows', kwargs={'control': control})}?{asked}" if rows else ""
    tone = "bad" if key in BAD_NUMBERS and number else ""
    return NumberShown(gettext(NUMBERS[key]) if key in NUMBERS else key, number, exact, address, tone)


def behind_page(by: Actor, control: str, what: str, period: Period, found: list[behind.Witness]) -> BehindPage:
    """The rows behind one number."""
    pack = in_force()
    names = names_of({row.who for row in found})
    key = what.rpartition(":")[2]
    return BehindPage(
        control=control,
        title=pack.controls[control].title or "",
        label=gettext(NUMBERS[key]) if key in NUMBERS else "",
        period=period.name,
        rows=[_witness(by, pack, row, names) for row in found[: behind.PAGE]],
        more=len(found) > behind.PAGE,
        back=f"{reverse('compliance')}?{urlencode({'period': period.name})}#{control}",
    )


def _witness(by: Actor, pack: Pack, row: behind.Witness, names: dict[str, str]) -> WitnessShown:
    kind, _, code = row.subject.partition(":")
    may_open = kind == "dossier" and "dossier" in by.reads
    return WitnessShown(
        at_us=row.at_us,
        what=gettext(title) if (title := _called(pack, row.what)) else row.what,
        who=names.get(row.who, row.who),
        subject=code or row.subject,
        subject_address=reverse("customer", kwargs={"code": code}) if may_open and code else "",
        note=gettext(NOTES[row.note]) if row.note in NOTES else row.note,
        entry=row.entry,
    )


def _called(pack: Pack, name: str) -> str:
    for section in (pack.clocks, pack.rounds, pack.registers, pack.undertakings, pack.posts):
        if name in section:
            return str(section[name].title)
    return title_of(pack, name)


def regulation(by: Actor, pack: Pack) -> RegulationPage:
    """The regulation in force, as everybody who works here may read it."""
    meta = pack.meta
    return RegulationPage(
        title=meta.title,
        facts=[
            Fact(gettext("Number"), meta.number),
            Fact(gettext("Edition"), meta.edition),
            Fact(gettext("Drawn from"), meta.source),
            *(Fact(gettext("Rests on"), law) for law in meta.basis),
        ],
        articles=[(number, article.title, article.text) for number, article in pack.articles.items()],
        duties=list(_duties(pack)),
        posts=[(post.title, _holders(post.least, post.most), _roles(pack, post.roles)) for post in pack.posts.values()],
        undertakings=[(each.title, each.text, _validity(each.months)) for each in pack.undertakings.values()],
        overrides=[OverrideShown(each.key, each.pack_value, each.law_value, each.why) for each in overrides(pack)],
        branches=[_branch(each) for each in overlays.in_force_now()],
        left=overlays.left_to_branches(pack),
        editions=editions(),
        may_see_compliance="compliance" in by.reads,
    )


def _branch(found: overlays.OverlayShown) -> BranchShown:
    return BranchShown(
        unit=found.unit_name, name=found.name,
        values=[(each.title, each.path, each.company, each.branch) for each in found.values],
        effective_us=found.effective_us, is_to_come=not found.in_force, set_by=found.set_by,
        approved_by=found.approved_by, reason=found.reason,
        overrides=[OverrideShown(each.key, each.pack_value, each.law_value, each.why) for each in found.overrides],
    )  # fmt: skip


def _duties(pack: Pack) -> Iterator[tuple[str, str, str]]:
    for line in pack.responsibilities:
        who = [
            pack.posts[line.post].title if line.post else "",
            pack.roles[line.role].title if line.role and line.role in pack.role_codes else line.role or "",
            pack.units[line.unit].title if line.unit else "",
        ]
        yield line.duty, " · ".join(filter(None, who)), gettext(DEGREES[line.degree])


def _holders(least: int, most: int | None) -> str:
    return str(least) if most == least else f"{least}–{most if most is not None else '…'}"


def _roles(pack: Pack, roles: frozenset[str]) -> str:
    return "、".join(pack.roles[code].title for code in sorted(roles) if code in pack.role_codes)


def _validity(months: int) -> str:
    return gettext("%(months)s months") % {"months": months} if months else gettext("for good")
