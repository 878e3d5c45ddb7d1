"""Classification of a dossier and clearance of a person: one ordered scale (密级)."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """公开 内部 秘密 机密 绝密, ordered; a person reads a dossier only up to their own clearance."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    SECRET = 3
    TOP_SECRET = 4

    @property
    def key(self) -> str:
        """The word used in packs, the API and exports."""
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> Level:
        """The level of a pack word; `KeyError` when there is none."""
        return cls[key.upper()]
