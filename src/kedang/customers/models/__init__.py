"""Tables of the dossier, one file for each business thing."""

from __future__ import annotations

from kedang.customers.models.contact import Contact, Tail
from kedang.customers.models.dossier import Dossier

__all__ = ["Contact", "Dossier", "Tail"]
