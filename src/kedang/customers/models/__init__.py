"""Tables of the dossier, one file for each business thing."""

from __future__ import annotations

from kedang.customers.models.attachment import Attachment
from kedang.customers.models.contact import Contact, Tail
from kedang.customers.models.dossier import Dossier
from kedang.customers.models.origin import Consent, Origin, Verification
from kedang.customers.models.record import Record

__all__ = ["Attachment", "Consent", "Contact", "Dossier", "Origin", "Record", "Tail", "Verification"]
