"""What is wrong with a request that does not fit its schema, in the reader's language; rare cases stay in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from kedang.kernel.i18n import N_

SAID = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("There is no such field here."),
    "string_type": N_("This has to be a text."),
    "string_too_long": N_("At most %(max_length)s characters are possible."),
    "string_too_short": N_("At least %(min_length)s characters are needed."),
    "string_pattern_mismatch": N_("This is not written as it has to be."),
    "int_type": N_("This has to be a whole number."),
    "int_parsing": N_("This has to be a whole number."),
    "int_from_float": N_("This has to be a whole number."),
    "bool_type": N_("This has to be true or false."),
    "bool_parsing": N_("This has to be true or false."),
    "dict_type": N_("This has to be a table of names and values."),
    "list_type": N_("This has to be a list."),
    "greater_than_equal": N_("This has to be at least %(ge)s."),
    "less_than_equal": N_("This has to be at most %(le)s."),
    "literal_error": N_("This has to be one of: %(expected)s."),
    "too_long": N_("At most %(max_length)s entries are possible."),
    "json_invalid": N_("This is no valid JSON."),
}


def said(error: Mapping[str, Any]) -> str:
    """The sentence for one error as pydantic gives it."""
    sentence = SAID.get(str(error.get("type", "")))
    if sentence is None:
        return str(error.get("msg", ""))
    return gettext(sentence) % dict(error.get("ctx") or {})
