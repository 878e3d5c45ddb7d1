"""Rows against the data standards, column by column: clean values, kept warnings, and what is wrong.

The same definitions that read a form read a file here (`standards.check_column` beside
`customers.values.read`), so a value that passes one way passes the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kedang import standards
from kedang.customers import values
from kedang.customers.dictionary import Fields, field_of, fields
from kedang.customers.fields import Field
from kedang.intake import items
from kedang.intake.mapping import Mapping as ColumnMapping
from kedang.intake.mapping import Use
from kedang.intake.readers.grid import Chunk, Mark
from kedang.packs.schema import Pack
from kedang.standards import ColumnRead, Finding, Read, names

EXACT_NUMBERS = frozenset({"credit_code", "identity_number", "phones", "postcode", "code"})
"""Standards of fields in which a number cell that lost its digits is an error; an amount survives it."""
BESIDE = frozenset({"at", "row", "name_key", "warnings", "bad"})
"""Columns of checked rows that are no fields."""
DEFAULT_KIND, DEFAULT_LEVEL = "organisation", "internal"
_JOINTS = {"region": " ", "contact.phones": "；", "note": "；", "business_scope": "；", "address": ""}
_BARE_AMOUNT = r"^[\s0-9.,，]+$"
_LONGEST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """Checked rows: `frame` has `row`, a column of clean values per field, `name_key`, `warnings`, `bad`.

    Empty values are null. `texts` are the cells as they were joined, `reads` what each column's
    standard said, `marked` doubts of the reader by row. Answers of a form stand in `frame` as they were typed.
    """

    frame: pl.DataFrame
    texts: Mapping[str, pl.Series]
    reads: Mapping[str, ColumnRead]
    marked: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: Mapping[str, pl.Series] = field(default_factory=dict)
    """For fields with a default: whether the row has a value of its own."""

    def gives(self, key: str, at: int) -> bool:
        """Whether the file itself, and not a default, gives the row a value of this field."""
        return key not in self.own or bool(self.own[key][at])

    def findings(self, at: int) -> list[Finding]:
        """Everything found in the row at a position, errors first."""
        found = [f for key, read in self.reads.items() for f in read.findings(self.texts[key][at])]
        found += self.marked.get(self.frame["row"][at], ())
        missing = sorted(self.required.get(self.frame["kind"][at], ()))
        found += [_missing(key) for key in missing if key not in self.frame.columns or self.frame[key][at] is None]
        return sorted(found, key=lambda f: (f.severity != "error", f.field))


def check(chunk: Chunk, mapping: ColumnMapping, pack: Pack, defaults: Mapping[str, str] | None = None) -> Block:
    """Read every mapped column of a chunk by its field's standard; `defaults` fill fields without a value."""
    given, own = _texts(chunk.frame, mapping.uses, defaults or {})
    known = fields(pack)
    texts = {key: series for key, series in given.items() if key in known}
    reads = {key: read_column(known[key], series) for key, series in texts.items()}
    frame = pl.DataFrame([chunk.frame["row"], *(_nulls(read.value, key) for key, read in reads.items())])
    frame = _with_kind_and_level(frame).with_columns(_answers(frame, given, pack))
    required = {kind: _required(pack, kind) for kind in frame["kind"].unique().to_list()}
    marked = _marked(chunk.marks, mapping, known)
    frame = frame.with_columns(
        _name_keys(frame),
        _warnings(texts, reads).alias("warnings"),
        _bad(frame, reads, required, marked).alias("bad"),
    )
    return Block(frame.with_row_index("at"), texts, reads, marked, required, own)


def _answers(frame: pl.DataFrame, given: Mapping[str, pl.Series], pack: Pack) -> list[pl.Series]:
    """The answers of forms as texts; a date that a limit runs from is the day of learning where nothing else is."""
    answered = [_nulls(series.str.strip_chars(), key) for key, series in given.items() if items.is_item(key)]
    learned = [frame[items.STAND_IN].cast(pl.String).alias(key) for key in sorted(items.stand_ins(pack, given))]
    return answered + learned


