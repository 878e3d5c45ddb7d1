"""An import as its pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.dictionary import Fields
from kedang.customers.origin_rules import PART
from kedang.governance import jobs, todo
from kedang.governance.models import Call
from kedang.intake import batches, items, mapping_file, present, reading, targets
from kedang.intake.models import Batch
from kedang.intake.problems import Opened
from kedang.intake.reading import Inspected
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.forms import Item
from kedang.people.selectors import colleagues, names_of, units
from kedang.standards import MESSAGES
from kedang.web import findings, words
from kedang.web.building import origins
from kedang.web.forms import Posted
from kedang.web.pages.imports import (
    BatchHead,
    BatchRow,
    ColumnMapped,
    Count,
    MappingPage,
    ProgressPage,
    RowProblem,
    RuleCount,
)
from kedang.web.pages.parts import Fact, FieldBox, FindingShown, Option

ROWS = 50
PREVIEW = 12
CELLS = 40
COUNTS = (
    ("rows", N_("Rows"), ""),
    ("created", N_("New"), "good"),
    ("updated", N_("Updated"), "good"),
    ("duplicates", N_("Repeated"), "warn"),
    ("unchanged", N_("Unchanged"), ""),
    ("rejected", N_("Rejected"), "bad"),
    ("warnings", N_("Warnings"), "warn"),
)
PHASES = {
    "checking": N_("Checking the rows"),
    "writing": N_("Taking in"),
    "reverting": N_("Taking back"),
    "signing": N_("Waiting for signatures"),
}
STEP_IN = {"checking": "check", "writing": "run", "reverting": "result"}
STEP_OF = {"staged": "columns", "checking": "check", "planned": "check", "committing": "run"}
ON_DUPLICATE = {
    "skip": N_("Leave the customer as it is"),
    "update": N_("Bring the customer up to date"),
    "flag": N_("Leave it and list the row"),
}


def head(by: Actor, batch: Batch) -> BatchHead:
    """What is said of an import on every page about it."""
    said = ON_DUPLICATE.get(batch.on_duplicate, "")
    facts = [Fact(gettext("Customers already here"), gettext(said))] if batch.state != "staged" else []
    return BatchHead(
        number=batch.pk,
        file=present.file_name(by, batch) or gettext("A colleague's file"),
        size=batch.blob.size,
        step=STEP_OF.get(batch.state, "result"),
        state=batch.state,
        state_title=words.batch_state(batch.state),
        who=names_of({batch.by_ref}).get(batch.by_ref, batch.by_ref),
        at_us=batch.created_us,
        facts=facts,
    )


def listed(by: Actor, found: Sequence[Batch]) -> list[BatchRow]:
    """Lines of the list of imports."""
    names = names_of({batch.by_ref for batch in found})
    return [
        BatchRow(
            number=batch.pk,
            address=reverse("import", kwargs={"batch": batch.pk}),
            file=present.file_name(by, batch) or gettext("A colleague's file"),
            state=batch.state,
            state_title=words.batch_state(batch.state),
            rows=batch.rows,
            created=batch.created,
            rejected=batch.rejected,
            who=names.get(batch.by_ref, batch.by_ref),
            at_us=batch.created_us,
        )
        for batch in found
    ]


def counts(source: Mapping[str, Any]) -> list[Count]:
    """The numbers of an import or of a running call."""
    return [Count(name, gettext(label), int(source.get(name, 0)), tone) for name, label, tone in COUNTS]


def counts_of(batch: Batch) -> list[Count]:
    """The numbers of a stored import; after it was taken back, those too."""
    out = counts(present.counts(batch))
    if batch.state == "reverted":
        out += [
            Count("reverted", gettext("Taken back"), batch.reverted, "good"),
            Count("kept", gettext("Kept"), batch.kept, "warn"),
        ]
    return out


def rules(batch: Batch) -> list[RuleCount]:
    """How often each rule was hit, errors first, most frequent first."""
    tally = batches.tally_of(batch)
    order = sorted(tally.items(), key=lambda entry: (entry[0][2] != "error", -entry[1]))
    return [
        RuleCount(rule, findings.title_of(field) if field else "", _what(rule), severity, rows)
        for (field, rule, severity), rows in order
    ]


def _what(rule: str) -> str:
    """The sentence of a rule for many rows; one that speaks of a single value is named by its remedy."""
    what, remedy = MESSAGES.get(rule, (rule, ""))
    return gettext(what) if "%(" not in what else gettext(remedy) if remedy and "%(" not in remedy else rule


def problems(batch: Batch, opened: Iterable[Opened]) -> list[RowProblem]:
    """Rows that need a person, named by the customer's name in them."""
    at = _column_of_name(batch)
    return [
        RowProblem(
            row=each.row,
            name=each.cells[at] if at is not None and at < len(each.cells) else "",
            findings=[findings.shown(found, labelled=True) for found in each.findings],
        )
        for each in opened
    ]


def _column_of_name(batch: Batch) -> int | None:
    titles = [title.shown for title in reading.layout_of(batch).titles]
    named = next((title for title, target in batch.column_table.items() if target == "name"), None)
    return titles.index(named) if named in titles else None


