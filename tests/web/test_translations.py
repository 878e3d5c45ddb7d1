"""The Chinese catalogue is complete, and the check that says so finds each way in which it could not be."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def translations() -> Any:
    spec = spec_from_file_location("translations", ROOT / "scripts" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(**entries: str) -> Catalog:
    made = Catalog(locale="zh_Hans", fuzzy=False)
    for text, said in entries.items():
        made.add(text, said)
    return made


def test_every_text_of_the_product_is_said_in_chinese(translations: Any) -> None:
    assert list(translations.problems("zh_Hans")) == []


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({}, "missing"),
        ({"Rows": ""}, "untranslated"),
        ({"Rows": "行", "Gone": "没有"}, "unused"),
        ({"Rows": "%(count)s 行"}, "placeholders"),
    ],
)
def test_the_check_finds(translations: Any, monkeypatch: pytest.MonkeyPatch, stored: dict[str, str], said: str) -> None:
    monkeypatch.setattr(translations, "extracted", lambda: catalogue(Rows=""))
    monkeypatch.setattr(translations, "stored", lambda language: catalogue(**stored))
    found = list(translations.problems("zh_Hans"))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_fuzzy_translation_does_not_count(translations: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    guessed = catalogue(Rows="行")
    guessed["Rows"].flags.add("fuzzy")
    monkeypatch.setattr(translations, "extracted", lambda: catalogue(Rows=""))
    monkeypatch.setattr(translations, "stored", lambda language: guessed)
    assert [line.partition(":")[0] for line in translations.problems("zh_Hans")] == ["fuzzy"]
