"""The Chinese catalogue: renew it from the source, check that it is complete, compile it.

    python scripts/translations.py extract    new texts into every django.po, vanished ones out
    python scripts/translations.py check      every text of the source has its translation (exit 1 if not)
    python scripts/translations.py compile    django.po to django.mo, as `make setup` does

Babel does the work, so no gettext tools are needed. Texts are marked `_(…)`, `N_(…)` (plain modules),
`ngettext(…)`, or stand in a template.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kedang"
KEYWORDS = DEFAULT_KEYWORDS | {
    "N_": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2"), ("web/templates/**.txt", "jinja2")]
OPTIONS = {"web/templates/**": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "encoding": "utf-8"}}


def catalogues() -> dict[str, Path]:
    """Language to its file."""
    return {path.parts[-3]: path for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))}


def source_texts() -> Catalog:
    """Every text of the source, with the files it stands in (no line numbers: they would change daily)."""
    found = Catalog(project="Kedang", charset="utf-8")
    options = {pattern: OPTIONS["web/templates/**"] for pattern, method in METHODS if method == "jinja2"}
    for file, _line, text, comments, context in extract_from_dir(
        PACKAGE, METHODS, options, KEYWORDS, ("Translators:",)
    ):
        found.add(text, locations=[(file, 0)], auto_comments=comments, context=context)
    return found


def read(language: str, path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def faults(language: str, path: Path) -> Iterator[str]:
    """What is missing, left over or wrong in one catalogue, a line each."""
    wanted, have = source_texts(), read(language, path)
    for message in wanted:
        if message.id and not _translated(have.get(message.id, message.context)):
            yield f"{path.name} {language}: no translation of {message.id!r} ({_places(message)})"
    for message in have:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{path.name} {language}: not in the source any more: {message.id!r}"
    for message, errors in have.check():
        yield f"{path.name} {language}: {message.id!r}: {'; '.join(map(str, errors))}"


def _translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return bool(message.string) and all(message.string if isinstance(message.string, tuple) else (message.string,))


def _places(message: Message) -> str:
    return ", ".join(sorted({str(file) for file, _ in message.locations}))


def extract() -> int:
    """Bring the catalogues up to the source; new texts come in untranslated and are never guessed."""
    texts = source_texts()
    for language, path in catalogues().items():
        catalogue = read(language, path)
        catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)
    return 0


def check() -> int:
    """Print every fault of every catalogue; without a catalogue nothing is complete."""
    if not catalogues():
        print("no catalogue under src/kedang/locale", file=sys.stderr)
        return 1
    found = [fault for language, path in catalogues().items() for fault in faults(language, path)]
    for fault in found:
        print(fault)
    return 1 if found else 0


def compile_all() -> int:
    """Write each django.mo beside its django.po."""
    for language, path in catalogues().items():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language, path))
    return 0


COMMANDS = {"extract": extract, "check": check, "compile": compile_all}

if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(COMMANDS[sys.argv[1]]())
