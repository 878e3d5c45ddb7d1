"""What a person sent with a dossier's form, as text by field key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict

from kedang.customers.fields import FIELDS

WAS = "was."


@dataclass(frozen=True, slots=True)
class Posted:
    """Values by field key, what stood in the form before, and what goes with them."""

    values: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, keys: Collection[str] = FIELDS.keys()) -> Posted:
        """The form of a POST; of a GET whatever the address already says, to begin with. `keys` are its fields."""
        sent = request.POST if request.method == "POST" else request.GET
        values = {key: _line_ends(str(sent[key])) for key in keys if key in sent}
        was = {key: _line_ends(str(sent[WAS + key])) for key in keys if WAS + key in sent}
        return cls(values, was, _others(sent, keys))

    def filled(self) -> dict[str, str]:
        """Values that are not empty, for a new dossier."""
        return {key: text for key, text in self.values.items() if text.strip()}

    def changed(self) -> dict[str, str]:
        """Values that differ from what stood in the form; a masked field counts when something was written."""
        return {key: text for key, text in self.values.items() if self._differs(key, text)}

    def _differs(self, key: str, text: str) -> bool:
        return text != self.was[key] if key in self.was else bool(text.strip())

    def text(self, name: str) -> str:
        """Another text of the form, or a value."""
        return self.extra.get(name) or self.values.get(name, "")

    @property
    def reason(self) -> str:
        """Why."""
        return self.extra.get("reason", "").strip()

    @property
    def key(self) -> str:
        """Makes the deed happen once however often the form is sent."""
        return self.extra.get("key", "")[:128]

    @property
    def confirm(self) -> bool:
        """The person keeps values that look wrong."""
        return self.extra.get("confirm") == "1"

    @property
    def version(self) -> int:
        """The version on the person's screen; 0 when none was sent."""
        text = self.extra.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0


def _others(sent: QueryDict, keys: Collection[str]) -> dict[str, str]:
    return {name: str(sent[name]) for name in sent if name not in keys and not name.startswith(WAS)}


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
