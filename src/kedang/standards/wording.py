"""Text for people: names, addresses and free text, cleaned without changing what they say.

Invisible characters go, full-width letters and digits get their usual width, spaces at the ends are
dropped. Everything else stays; what breaks the norm of standard Chinese characters is a warning, and
names are exempt from that norm.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from kedang.standards import characters
from kedang.standards.finding import Finding, Read, warning
from kedang.standards.folding import blank_column, invisible_in, one_width, one_width_column, visible
from kedang.standards.standard import Standard

SHORTEST_ADDRESS = 4
_SHOWN = 10
_LINE_ENDS = re.compile(r"\r\n?")
_ANY_SPACES = re.compile(r"\s+")
_NO_NAME = re.compile(r"[\W\d_]+")
_PLAIN_NAME = "[A-Za-z\\x{4e00}-\\x{9fa5}]"


def define_text(text: str) -> Read:
    """Read free text; line ends become \\n, line breaks and tabs stay."""
    clean = one_width(visible(_LINE_ENDS.sub("\n", text)))
    return Read(clean, tuple(_damage(text, clean) + _unusual(text, clean)))


def define_name(text: str) -> Read:
    """Read the name of an organisation or person, on one line; its characters are nobody's but its own."""
    clean = one_width(_one_line(text))
    findings = _damage(text, clean)
    if _NO_NAME.fullmatch(clean):
        findings.append(warning("name.no_letters", text))
    return Read(clean, tuple(findings))


def define_address(text: str) -> Read:
    """Read a postal address, on one line."""
    clean = one_width(_one_line(text))
    findings = _damage(text, clean) + _unusual(text, clean)
    if len(clean) < SHORTEST_ADDRESS:
        findings.append(warning("address.short", text))
    return Read(clean, tuple(findings))


def _one_line(text: str) -> str:
    return _ANY_SPACES.sub(" ", visible(text))


def _damage(text: str, clean: str) -> list[Finding]:
    """What a broken file leaves behind."""
    found: list[Finding] = []
    if characters.MOJIBAKE not in clean and characters.ordinary().issuperset(text):
        return found
    if hidden := invisible_in(text):
        found.append(warning("text.invisible", text, characters=_code_points(hidden)))
    if characters.REPLACEMENT in clean or characters.MOJIBAKE in clean:
        found.append(warning("text.garbled", text))
    if private := [char for char in clean if characters.is_private(char)]:
        found.append(warning("text.private_use", text, characters=_code_points("".join(private))))
    return found


def _unusual(text: str, clean: str) -> list[Finding]:
    """What standard Chinese text does not use."""
    found: list[Finding] = []
    if characters.ordinary().issuperset(clean):
        return found
    old = {char: form for char in clean if (form := characters.traditional().get(char))}
    if old:
        found.append(warning("text.traditional", text, characters=_joined(old), standard=_joined(old.values())))
    rare = [char for char in clean if char not in old and characters.is_han(char) and not characters.in_gbk(char)]
    if rare:
        found.append(warning("text.rare", text, characters=_joined(rare)))
    if signs := [char for char in clean if characters.is_odd_symbol(char) and char != characters.REPLACEMENT]:
        found.append(warning("text.symbol", text, characters=_joined(signs)))
    return found


def _joined(chars: object) -> str:
    return " ".join(list(dict.fromkeys(chars))[:_SHOWN])  # type: ignore[call-overload]


def _code_points(chars: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in list(dict.fromkeys(chars))[:_SHOWN])


@cache
def _text_pattern() -> str:
    """Texts without anything to clean beyond width, or to remark."""
    return f"^(?:{characters.pattern_class(characters.ordinary() | {chr(9), chr(10)})})*$"


@cache
def _line_pattern() -> str:
    """Addresses in order: as text, on one line, each space single."""
    kind = characters.pattern_class(characters.ordinary() - set(" \u3000"))
    return rf"^{kind}{{{SHORTEST_ADDRESS},}}(?: {kind}+)*$"


@cache
def _name_pattern() -> str:
    """Names in order: GBK characters, on one line, each space single."""
    kind = characters.pattern_class(set(characters.gbk_characters()) - set(" \u3000"))
    return rf"^{kind}+(?: {kind}+)*$"


def _in_order(texts: pl.Expr, pattern: str) -> pl.Expr:
    whole = ~texts.str.contains(characters.MOJIBAKE, literal=True)
    return texts.str.contains(pattern) & whole & ~blank_column(texts)


def _plain_text(texts: pl.Expr) -> pl.Expr:
    return pl.when(_in_order(texts, _text_pattern())).then(one_width_column(texts.str.strip_chars()))


def _plain_address(texts: pl.Expr) -> pl.Expr:
    return pl.when(_in_order(texts, _line_pattern())).then(one_width_column(texts))


def _plain_name(texts: pl.Expr) -> pl.Expr:
    named = texts.str.contains(_PLAIN_NAME)
    return pl.when(_in_order(texts, _name_pattern()) & named).then(one_width_column(texts))


TEXT = Standard("text", define_text, _plain_text)
NAME = Standard("name", define_name, _plain_name)
ADDRESS = Standard("address", define_address, _plain_address)