def read_column(spec: Field, texts: pl.Series) -> ColumnRead:
    """A column by the standard of its field, with the field's own limit on length; as `values.read_one` reads one."""
    read = standards.check_column(values.standard_of(spec), texts, field=spec.key)
    if not spec.collect:
        return _marked_again(spec, read, texts, _filled(read), "field.uncollected")
    long = _too_long(spec, read.value)
    return read if long is None or not long.any() else _marked_again(spec, read, texts, long, "text.long")


def _marked_again(spec: Field, read: ColumnRead, texts: pl.Series, where: pl.Series, rule: str) -> ColumnRead:
    """The same reading with an error where the field itself, and not its standard, has something to say."""
    again = {text: Read(*values.read_one(spec, text)) for text in texts.filter(where).unique().to_list() if text}
    merged = pl.DataFrame({"where": where, "rule": read.rule, "severity": read.severity})
    merged = merged.with_columns(
        pl.when("where").then(pl.lit(rule)).otherwise("rule").alias("rule"),
        pl.when("where").then(pl.lit("error")).otherwise("severity").alias("severity"),
    )
    reads = {text: _worst_first(each) for text, each in again.items()}
    return replace(read, rule=merged["rule"], severity=merged["severity"], reads={**read.reads, **reads})


def _filled(read: ColumnRead) -> pl.Series:
    """Where a cell says anything, right or wrong."""
    value = read.value
    if isinstance(value.dtype, pl.List):
        said = value.list.len() > 0
    else:
        said = value != "" if value.dtype == pl.String else value.is_not_null()
    return said.fill_null(value=False) | read.rule.is_not_null()


def _too_long(spec: Field, value: pl.Series) -> pl.Series | None:
    if value.dtype == pl.String:
        return (value.str.len_chars() > spec.width).fill_null(value=False)
    if isinstance(value.dtype, pl.List):
        return (value.list.join("、").str.len_chars() > spec.width).fill_null(value=False)
    return None


def _worst_first(read: Read) -> Read:
    return Read(read.value, tuple(sorted(read.findings, key=lambda f: f.severity != "error")))


def _texts(
    frame: pl.DataFrame, uses: Iterable[Use], defaults: Mapping[str, str]
) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
    """The text of each field in each row, columns joined, units added, blanks filled; and which were there before."""
    texts = {use.field: frame.select(_joined(use).alias(use.field)).to_series() for use in uses}
    own = {}
    for key, text in defaults.items():
        given = texts.get(key, pl.Series(key, [None] * len(frame), dtype=pl.String))
        own[key] = given.is_not_null()
        texts[key] = given.fill_null(text)
    return texts, own


