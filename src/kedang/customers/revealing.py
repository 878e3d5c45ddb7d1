"""The one value a reveal is about, wherever in the dossier it is kept."""

from __future__ import annotations

from kedang.customers import dictionary, selectors, slots, standing
from kedang.customers.contacts.drafts import texts
from kedang.customers.models import Contact, Dossier, Record
from kedang.customers.records.drafts import clear_texts
from kedang.kernel.errors import NotVisible


def clear_text(dossier: Dossier, holder: str, key: str) -> str | None:
    """The text of a field in the dossier and its main contact, or in the contact or record named by `holder`
    (`contact#7`); None where the person behind it was erased. NotVisible where no such thing stands."""
    if not holder:
        field = dictionary.known(key)
        given = [field] if field and field.part in (dictionary.DOSSIER, dictionary.CONTACT) else []
        return standing.texts(dossier, selectors.main_contact(dossier.pk), given).get(key, "")
    slot = slots.parsed(slots.name_in(holder, key))
    if slot.module == slots.CONTACT:
        contact = Contact.objects.filter(dossier=dossier, pk=slot.no, removed_us=0).first()
        if contact is not None:
            return texts([contact])[contact.pk].get(key, "")
    else:
        record = Record.objects.filter(dossier=dossier, module=slot.module, no=slot.no, removed_us=0).first()
        if record is not None:
            return clear_texts(record, [key]).get(key, "")
    raise NotVisible(f"{dossier.ref}/{holder}")
