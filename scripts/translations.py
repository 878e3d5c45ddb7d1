"""Keep the Chinese catalogue complete: `update` after changing a text, `check` in CI, `compile` at set-up.

`check` fails on a text without translation, a fuzzy or obsolete entry, an entry no text uses, and a
translation whose placeholders differ from those of its text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "kedang"
LOCALES = SOURCE / "locale"
LANGUAGE = "zh_Hans"
MARKERS = ("N_", "gettext_lazy", "gettext_noop")
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, **dict.fromkeys(MARKERS)}
HEADER = "# Simplified Chinese for Kedang. Kept by scripts/translations.py; the wording is a clerk's own."
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def path_of(language: str, ending: str) -> Path:
    """The catalogue of a language."""
    return LOCALES / language / "LC_MESSAGES" / f"django.{ending}"


def extracted() -> Catalog:
    """All texts of the code and the templates, with the files they stand in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(project="Kedang", charset="utf-8", creation_date=FIRST, fuzzy=False)
    for name, _line, text, comments, context in extract_from_dir(SOURCE, methods, options, KEYWORDS):
        place = [(f"src/kedang/{Path(name).as_posix()}", 0)]
        found.add(text, None, place, auto_comments=comments, context=context)
    return found


def stored(language: str) -> Catalog:
    """The catalogue as it stands."""
    path = path_of(language, "po")
    if not path.exists():
        return Catalog(locale=language, project="Kedang", charset="utf-8", creation_date=FIRST, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Bring the catalogue up to date; new texts come without translation, unused ones go."""
    catalogue, texts = stored(language), extracted()
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = FIRST
    catalogue.header_comment, catalogue.last_translator, catalogue.language_team = HEADER, "Kedang", LANGUAGE
    catalogue.msgid_bugs_address = ""
    path = path_of(language, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, catalogue, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return say(list(problems(language)), "untranslated or wrong")


def compile_(language: str) -> int:
    """Write the form the program reads."""
    with path_of(language, "mo").open("wb") as out:
        write_mo(out, stored(language))
    return 0


def check(language: str) -> int:
    """Say what is missing; 1 when something is."""
    return 1 if say(list(problems(language)), "problems in the translations") else 0


def say(lines: list[str], what: str) -> int:
    """Print the lines and how many there are; 0."""
    for line in lines:
        print(line)
    if lines:
        print(f"{len(lines)} {what}")
    return len(lines)


def problems(language: str) -> Iterator[str]:
    """Every reason why the catalogue is not complete."""
    catalogue, texts = stored(language), extracted()
    for text in texts:
        if text.id:
            yield from wrong_with(text, catalogue.get(text.id, text.context))
    for entry in catalogue:
        if entry.id and texts.get(entry.id, entry.context) is None:
            yield f"unused: {shown(entry)}"
    for entry in catalogue.obsolete.values():
        yield f"obsolete: {shown(entry)}"


def wrong_with(text: Message, entry: Message | None) -> Iterator[str]:
    """What is wrong with the translation of one text."""
    if entry is None:
        yield f"missing: {shown(text)}"
        return
    said = [each or "" for each in (entry.string if isinstance(entry.string, tuple | list) else (entry.string,))]
    if not all(said):
        yield f"untranslated: {shown(text)}"
    elif entry.fuzzy:
        yield f"fuzzy: {shown(text)}"
    elif any(not names(each) <= wanted(text) for each in said) or names(said[-1]) != wanted(text):
        yield f"placeholders differ: {shown(text)} -> {said}"


def wanted(text: Message) -> set[str]:
    """The placeholders of a text; those of all its forms."""
    forms = text.id if isinstance(text.id, tuple | list) else (text.id,)
    return set().union(*(names(form) for form in forms))


def names(text: str) -> set[str]:
    """Names of placeholders."""
    return set(_PLACEHOLDER.findall(text))


def shown(text: Message) -> str:
    """A text and where it stands, in one line."""
    places = ", ".join(sorted({name for name, _ in text.locations}))
    return f"{text.id!r} ({places})"


COMMANDS = {"update": update, "compile": compile_, "check": check}


def main(arguments: list[str]) -> int:
    """`update`, `compile` or `check`; 2 on anything else."""
    name = arguments[0].lstrip("-") if len(arguments) == 1 else ""
    if name not in COMMANDS:
        print("usage: translations.py update | compile | check", file=sys.stderr)
        return 2
    result = COMMANDS[name](LANGUAGE)
    return result if name == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
