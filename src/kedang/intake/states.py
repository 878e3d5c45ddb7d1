"""The life of a batch: which state may follow which."""

from __future__ import annotations

STATES = ("staged", "checking", "planned", "committing", "done", "reverting", "reverted", "failed")
MOVES = frozenset(
    {
        ("staged", "staged"), ("planned", "staged"), ("failed", "staged"),
        ("staged", "checking"), ("planned", "checking"), ("checking", "checking"), ("checking", "planned"),
        ("staged", "committing"), ("planned", "committing"), ("checking", "committing"), ("committing", "committing"),
        ("committing", "done"), ("committing", "reverting"), ("committing", "failed"),
        ("staged", "reverting"), ("planned", "reverting"), ("checking", "reverting"), ("done", "reverting"),
        ("failed", "reverting"), ("reverting", "reverting"), ("reverting", "reverted"),
        ("staged", "failed"), ("checking", "failed"),
    }
)  # fmt: skip
"""A batch that wrote something ends done or reverted; every other end is a batch that wrote nothing."""

CHECKABLE = frozenset(state for state, after in MOVES if after == "checking")
COMMITTABLE = frozenset(state for state, after in MOVES if after == "committing")
REVERTIBLE = frozenset(state for state, after in MOVES if after == "reverting")
STAGEABLE = frozenset(state for state, after in MOVES if after == "staged")
