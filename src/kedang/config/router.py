"""Which of the three databases a table lives in."""

from __future__ import annotations

from typing import Any

LOOKS = {"look", "lookblock", "looksealed", "lookanchor"}
KEYS = {"subjectkey", "sequence"}


def home_of(app_label: str, model_name: str) -> str:
    """The database alias of a model, by app label and lower-case model name."""
    if app_label == "ledger" and model_name in LOOKS:
        return "looks"
    if app_label == "vault" and model_name in KEYS:
        return "keys"
    return "default"


class Router:
    """Django's router interface over `home_of`; nothing is ever related across databases."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return home_of(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        """A RunPython or RunSQL step names its table by the hint `model_name`, or runs on default only."""
        return home_of(app_label, (model_name or "").lower()) == db
