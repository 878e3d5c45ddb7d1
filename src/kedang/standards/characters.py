"""Norms of Chinese characters: which are traditional, which no Chinese system is sure to show.

Traditional and variant forms come from OpenCC's tables. Eleven characters that OpenCC simplifies are
standard in a meaning of their own and are left alone. Outside GBK a character is rare: GB 18030
fonts may lack it, so text should avoid it; names keep whatever the person or the register uses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

import opencc

_HAN_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2EBE0), (0x2F800, 0x2FA1F))
_STANDARD_ALL_THE_SAME = frozenset("乾吒夥徵拚捱摺榘薹袷麴麽著")
_PRIVATE_USE = "Co"
_SYMBOLS = ("So", "Sk", "Cn")
REPLACEMENT = "\ufffd"
# Bytes of U+FFFD read as GBK: the trace of a file that was opened in the wrong encoding and saved.
MOJIBAKE = "锟斤拷"


@cache
def simplified() -> dict[str, str]:
    """Each traditional or variant Han character with its simplified form."""
    chars = [chr(code) for first, last in _HAN_BLOCKS for code in range(first, last + 1)]
    convert = opencc.OpenCC("t2s").convert
    once = dict(zip(chars, convert("\n".join(chars)).split("\n"), strict=True))
    twice = {char: once.get(form, form) for char, form in once.items()}
    return {char: form for char, form in twice.items() if form != char}


@cache
def traditional() -> dict[str, str]:
    """The characters that a standard text avoids, with what to write instead."""
    return {char: form for char, form in simplified().items() if char not in _STANDARD_ALL_THE_SAME}


def is_han(char: str) -> bool:
    """Whether a character is a Han character (not punctuation, not a symbol)."""
    code = ord(char)
    return any(first <= code <= last for first, last in _HAN_BLOCKS) or 0x2EBE0 < code < 0x323B0


@cache
def in_gbk(char: str) -> bool:
    """Whether GBK has the character."""
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


@cache
def is_private(char: str) -> bool:
    """Whether a character means something only to the system that wrote it."""
    return unicodedata.category(char) == _PRIVATE_USE


@cache
def is_odd_symbol(char: str) -> bool:
    """Whether a character is a picture or sign that Chinese text encodings do not have."""
    return not in_gbk(char) and unicodedata.category(char) in _SYMBOLS


@cache
def gbk_characters() -> str:
    """All printable characters of ASCII and GBK, traditional ones included."""
    chars = (chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code <= 0xDFFF)
    return "".join(char for char in chars if char.isprintable() and in_gbk(char) and not is_private(char))


@cache
def ordinary() -> frozenset[str]:
    """The characters of standard Chinese text: ASCII and GBK without traditional and variant forms."""
    return frozenset(gbk_characters()) - frozenset(traditional())


def pattern_class(chars: Iterable[str]) -> str:
    """A regular-expression class of these characters, as ranges that Rust and Python both read."""
    ranges: list[list[int]] = []
    for code in sorted(set(map(ord, chars))):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges) + "]"
