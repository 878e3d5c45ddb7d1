"""From figures, scores and proposals to what their page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance.compliance.periods import Period, recent
from kedang.governance.measures.present import title_of
from kedang.governance.measures.sanctions import Proposals, Proposed
from kedang.governance.measures.scores import Line, Table
from kedang.governance.measures.tallies import COMPANY, Figure
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs.measures import Amount
from kedang.packs.schema import Pack
from kedang.packs.scoring import PartScored
from kedang.people.selectors import names_of, units
from kedang.web.building.registers import subject_address
from kedang.web.pages.measures import LineShown, MeasuresPage, PartShown, ProposedShown, SanctionShown, TableShown
from kedang.web.pages.parts import Option

USUAL = {
    "day": N_("each day"),
    "week": N_("each week"),
    "month": N_("each month"),
    "quarter": N_("each quarter"),
    "half_year": N_("each half-year"),
    "year": N_("each year"),
    "always": N_("since the beginning"),
}
KINDS = {
    "fine": (N_("Fine"), "warn"),
    "reward": (N_("Reward"), "good"),
    "discipline": (N_("Discipline"), "warn"),
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What the words of a page come from."""

    by: Actor
    pack: Pack
    names: Mapping[str, str]


def page(
    by: Actor, pack: Pack, period: Period | None, tables: Sequence[Table], proposals: Sequence[Proposals]
) -> MeasuresPage:  # fmt: skip
    """The page of a period; without one everything stands over the period the regulation counts it by."""
    chosen = period.name if period else ""
    words = recent(clock.company_day(clock.now_us()))
    options = [Option("", gettext("As the regulation counts"), not chosen)]
    options += [Option(name, name, name == chosen) for name in dict.fromkeys([*filter(None, [chosen]), *words])]
    subjects = {line.subject for table in tables for line in table.lines}
    said = _Said(by, pack, _names(subjects | {one.who for each in proposals for one in each.proposed}))
    shown = [_table(said, table) for table in tables]
    return MeasuresPage(
        chosen, options, [each for each in shown if each.is_score], [each for each in shown if not each.is_score],
        [_sanction(said, each) for each in proposals], "compliance" in by.reads,
    )  # fmt: skip


def _names(subjects: Iterable[str]) -> dict[str, str]:
    people = {each.partition(":")[2] for each in subjects if each.startswith("staff:")}
    return {
        **{f"staff:{username}": name for username, name in names_of(people).items()},
        **{unit.ref: unit.name for unit in units()},
        COMPANY: gettext("The whole company"),
    }


def _table(said: _Said, table: Table) -> TableShown:
    pack = said.pack
    limit = pack.scores[table.name].limit if table.kind == "score" else None
    most = limit.max or 0 if limit else 100 if table.kind == "measure" and pack.measures[table.name].unit == "%" else 0
    return TableShown(
        name=table.name, title=table.title, article=table.article,
        days=f"{table.period.first} – {table.period.last}" if table.period.name != "always" else "",
        usual=gettext(USUAL[table.usual]), lines=[_line(said, table, line) for line in table.lines], most=most,
        is_score=table.kind == "score", capped=table.capped, note=gettext(table.note) if table.note else "",
    )  # fmt: skip


def _line(said: _Said, table: Table, line: Line) -> LineShown:
    figure = line.figures.get(table.name, Figure(None)) if table.kind == "measure" else Figure(line.scored.points)
    unit = said.pack.measures[table.name].unit or "" if table.kind == "measure" else ""
    return LineShown(
        who=said.names.get(line.subject, line.subject.partition(":")[2]),
        address=subject_address(line.subject) if line.subject.startswith("dossier:") else "",
        number=_number(figure, unit), value=figure.value if isinstance(figure.value, int) else None,
        grade=line.scored.grade, behind=_behind(figure), parts=list(_parts(said.pack, line)),
    )  # fmt: skip


def _parts(pack: Pack, line: Line) -> Iterable[PartShown]:
    for part in line.scored.parts:
        yield _part(pack, part, line.figures.get(part.name, Figure(None)) if part.kind == "measure" else Figure(None))
    listed = {part.name for part in line.scored.parts if part.kind == "measure"}
    for name, figure in line.figures.items():
        if name not in listed and line.scored.parts == ():
            said = pack.measures[name]
            yield PartShown(said.title, _number(figure, said.unit or ""), _behind(figure))


def _part(pack: Pack, part: PartScored, figure: Figure) -> PartShown:
    unit = (pack.measures[part.name].unit or "") if part.kind == "measure" else ""
    title = title_of(pack, part.kind, part.name)
    return PartShown(title, _number(Figure(part.number), unit), _behind(figure), part.points, part.weight)


def _number(figure: Figure, unit: str) -> str:
    return "" if figure.value is None else f"{figure.value}{unit}"


def _behind(figure: Figure) -> str:
    return "" if figure.whole is None else f"{figure.part}/{figure.whole}"


def _sanction(said: _Said, found: Proposals) -> SanctionShown:
    kind, tone = KINDS[found.said.kind]
    return SanctionShown(
        title=found.said.title, kind=gettext(kind), tone=tone, article=found.said.article or "",
        warning=found.said.warning or "", appeal_days=found.said.appeal_days, by_decision=found.by_decision,
        unnamed=found.unnamed, capped=found.capped, proposed=[_proposed(said, each) for each in found.proposed],
    )  # fmt: skip


def _proposed(said: _Said, each: Proposed) -> ProposedShown:
    kind, _, rest = each.source.partition(":")
    register, _, number = rest.partition("/")
    address = (
        reverse("duty", kwargs={"number": int(rest)})
        if kind == "duty"
        else reverse("register_row", kwargs={"register": register, "number": number})
    )
    what = " · ".join(filter(None, [each.measure, _amount(each.amount)]))
    day = clock.company_day(each.at_us).isoformat()
    who = said.names.get(each.who, each.who.partition(":")[2])
    return ProposedShown(who, day, number or rest, address, each.no, what, each.capped)


def _amount(amount: Amount | None) -> str:
    if amount is None:
        return ""
    if amount.fen is not None:
        sign = "-" if amount.fen < 0 else ""
        return gettext("%(yuan)s yuan") % {"yuan": f"{sign}{abs(amount.fen) // 100}.{abs(amount.fen) % 100:02}"}
    if amount.points is not None:
        return gettext("%(points)s points") % {"points": amount.points}
    least, most = (amount.percent.min or 0, amount.percent.max) if amount.percent else (0, 0)
    percent = f"{least}–{most}" if most is not None and most != least else str(least)
    return gettext("%(percent)s%% of the month's performance pay") % {"percent": percent}
