"""The gate: every write asks here, is judged by the pack in force, runs once, and leaves evidence."""

from kedang.governance.gate import perform
from kedang.governance.registry import OPERATIONS

__all__ = ["OPERATIONS", "perform"]
