"""Values from a closed list, given by code or by title."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kedang.standards.finding import Read, error, refuse
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

_SHOWN = 12


def code(allowed: Mapping[str, str], name: str = "code") -> Standard:
    """A standard for one list: `allowed` maps each code to its title; the value is the code.

    A text is compared without case and in ASCII width. Two entries that read the same are a
    `ValueError`.
    """
    meant: dict[str, str] = {}
    for value, title in allowed.items():
        for label in {_label(value), _label(title)}:
            if meant.setdefault(label, value) != value:
                raise ValueError(f"{label!r} stands for two codes of {name}")
    choices = ", ".join(list(dict.fromkeys(allowed.values()))[:_SHOWN])

    def define(text: str) -> Read:
        value = meant.get(_label(text))
        return Read(value) if value is not None else refuse(error("code.unknown", text, choices=choices))

    def plain(texts: pl.Expr) -> pl.Expr:
        return pl.when(texts.is_in(sorted(allowed))).then(texts)

    return Standard(name, define, plain)


def _label(text: str) -> str:
    return ascii_form(text).casefold()
