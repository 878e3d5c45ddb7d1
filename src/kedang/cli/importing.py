"""An import at the terminal: bring the file, commit it, watch it, put the errors workbook beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kedang.cli import running
from kedang.cli.answering import note
from kedang.governance import imports
from kedang.governance.gate import perform
from kedang.governance.imports import Brought, Wishes
from kedang.intake import errors_book, present, selectors
from kedang.intake.payloads import CommitBatch, UndoBatch
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused

__all__ = ["Taken", "Wishes", "shown", "take_back", "take_in"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did, as `import` and `import-show` print it."""

    said: dict[str, Any]

    @property
    def created(self) -> int:
        """Dossiers that were opened."""
        return int(self.said["created"])


def take_in(
    file: Path, by: Actor, wishes: Wishes, *, dry_run: bool = False, errors: Path | None = None, reason: str = "",
    form: dict[str, str] | None = None, confirmed: bool = False,
) -> Taken:  # fmt: skip
    """Import a file as this person and wait for the end, or for signatures; `errors` is where the workbook goes."""
    running.recover_if_alone()
    with file.open("rb") as stream:
        brought = imports.bring(by, stream, file.name, wishes, reason=reason)
    subject = f"batch:{brought.batch}"
    _require_certain(brought)
    call = perform(
        "import.commit", by=by, subject=subject, payload=CommitBatch(dry_run=dry_run), reason=reason, form=form,
        confirmed=confirmed,
    )  # fmt: skip
    if call.state != "waiting":
        running.finished(call, watch=True)
    return shown(by, subject, errors or errors_path(file))


def take_back(by: Actor, ref: str) -> dict[str, Any]:
    """Undo an import as this person and wait for the end."""
    running.recover_if_alone()
    batch = selectors.batch_by_ref(by, ref)
    call = perform("import.undo", by=by, subject=batch.ref, payload=UndoBatch())
    running.finished(call, watch=True)
    batch.refresh_from_db()
    return {"batch": batch.pk, "reverted": batch.reverted, "kept": batch.kept}


def shown(by: Actor, ref: str, errors: Path | None) -> Taken:
    """A batch as it stands now; its errors workbook is written where a path is given and it has errors."""
    batch = selectors.batch_by_ref(by, ref)
    said = present.summary(batch)
    open_now = imports.open_call(batch.ref)
    said["request"] = open_now.pk if open_now else None
    if open_now is not None and open_now.state == "waiting":
        said["state"] = "waiting"
    if errors is not None and (batch.rejected or batch.duplicates) and batch.by_ref == by.id:
        with errors.open("wb") as out:
            errors_book.write(by, batch.ref, out)
        said["errors_file"] = str(errors.resolve())
    return Taken(said)


def errors_path(file: Path) -> Path:
    """Beside the file, or in the present folder where that may not be written to."""
    beside = file.with_name(f"{file.stem}.errors.xlsx")
    return beside if os.access(beside.parent, os.W_OK) else Path.cwd() / beside.name


def _require_certain(brought: Brought) -> None:
    if brought.certain and brought.mapping.has_name:
        return
    titles = brought.inspected.layout.titles
    for use in brought.mapping.questions:
        columns = "、".join(titles[column].shown for column in use.columns)
        note(_("column %(columns)s → %(field)s (unsure)") % {"columns": columns, "field": use.field})
    raise Refused(
        "incomplete", missing=("mapping",),
        detail=_("Confirm the columns with --yes, or give a mapping; the file is kept as batch %(batch)s.")
        % {"batch": brought.batch},
    )  # fmt: skip