def _joined(use: Use) -> pl.Expr:
    cells = [pl.col(f"c{column}") for column in use.columns]
    if use.field == "capital":
        return _amount(cells[0], use)
    if len(cells) == 1:
        return cells[0]
    if use.field == "region":
        cells = _without_echo(cells)
    joined = pl.concat_str(cells, separator=_JOINTS.get(use.field, " "), ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _without_echo(cells: Sequence[pl.Expr]) -> list[pl.Expr]:
    """北京 and 北京市 side by side are one region, not a region within itself."""
    first = cells[0].str.strip_chars().str.strip_suffix("市")
    rest = [pl.when(cell.str.strip_chars().str.strip_suffix("市") != first).then(cell) for cell in cells[1:]]
    return [
        cells[0],
        *(pl.when(cells[0].is_null()).then(cell).otherwise(part) for cell, part in zip(cells[1:], rest, strict=True)),
    ]


def _amount(cell: pl.Expr, use: Use) -> pl.Expr:
    """A bare number takes the unit of its title; the currency column says which money it is."""
    if use.unit:
        cell = pl.when(cell.str.contains(_BARE_AMOUNT)).then(cell + pl.lit(use.unit)).otherwise(cell)
    if use.currency is None:
        return cell
    currency = pl.col(f"c{use.currency}").str.strip_chars().fill_null("")
    return cell + currency


def _nulls(value: pl.Series, key: str) -> pl.Series:
    """Clean values with null for every empty one."""
    if value.dtype == pl.String:
        value = pl.select(pl.when(value != "").then(value)).to_series()
    elif isinstance(value.dtype, pl.List):
        value = pl.select(pl.when(value.list.len() > 0).then(value)).to_series()
    return value.alias(key)


def _with_kind_and_level(frame: pl.DataFrame) -> pl.DataFrame:
    """Kind and classification of every row; somebody with an identity number and no credit code is a person."""
    kind: pl.Expr = pl.lit(DEFAULT_KIND)
    if "identity_number" in frame.columns:
        coded = pl.col("credit_code").is_null() if "credit_code" in frame.columns else pl.lit(value=True)
        kind = pl.when(pl.col("identity_number").is_not_null() & coded).then(pl.lit("person")).otherwise(kind)
    if "kind" in frame.columns:
        kind = pl.coalesce("kind", kind)
    level = pl.col("level").fill_null(DEFAULT_LEVEL) if "level" in frame.columns else pl.lit(DEFAULT_LEVEL)
    return frame.with_columns(kind.alias("kind"), level.alias("level"))


def _name_keys(frame: pl.DataFrame) -> pl.Series:
    if "name" not in frame.columns:
        return pl.Series("name_key", [None] * len(frame), dtype=pl.String)
    return names.name_key_column(frame["name"]).str.slice(0, values.NAME_KEY_WIDTH).alias("name_key")


def _required(pack: Pack, kind: str) -> frozenset[str]:
    return pack.required(kind, "prospect")


def _marked(marks: Iterable[Mark], mapping: ColumnMapping, known: Fields) -> dict[int, tuple[Finding, ...]]:
    """Number cells that lost their digits, where digits matter."""
    owner = {column: use.field for use in mapping.uses for column in use.columns}
    found: dict[int, tuple[Finding, ...]] = {}
    for mark in marks:
        key = owner.get(mark.column, "")
        if mark.rule == "cell.long_number" and key and known[key].standard in EXACT_NUMBERS:
            found[mark.row] = (*found.get(mark.row, ()), Finding(key, mark.rule, "error", ""))
    return found


def _bad(
    frame: pl.DataFrame,
    reads: Mapping[str, ColumnRead],
    required: Mapping[str, frozenset[str]],
    marked: Mapping[int, tuple[Finding, ...]],
) -> pl.Series:
    """Whether a row has any error."""
    bad = frame["row"].is_in(list(marked))
    for read in reads.values():
        bad = bad | (read.severity == "error").fill_null(value=False)
    for kind, keys in required.items():
        for key in keys:
            absent = frame[key].is_null() if key in frame.columns else pl.repeat(True, len(frame), eager=True)
            bad = bad | (absent & (frame["kind"] == kind))
    return bad


def _warnings(texts: Mapping[str, pl.Series], reads: Mapping[str, ColumnRead]) -> pl.Series:
    """The warnings each row keeps, as `field:rule` in order, the way a dossier stores them."""
    parts = []
    for key in sorted(reads):
        words = {
            text: " ".join(sorted({f"{key}:{f.rule}" for f in read.findings if f.severity == "warning"}))
            for text, read in reads[key].reads.items()
        }
        words = {text: said for text, said in words.items() if said}
        if words:
            parts.append(texts[key].replace_strict(words, default=None, return_dtype=pl.String).alias(key))
    if not parts:
        length = len(next(iter(texts.values()), pl.Series()))
        return pl.repeat("", length, eager=True, dtype=pl.String)
    joined = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    return joined.fill_null("").str.slice(0, _LONGEST_FINDINGS)


def _missing(key: str) -> Finding:
    return Finding(key, "field.required", "error", "", {"field": field_of(key).title})
