"""What the search index knows of a dossier: one text, made the same way for one row and for a million."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from kedang import search
from kedang.customers import dictionary, standing, values
from kedang.customers.fields import Field
from kedang.customers.models import Dossier

TARGET = search.Target(table="customers_dossier", fts="customers_dossier_fts", text_column="search_text")

WIDTH = 2000
NAMES = ("name", "short_name")
"""Found in any writing, and by pinyin."""
PLAIN = ("english_name",)
"""Found as they are written. Codes are not here: their own indexes find them, whole or by their beginning."""


def text_of(dossier: Dossier) -> str:
    """The folded text of names and their pinyin that tokens are made from."""
    names, plain = ([getattr(dossier, key) for key in keys] for keys in (NAMES, PLAIN))
    plain += [values.as_text(field, standing.plain_of(dossier, field)) for field in searched()]
    return fitting(search.compose(names, plain), names, plain)


def searched() -> list[Field]:
    """Fields of the dossier that the regulation in force adds and wants found by their words."""
    return [field for field in dictionary.of_part(dictionary.DOSSIER).values() if field.searched]


def fitting(text: str, names: Sequence[str], plain: Sequence[str]) -> str:
    """A composed text if its column holds it; of very long names only the writing is kept, not the pinyin."""
    if len(text) <= WIDTH:
        return text
    return (search.compose((), [*plain[::-1], *names]))[:WIDTH]


def put(dossier: Dossier) -> None:
    """Index a new dossier, in the caller's transaction."""
    dossier.search_text = text_of(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(search_text=dossier.search_text)
    search.put(connection, TARGET, [(dossier.pk, dossier.search_text)])


def settle() -> None:
    """After a bulk deed, outside any transaction: let both databases know how much there is now."""
    search.settle(connection, TARGET)


def replace(dossier: Dossier) -> None:
    """Index a changed dossier; the old tokens are recomputed from the stored text."""
    old, new = dossier.search_text, text_of(dossier)
    if old == new:
        return
    dossier.search_text = new
    Dossier.objects.filter(pk=dossier.pk).update(search_text=new)
    search.replace(connection, TARGET, dossier.pk, old, new)
