"""Answers out of few: yes or no, and codes a company builds by a rule of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form, blank_column, is_blank
from kedang.standards.private import holds_personal_number
from kedang.standards.standard import Standard

_MEANT = {
    word: answer
    for answer, words in {
        "yes": "yes y true t 1 是 有 对 √ ✓ ✔ 已 要",
        "no": "no n false f 0 否 没有 不是 × x ✗ ✘ 未 不",
    }.items()
    for word in words.split()
}


def define_yes_no(text: str) -> Read:
    """Read an answer; the value is `yes` or `no`."""
    answer = _MEANT.get(ascii_form(text).strip().casefold())
    return Read(answer) if answer else refuse(error("yes_no.shape", text))


def _plain_yes_no(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.is_in(["yes", "no"])).then(texts)


def define_code(text: str) -> Read:
    """Read a code of any build: in ASCII width, without blanks around it."""
    code = ascii_form(text).strip()
    return Read(None if is_blank(code) else code)


def _plain_code(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(r"^[0-9A-Za-z]+$") & ~blank_column(texts)).then(texts)


def built(fits: Callable[[str], bool], write: Callable[[str], str], how: str) -> Standard:
    """A standard for codes built by one rule; `how` says the rule in words."""

    def define(text: str) -> Read:
        value = write(ascii_form(text))
        return Read(value) if fits(value) else refuse(error("code.built", text, how=how))

    return Standard("code", define, _none)


def at_least(standard: Standard, least: int) -> Standard:
    """The same standard for texts that say enough: shorter ones are refused."""

    def define(text: str) -> Read:
        read = standard.define(text)
        length = len(read.value) if isinstance(read.value, str) else least
        if not read.ok or length >= least:
            return read
        return Read(read.value, (error("text.short", text, least=least, length=length), *read.findings))

    def plain(texts: pl.Expr) -> pl.Expr:
        value = standard.plain(texts)
        return pl.when(value.str.len_chars() >= least).then(value)

    return replace(standard, define=define, plain=plain if isinstance(standard.dtype, pl.String) else standard.plain)


def without_numbers(standard: Standard) -> Standard:
    """The same standard for texts kept in plain: a person's telephone, identity number or address in it is told."""

    def define(text: str) -> Read:
        read = standard.define(text)
        if not read.ok or not holds_personal_number(text):
            return read
        return Read(read.value, (*read.findings, warning("text.number", "")))

    def plain(texts: pl.Expr) -> pl.Expr:
        return pl.when(~texts.str.contains(r"[\p{N}@＠]")).then(standard.plain(texts))

    return replace(standard, define=define, plain=plain)


def _none(texts: pl.Expr) -> pl.Expr:
    return pl.lit(None, pl.String)


YES_NO = Standard("yes_no", define_yes_no, _plain_yes_no)
CODE = Standard("code", define_code, _plain_code)
