"""A mapping as a person writes it down: a TOML file of column titles and field keys.

    [columns]
    "企业名称" = "name"
    "所在省份" = "region"
    "地区" = "region"
    "注册资本" = { field = "capital", unit = "万元" }
    "币种" = "capital.currency"
    "收到日期" = "item.received_on"
    "法人代表" = ""

    [defaults]
    "item.source" = "合作银行"

Columns of one field are joined from left to right; an empty field leaves the column out. `item.` names an answer of the
form that the regulation wants with a deed done alone. Defaults hold for every row that gives nothing itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import Any

from kedang.intake import targets
from kedang.intake.headers import Header, header
from kedang.intake.items import is_item
from kedang.intake.layout import Layout
from kedang.intake.mapping import LEFT_OUT, NO_FIELD, Mapping, Unused, Use
from kedang.intake.targets import Targets
from kedang.kernel.errors import KedangError
from kedang.kernel.i18n import N_

CURRENCY = "capital.currency"
_BAD_TOML = N_("The mapping is no valid TOML: %(detail)s")
_NO_TABLE = N_("The mapping has no table [columns].")
_NO_COLUMN = N_("The mapping names a column “%(title)s”, which the file does not have.")
_UNKNOWN = N_("The mapping gives column “%(title)s” to “%(field)s”, and there is no such field.")
_OFF = N_(
    "The mapping gives column “%(title)s” to “%(field)s”, which the regulation in force does not let be collected."
)
_OFF_DEFAULT = N_("The regulation in force does not let “%(field)s” be collected.")
_NO_DEFAULT = N_("There is no field “%(field)s” to give a value to.")
_TWICE = N_("The mapping gives two columns to “%(field)s”, which takes only one.")
JOINABLE = frozenset({"region", "address", "contact.phones", "note", "business_scope"})


class WrongMapping(KedangError):
    """The mapping file does not fit the file; the message says where."""

    code = "wrong_mapping"

    def __init__(self, sentence: str, **params: object) -> None:
        super().__init__(sentence % params)
        self.sentence, self.params = sentence, params


def read(text: str, layout: Layout) -> Mapping:
    """The mapping a TOML text gives for a layout; raises WrongMapping. Nothing is guessed beside it."""
    try:
        columns = tomllib.loads(text).get("columns", {})
    except tomllib.TOMLDecodeError as wrong:
        raise WrongMapping(_BAD_TOML, detail=str(wrong)) from wrong
    if not isinstance(columns, dict):
        raise WrongMapping(_NO_TABLE)
    return from_columns(columns, layout)


def read_defaults(text: str) -> dict[str, str]:
    """The table of defaults of a TOML text; raises WrongMapping."""
    try:
        given = tomllib.loads(text).get("defaults", {})
    except tomllib.TOMLDecodeError as wrong:
        raise WrongMapping(_BAD_TOML, detail=str(wrong)) from wrong
    return known_defaults({str(key): str(value) for key, value in given.items()}) if isinstance(given, dict) else {}


def from_columns(columns: MappingOf[str, Any], layout: Layout, known: Targets | None = None) -> Mapping:
    """The mapping of a table of titles and fields, as a file or a form gives it; `known` is what a column can be
    read as, by default whatever the product has a column for."""
    known = known or targets.built_in()
    by_field: dict[str, list[int]] = {}
    units: dict[str, str] = {}
    named: dict[int, str] = {}
    for title, target in columns.items():
        index = _index(title, layout.titles)
        field = str(target.get("field", "")) if isinstance(target, dict) else str(target)
        if field and field not in known.fields and field != CURRENCY and not is_item(field):
            raise WrongMapping(_OFF if field in known.off else _UNKNOWN, title=title, field=field)
        named[index] = field
        if field:
            by_field.setdefault(field, []).append(index)
        if isinstance(target, dict) and target.get("unit"):
            units[field] = str(target["unit"])
    currency = by_field.pop(CURRENCY, [None])[0]
    uses = [_use(field, sorted(c), units, currency, layout.titles) for field, c in by_field.items()]
    used = set(Mapping(tuple(uses)).columns)
    unused = [
        Unused(i, title.shown, LEFT_OUT if named.get(i) == "" else NO_FIELD)
        for i, title in enumerate(layout.titles)
        if i not in used
    ]
    order = {field: place for place, field in enumerate(known.fields)}
    return Mapping(tuple(sorted(uses, key=lambda use: (order.get(use.field, len(order)), use.field))), tuple(unused))


def _use(
    field: str, columns: list[int], units: MappingOf[str, str], currency: int | None, titles: Sequence[Header]
) -> Use:
    if len(columns) > 1 and field not in JOINABLE:
        raise WrongMapping(_TWICE, field=field)
    if field != "capital":
        return Use(field, tuple(columns))
    return Use(field, tuple(columns), unit=units.get(field) or titles[columns[0]].unit, currency=currency)


def _index(title: str, titles: Sequence[Header]) -> int:
    for index, each in enumerate(titles):
        if each.shown == title:
            return index
    key = header(title).key
    for index, each in enumerate(titles):
        if key and each.key == key:
            return index
    raise WrongMapping(_NO_COLUMN, title=title)


def known_defaults(defaults: MappingOf[str, str], known: Targets | None = None) -> dict[str, str]:
    """Texts that fill fields the file does not give; blanks are no defaults. Raises WrongMapping."""
    known = known or targets.built_in()
    for field, text in defaults.items():
        if field in known.off and text.strip():
            raise WrongMapping(_OFF_DEFAULT, field=field)
        if field not in known.fields and field not in known.off and not is_item(field):
            raise WrongMapping(_NO_DEFAULT, field=field)
    return {field: text for field, text in defaults.items() if text.strip()}


def columns_of(mapping: Mapping, layout: Layout) -> dict[str, Any]:
    """The table of titles and fields of a mapping, for storing and for forms."""
    out: dict[str, Any] = {title.shown: "" for title in layout.titles}
    for use in mapping.uses:
        for column in use.columns:
            out[layout.titles[column].shown] = {"field": use.field, "unit": use.unit} if use.unit else use.field
        if use.currency is not None:
            out[layout.titles[use.currency].shown] = CURRENCY
    return out


def write(mapping: Mapping, layout: Layout) -> str:
    """The mapping as TOML, to be kept beside a file that comes every month."""
    lines = ["[columns]"]
    for title, target in columns_of(mapping, layout).items():
        if isinstance(target, dict):
            value = "{ " + ", ".join(f"{key} = {_quoted(text)}" for key, text in target.items()) + " }"
        else:
            value = _quoted(target)
        lines.append(f"{_quoted(title)} = {value}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " else f"\\u{ord(char):04x}" for char in escaped) + '"'
