"""A head somebody kept: a proof file or a copy of the heads file, to hold the ledger against."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from kedang.ledger import anchors
from kedang.ledger.checking import check, heads_in
from kedang.ledger.verdict import Report


@dataclass(slots=True)
class Witness:
    """Heads that the ledger must still hold, by chain and block."""

    heads: dict[tuple[str, int], bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, report: Report) -> Witness:
        """The heads in a file; a file that is damaged itself, or holds none, is reported."""
        if zipfile.is_zipfile(path):
            verdict = check(path)
            if not verdict.ok:
                report.add(str(path), f"the proof file itself is damaged: {verdict.first_bad}")
                return cls()
            found = {(head.chain, head.no): head.hash32() for head, _ in heads_in(path)}
        else:
            lines = anchors.read(path, anchors.size(path))
            found = {(line.chain, line.no): line.hash32 for line in lines if line.no}
        if not found:
            report.add(str(path), "holds no head of a ledger")
        return cls(found)

    def meet(self, chain: str, no: int, head32: bytes, where: str, report: Report) -> None:
        """Compare one block of the ledger with what was kept of it."""
        kept = self.heads.pop((chain, no), None)
        if kept is not None and kept != head32:
            report.add(where, "is not the block that the given file holds: history was rewritten since")

    def finish(self, chain: str, table: str, ends: str, report: Report) -> None:
        """Report the kept blocks that the ledger no longer has."""
        for name, no in sorted(key for key in self.heads if key[0] == chain):
            report.add(f"{table} {no}", f"missing: the given file holds its head, but {ends}")
            del self.heads[(name, no)]
