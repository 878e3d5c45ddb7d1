"""Which column means which field: guessed from titles and content, confirmed by a person, remembered.

A `Use` takes one column for a field, or several that belong together: province and city make a
region, an amount and its currency a capital, two telephone columns one list. What is left is listed
with the reason, so that nobody believes it was taken in.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from kedang.intake import content, targets
from kedang.intake.headers import Header, own_columns
from kedang.intake.layout import Layout
from kedang.intake.readers.grid import Line
from kedang.intake.synonyms import EXACT, HINT, SERIAL, Words, table
from kedang.intake.targets import WHOLE, Targets
from kedang.kernel.i18n import N_

CERTAIN = 0.75
JOINED = {"region.province": 0, "region": 1, "region.city": 2, "region.county": 3}
SEVERAL = frozenset({"contact.phones"})
NO_FIELD = N_("The data dictionary has no such field, so this column is not collected.")
NOT_COLLECTED = N_("The regulation in force does not let this field be collected.")
ONLY_COUNTS = N_("This column only numbers the rows.")
OWN_COLUMN = N_("This column was added by the errors workbook.")
SECOND = N_("Another column was taken for the same field.")
NOTHING = N_("This column is empty.")
UNLIKE = N_("Its content does not read as what its title says.")
LEFT_OUT = N_("This column was left out by the person who confirmed the mapping.")


@dataclass(frozen=True, slots=True)
class Use:
    """A field and the columns it is read from, in the order they are joined; `unit` completes bare amounts."""

    field: str
    columns: tuple[int, ...]
    score: float = 1.0
    unit: str = ""
    currency: int | None = None

    @property
    def certain(self) -> bool:
        """Whether nobody needs to be asked."""
        return self.score >= CERTAIN


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that is not taken in, and why (an English source sentence)."""

    column: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of a layout: those used, and those not."""

    uses: tuple[Use, ...]
    unused: tuple[Unused, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the import may go on without asking: a name is found and no use is a mere guess."""
        return self.has_name and all(use.certain for use in self.uses)

    @property
    def has_name(self) -> bool:
        """Whether some column gives the customer's name, without which no dossier can be opened."""
        return any(use.field == "name" for use in self.uses)

    @property
    def questions(self) -> tuple[Use, ...]:
        """The uses a person should confirm."""
        return tuple(use for use in self.uses if not use.certain)

    @property
    def columns(self) -> tuple[int, ...]:
        """Every column that is read."""
        taken = {column for use in self.uses for column in use.columns}
        return tuple(sorted(taken | {use.currency for use in self.uses if use.currency is not None}))

    def of(self, field: str) -> Use | None:
        """The use of a field, if it has one."""
        return next((use for use in self.uses if use.field == field), None)

    def confirmed(self) -> Mapping:
        """The same mapping after a person said yes."""
        return Mapping(tuple(replace(use, score=1.0) for use in self.uses), self.unused)


def guess(layout: Layout, lines: Sequence[Line], known: Targets | None = None) -> Mapping:
    """The most likely mapping of a layout, from its titles and the rows below the header; `known` is what a column
    can be read as, by default whatever the product has a column for."""
    known = known or targets.built_in()
    samples = _samples(layout, lines)
    own = own_columns(layout.titles)
    open_columns = [index for index in range(layout.width) if index not in own]
    scores = _scores(layout.titles, samples, open_columns, known)
    taken = _assigned(scores)
    if not layout.header_row or not any(target == "name" for target, _ in taken.values()):
        _find_name(taken, layout.titles, samples, open_columns)
    _drop_unreadable_region(taken, layout, lines)
    uses = _joined(taken, layout.titles, known)
    used = set(Mapping(uses).columns)
    fields = {target for target, _ in taken.values()}
    unused = [
        _unused(i, layout.titles[i], samples[i], fields, known, own=i in own)
        for i in range(layout.width)
        if i not in used
    ]
    return Mapping(uses, tuple(unused))