def progress(by: Actor, batch: Batch, call: Call) -> ProgressPage:
    """How far the running work has come."""
    steps = call.steps
    phase = steps.get("phase") or {"import.undo": "reverting"}.get(call.op, "checking")
    phase = "signing" if call.state == "waiting" else phase
    top = replace(head(by, batch), step=STEP_IN.get(phase, "run"))
    left = steps.get("left_s")
    return ProgressPage(
        head=top,
        phase=gettext(PHASES.get(phase, phase)),
        done=int(steps.get("rows", 0)),
        rows=int(steps.get("total", 0)),
        per_second=int(steps.get("rate", 0)),
        left_seconds=int(left) if left is not None else None,
        counts=counts({**steps, "rows": steps.get("rows", 0)}),
        stalled=not jobs.worker_alive() and call.state == "queued",
        waiting=call.state == "waiting",
        request=reverse("request", kwargs={"call": call.pk}) if call.state == "waiting" else "",
        signers=[
            names for item in todo.asked_by(by) if item.ref == f"call:{call.pk}" for names in [item.sender] if names
        ],
        may_stop=call.state in ("queued", "running") and call.op == "import.commit" and call.actor_ref == by.id,
        stopping=call.cancel,
    )


def mapping(by: Actor, batch: Batch, found: Inspected, wrong: Sequence[FindingShown] = ()) -> MappingPage:
    """The columns of the file, what they were taken for, and where the table was found."""
    return MappingPage(
        head=head(by, batch),
        sheet=[Option(each.name, each.name, each.name == found.sheet) for each in found.sheets],
        header_row=found.layout.header_row,
        preview=[_cells(line.cells) for line in found.lines[:PREVIEW]],
        preview_from=found.lines[0].row if found.lines else 1,
        columns=_columns(batch, found),
        defaults=[*_defaults(batch), *_origin(by, batch)],
        remembered=found.remembered,
        notes=[note.text(gettext) for note in found.notes],
        problems=wrong,
    )


def _cells(cells: Sequence[str]) -> list[str]:
    return [cell[:CELLS] for cell in cells]


def _columns(batch: Batch, found: Inspected) -> list[ColumnMapped]:
    table = batch.column_table
    doubtful = {column for use in found.mapping.questions for column in use.columns}
    why = {each.column: gettext(each.why) for each in found.mapping.unused}
    fields = targets.of(in_force()).fields
    out = []
    for index, title in enumerate(found.layout.titles):
        target = table.get(title.shown, "")
        chosen = str(target["field"]) if isinstance(target, dict) else str(target)
        unit = str(target.get("unit", "")) if isinstance(target, dict) else ""
        note = gettext("Amounts in %(unit)s.") % {"unit": unit} if unit else "" if chosen else why.get(index, "")
        out.append(
            ColumnMapped(
                index,
                title.shown,
                [text[:CELLS] for text in found.samples(index)],
                _targets(chosen, fields),
                note,
                doubtful=bool(chosen) and index in doubtful and not batch.certain,
            )
        )
    return out


def _targets(chosen: str, fields: Fields) -> list[Option]:
    options = [Option("", gettext("Leave out"), not chosen)]
    options += [Option(key, gettext(field.title), key == chosen) for key, field in fields.items()]
    options += [Option(key, item.title, key == chosen) for key, item in items.offered(in_force()).items()]
    currency = mapping_file.CURRENCY
    return [*options, Option(currency, gettext("Currency of the capital"), currency == chosen)]


def _origin(by: Actor, batch: Batch) -> list[FieldBox]:
    """Where the values of all rows come from, as far as it was said."""
    said = present.origin_of(by, batch)
    texts = {f"{PART}{name}": text for name, text in said.model_dump().items()} if said else {}
    return [box for group in origins.section(Posted(extra=texts), {}) for box in group.boxes]


def _defaults(batch: Batch) -> list[FieldBox]:
    ways = [Option(key, gettext(title), key == batch.on_duplicate) for key, title in ON_DUPLICATE.items()]
    places = [Option(unit.code, unit.name, unit.pk == batch.unit_id) for unit in units()]
    people = [Option("", "—", not batch.owner_ref)]
    people += [Option(each.username, each.name, each.username == batch.owner_ref) for each in colleagues()]
    levels = [
        Option(key, words.level(key), key == batch.default_values.get("level", "internal")) for key in words.LEVELS
    ]
    return [
        FieldBox("on_duplicate", gettext("Customers already here"), "select", options=ways),
        FieldBox("unit", gettext("Unit"), "select", options=places),
        FieldBox("owner", gettext("Account manager"), "select", options=people),
        FieldBox("level", gettext("Classification"), "select", options=levels),
        *(_answer(key, item, batch.default_values.get(key, "")) for key, item in items.offered(in_force()).items()),
    ]


def _answer(key: str, item: Item, given: str) -> FieldBox:
    """An answer of a form that the batch gives for every row without one of its own."""
    titles = {"yes": gettext("Yes"), "no": gettext("No")} if item.type == "yes_no" else dict(item.options)
    if titles:
        options = [Option("", "—", not given), *(Option(code, title, code == given) for code, title in titles.items())]
        return FieldBox(key, item.title, "select", options=options)
    return FieldBox(key, item.title, "date" if item.type == "date" else "text", given)
