"""Where the rows of a file come from: their own columns `source` and `learned_on`, and what was said of the batch.

The rules are those of a single deed (`customers.origin_rules`); rows that say the same are judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kedang.customers import consents, dictionary
from kedang.customers.models import Dossier
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.origin_rules import Delta, Said, judged, kept, read
from kedang.intake.models import Batch
from kedang.kernel import clock
from kedang.packs.schema import Pack
from kedang.standards import Finding
from kedang.vault import cipher, keyring

COLUMNS = ("source", "learned_on")
Bad = tuple[list[int], tuple[Finding, ...]]
"""Rows of a file, and what is wrong with the coming of their values."""


@dataclass
class Coming:
    """What is known of the coming of a batch's values, and what the regulation asks of it."""

    pack: Pack
    batch: OriginIn = OriginIn()
    papers: bool = False
    """Whether a document was given with the batch."""
    _said: dict[tuple[str, date | None], Said] = field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """Fields whose values need an origin or a consent."""
        rules = kept(self.pack)
        required = rules.required_for if rules else frozenset()
        return required | consents.bound(self.pack).keys()

    def openings(self, rows: pl.DataFrame) -> Iterator[Bad]:
        """The rows that cannot be opened, each group with what is missing."""
        known = dictionary.fields(self.pack)
        keys = [key for key in rows.columns if key in self.asked and key in known]
        if kept(self.pack) is None and not keys:
            return
        mine = [name for name in COLUMNS if name in rows.columns]
        given = [pl.col(key).is_not_null().alias(f"given {key}") for key in keys]
        grouped = rows.select("row", "kind", *mine, *given).group_by(pl.exclude("row")).agg("row")
        for record in grouped.iter_rows(named=True):
            filled = [key for key in keys if record[f"given {key}"]]
            found = self._wrong(record, {key: (None, True) for key in filled})
            found += consents.lacking_at_opening(record["kind"], filled)
            if found:
                yield record["row"], tuple(found)

    def change(self, record: Mapping[str, Any], dossier: Dossier, delta: Delta) -> tuple[Finding, ...]:
        """What is wrong with the coming of values that change a stored dossier."""
        getting = [key for key, (_, after) in delta.items() if after is not None]
        return (*self._wrong(record, delta), *consents.lacking(dossier, getting))

    def of(self, record: Mapping[str, Any]) -> OriginIn | None:
        """The origin of one row: its own columns first, then the batch's."""
        own, day = record.get("source") or "", record.get("learned_on")
        code = self.pack.provenance.source_of(own) if own and self.pack.provenance else ""
        update = ({"source": code} if code else {}) | ({"learned_on": day.isoformat()} if day else {})
        made = self.batch.model_copy(update=update)
        return made if made.says else None

    def said(self, opening: pl.DataFrame) -> list[Said] | None:
        """For each row that is opened what is kept of its coming; None where nothing is said of any."""
        if not self.batch.says and not any(opening[name].count() for name in COLUMNS if name in opening.columns):
            return None
        blank = [None] * len(opening)
        texts, days = (opening[name].to_list() if name in opening.columns else blank for name in COLUMNS)
        return [self._kept(text or "", day) for text, day in zip(texts, days, strict=True)]

    def _kept(self, text: str, day: date | None) -> Said:
        if (text, day) not in self._said:
            self._said[text, day] = self._read({"source": text, "learned_on": day})
        return self._said[text, day]

    def _wrong(self, record: Mapping[str, Any], delta: Delta) -> list[Finding]:
        said = self._read(record)
        return [*said.findings, *judged(self.pack, said, delta, papers=self.papers)]

    def _read(self, record: Mapping[str, Any]) -> Said:
        own = {name: (None, record[name]) for name in COLUMNS if record.get(name)}
        return read(self.pack, self.of(record), own, clock.company_day(clock.now_us()))


def coming(pack: Pack, batch: Batch, evidence: Sequence[str]) -> Coming:
    """What is known of the coming of a stored batch."""
    return Coming(pack, opened(batch) or OriginIn(), bool(evidence))


def sealed(batch: Batch, origin: OriginIn | None) -> bytes:
    """What was said of a batch, bound to its file: who supplied it may be a person."""
    if origin is None or not origin.says:
        return b""
    key_id, key = keyring.data_key("records")
    return cipher.seal(key, origin.model_dump_json().encode(), _place(batch), key_id)


def opened(batch: Batch) -> OriginIn | None:
    """What was said of a batch; None where nothing was."""
    raw = bytes(batch.origin_ct)
    if not raw:
        return None
    key = keyring.data_key("records", cipher.key_id_of(raw))[1]
    return OriginIn.model_validate_json(cipher.open_sealed(key, raw, _place(batch)))


def _place(batch: Batch) -> bytes:
    return cipher.aad("intake_batch", batch.blob_id, "origin_ct")
