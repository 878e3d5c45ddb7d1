"""Regulations as data: what a policy pack says, whether it is sound, which one is in force, and what it decides."""

from __future__ import annotations

from kedang.packs.selectors import in_force, in_force_for, version_named

__all__ = ["in_force", "in_force_for", "version_named"]
