"""`kedang ledger`: verify, export or check the record of deeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang import ledger
from kedang.cli import asking
from kedang.cli.answering import answer, note
from kedang.governance.gate import perform
from kedang.governance.ops import ReadEvidence
from kedang.ledger.verdict import Verdict
from kedang.standards import checkchar

PROOF = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("ledger")
def command() -> None:
    """The record of every deed and every look."""


@command.command()
@click.option("--against", type=PROOF, help="A proof or heads file kept elsewhere; every head in it must still hold.")
@asking.as_json
def verify(against: Path | None, json: bool) -> int:
    """Check every row, block and head of the ledger. Exit code 1 when something is broken."""
    return _judge(ledger.verify(against), json)


@command.command()
@click.argument("proof", type=PROOF)
@asking.as_json
def check(proof: Path, json: bool) -> int:
    """Check a proof file by itself, without the database. Exit code 1 when something is broken."""
    return _judge(ledger.check(proof), json)


@command.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--subject", default="", metavar="CODE", help="Prove one dossier only.")
@asking.as_user
@asking.as_json
def export(out: Path, subject: str, user: str, json: bool) -> None:
    """Write a proof file that can be checked without the database."""
    code = subject.removeprefix("dossier:").upper()
    if code and not checkchar.is_valid(code):
        raise click.BadParameter(_("%(code)s is no dossier code.") % {"code": code})
    about = f"dossier:{code}" if code else ""
    perform("ledger.export", by=asking.acting(user), subject="-", payload=ReadEvidence(about=about))
    ledger.export(out, about or None, dossier=int(code[1:-1]) if code else None)
    verdict = ledger.check(out)
    result = {"file": str(out.resolve()), "entries": verdict.entries, "blocks": verdict.blocks, "head": verdict.head}
    answer(result, json=json, lines=[_("Proof of %(entries)s entries in %(file)s.") % result])


def _judge(verdict: Verdict, json: bool) -> int:
    for problem in verdict.problems:
        note(problem)
    result: dict[str, Any] = {
        "ok": verdict.ok, "entries": verdict.entries, "blocks": verdict.blocks, "head": verdict.head,
        "first_bad": verdict.first_bad, "unsealed": verdict.unsealed, "rows": verdict.rows, "looks": verdict.looks,
        "look_blocks": verdict.look_blocks, "look_head": verdict.look_head, "problems": list(verdict.problems),
        "n_problems": verdict.n_problems, "keys": {str(number): key for number, key in verdict.keys.items()},
    }  # fmt: skip
    sentence = _("The ledger is whole: %(entries)s entries, %(blocks)s blocks, head %(head)s.") if verdict.ok else _(
        "The ledger is BROKEN at %(first_bad)s; %(n_problems)s problems."
    )  # fmt: skip
    answer(result, json=json, lines=[sentence % result])
    return 0 if verdict.ok else 1