def _below(layout: Layout, lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Cells of the sample rows that fit under the header; in a row that does not, values stand out of place."""
    fitting = (line for line in lines if line.row > layout.header_row and not line.band)
    return [line.cells for line in fitting if len(line.cells) <= layout.width]


def _samples(layout: Layout, lines: Sequence[Line]) -> list[pl.Series]:
    below = _below(layout, lines)
    columns = []
    for index in range(layout.width):
        cells = [row[index] if index < len(row) else "" for row in below]
        columns.append(content.sample_of(pl.Series(cells, dtype=pl.String)))
    return columns


def _scores(
    titles: Sequence[Header], samples: Sequence[pl.Series], columns: Sequence[int], known: Targets
) -> list[tuple[float, int, str]]:
    """Every plausible pair of column and target, best first; the earlier column wins a tie."""
    found = [
        (score, -column, target)
        for column in columns
        for target, words in known.words.items()
        if target != SERIAL and (score := _score(target, words, titles[column], samples[column])) > 0
    ]
    return sorted(found, reverse=True)


def _score(target: str, words: Words, title: Header, values: pl.Series) -> float:
    """Title and content together: each may speak for, only content may speak against."""
    weight = words.weight(title)
    fitting = content.fit(target, values)
    if weight == EXACT:
        base = 0.9 if fitting is None else _tempered(1.0, fitting)
    elif weight == HINT:
        base = 0.6 if fitting is None else _tempered(0.8, fitting)
    else:
        face = content.speaks_for(target, values)
        base = 0.7 * face if face >= 0.8 and not title.key else 0.6 * face if face >= 0.9 else 0.0
    if weight and target == "name":
        base *= 0.9 + 0.1 * content.organisations(values)
    return base


def _tempered(base: float, fitting: float) -> float:
    if fitting >= 0.6:
        return base
    return base * 0.7 if fitting >= 0.2 else 0.0


def _assigned(scores: Sequence[tuple[float, int, str]]) -> dict[int, tuple[str, float]]:
    """Each column to its best target; each target once, except those that may be repeated."""
    taken: dict[int, tuple[str, float]] = {}
    for score, negative, target in scores:
        column = -negative
        rivals = [other for other, _ in taken.values()]
        if column in taken or (target in rivals and target not in SEVERAL):
            continue
        taken[column] = (target, score)
    return taken


def _find_name(
    taken: dict[int, tuple[str, float]],
    titles: Sequence[Header],
    samples: Sequence[pl.Series],
    columns: Sequence[int],
) -> None:
    """A list without a plain name: a person's name beside an identity number, else the fullest short name."""
    if any(target == "name" for target, _ in taken.values()):
        return
    persons = [column for column, (target, _) in taken.items() if target == "contact.name"]
    targets = {target for target, _ in taken.values()}
    if persons and "short_name" not in targets:
        taken[persons[0]] = ("name", 0.9 if "identity_number" in targets else 0.5)
        return
    words = table()["short_name"]
    short = [c for c in columns if words.weight(titles[c]) and taken.get(c, ("short_name", 0))[0] == "short_name"]
    if not short:
        return
    fullest = max(short, key=lambda c: (_length(samples[c]), c))
    taken[fullest] = ("name", 0.5)
    rest = [column for column in short if column != fullest]
    if rest:
        taken[rest[0]] = ("short_name", 0.9)


def _drop_unreadable_region(taken: dict[int, tuple[str, float]], layout: Layout, lines: Sequence[Line]) -> None:
    """Parts of a region are judged together: a county's name alone is shared by many, and then says nothing."""
    parts = sorted((JOINED[target], column) for column, (target, _) in taken.items() if target in JOINED)
    below = _below(layout, lines)
    texts = ["".join(cells[column] for _, column in parts if column < len(cells)) for cells in below]
    readable = content.fit("region", content.sample_of(pl.Series(texts, dtype=pl.String)))
    for _, column in parts:
        target, score = taken[column]
        if readable is not None and readable < 0.5:
            del taken[column]
        elif readable is not None and readable < 0.8:
            taken[column] = (target, min(score, 0.7))


def _length(values: pl.Series) -> float:
    mean = values.str.len_chars().mean()
    return float(mean) if isinstance(mean, int | float) else 0.0


def _joined(taken: MappingOf[int, tuple[str, float]], titles: Sequence[Header], known: Targets) -> tuple[Use, ...]:
    """Columns of one field put together in the order they are read."""
    by_field: dict[str, list[tuple[int, int, float]]] = {}
    currency = next((column for column, (target, _) in taken.items() if target == "capital.currency"), None)
    for column, (target, score) in taken.items():
        if target != "capital.currency":
            field = "region" if target in JOINED else target
            by_field.setdefault(field, []).append((JOINED.get(target, 0), column, score))
    uses = []
    for field, parts in by_field.items():
        columns = tuple(column for _, column, _ in sorted(parts))
        amount = field == "capital"
        unit = titles[columns[0]].unit if amount else ""
        score = min(score for _, _, score in parts)
        uses.append(Use(field, columns, round(score, 3), unit, currency if amount else None))
    return tuple(sorted(uses, key=lambda use: known.order(use.field)))


def _unused(column: int, title: Header, values: pl.Series, fields: set[str], known: Targets, *, own: bool) -> Unused:
    meant = {target for target, words in table().items() if words.weight(title) == EXACT}
    why = NO_FIELD
    if own:
        why = OWN_COLUMN
    elif table()[SERIAL].weight(title) == EXACT:
        why = ONLY_COUNTS
    elif title.key in known.off_titles or (meant and known.off >= {WHOLE.get(target, target) for target in meant}):
        why = NOT_COLLECTED
    elif meant:
        why = SECOND if meant & fields or not len(values) else UNLIKE
    elif not title.key and not len(values):
        why = NOTHING
    return Unused(column, title.shown, why)
