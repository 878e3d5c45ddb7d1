"""Where a page ended, as an opaque word that a door may hand out."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import orjson

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

UNKNOWN = N_("This address of a page is not one of this list.")


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by and its direction; equal values are ordered by id in the same direction."""

    field: str
    descending: bool

    @classmethod
    def of(cls, text: str) -> Order:
        """`-updated_us` or `updated_us`, as Django writes it."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    @property
    def sign(self) -> str:
        """How a later row compares to an earlier one."""
        return "<" if self.descending else ">"


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: its value in the order, and its id."""

    value: Any
    pk: int

    def word(self, order: Order) -> str:
        """The cursor of the page that follows."""
        packed = orjson.dumps([order.field, order.descending, self.value, self.pk])
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def of(cls, word: str, order: Order) -> Place:
        """The place a cursor names; a cursor of another order, or none of ours, is `Refused("invalid")`."""
        try:
            packed = orjson.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
            field, descending, value, pk = packed
        except (ValueError, TypeError, binascii.Error) as error:
            raise Refused("invalid", detail=UNKNOWN) from error
        usable = isinstance(pk, int) and abs(pk) < 2**63 and _fits(value)
        if (field, descending) != (order.field, order.descending) or not usable:
            raise Refused("invalid", detail=UNKNOWN)
        return cls(value, pk)


def _fits(value: object) -> bool:
    return (isinstance(value, int) and abs(value) < 2**63) or (isinstance(value, str) and "\0" not in value)
