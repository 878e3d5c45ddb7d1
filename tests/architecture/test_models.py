"""What a column may be and where a foreign key may point: the same on both databases, and only downwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from kedang.config.router import home_of
from kedang.vault.columns import Text
from tests.architecture.source import layers

OF_DJANGO = {("people.Staff", "password"), ("people.Staff", "last_login")}
"""Columns of Django's own base class, which we inherit and do not choose."""


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("kedang.")]


def room_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def our_columns() -> Iterator[tuple[str, str, models.Field[Any, Any]]]:
    for model in our_models():
        for field in model._meta.local_fields:
            if (model._meta.label, field.name) not in OF_DJANGO:
                yield model._meta.label, field.name, field


def test_the_house_has_models() -> None:
    assert {"vault", "ledger", "people", "customers", "governance"} <= {room_of(model) for model in our_models()}


def test_a_foreign_key_points_to_the_same_room_or_a_lower_one() -> None:
    height = layers()
    wrong = []
    for model in our_models():
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, models.ForeignKey | models.ManyToManyField) else None
            if target is None or not target.__module__.startswith("kedang."):
                continue
            here, there = room_of(model), room_of(target)
            if here != there and height[there] >= height[here]:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_a_foreign_key_stays_inside_its_database() -> None:
    across = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and database_of(model) != database_of(field.related_model)
    ]
    assert across == []


def database_of(model: type[models.Model]) -> str:
    return home_of(model._meta.app_label, model._meta.model_name or "")


def test_every_text_column_is_checked_by_the_database_itself() -> None:
    unchecked = [
        f"{label}.{name}"
        for label, name, field in our_columns()
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, Text)
    ]
    assert unchecked == []


def test_no_column_loses_digits() -> None:
    kinds = (models.DecimalField, models.FloatField)
    assert [f"{label}.{name}" for label, name, field in our_columns() if isinstance(field, kinds)] == []


def test_instants_are_integers() -> None:
    instants = [f"{label}.{name}" for label, name, field in our_columns() if isinstance(field, models.DateTimeField)]
    assert instants == []
