"""Check characters: ISO 7064 MOD 37-36 for our own dossier codes, and weighted sums for others' codes.

MOD 37-36 finds every wrong character and more than 99 in 100 swaps of neighbours: a slip on a paper
form does not reach another customer's dossier.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import polars as pl

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = 8
_MODULUS = len(ALPHABET)
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_TAIL_DIGITS = 3
_TAIL = 10**_TAIL_DIGITS


def _step(state: int, value: int) -> int:
    """One character of the hybrid system: add modulo 36, double modulo 37."""
    total = (state + value) % _MODULUS or _MODULUS
    return total * 2 % (_MODULUS + 1)


def _state_after(text: str, state: int = _MODULUS) -> int:
    for char in text:
        state = _step(state, _VALUE[char])
    return state


def check_character(text: str) -> str:
    """The MOD 37-36 check character of a text of 0-9 and A-Z; `KeyError` for any other character."""
    return ALPHABET[(_MODULUS + 1 - _state_after(text)) % _MODULUS]


def code_for(serial: int, prefix: str = "C") -> str:
    """Our code for a serial number: prefix, eight digits or more, check character."""
    if serial < 0:
        raise ValueError("a serial number is not negative")
    body = f"{prefix}{serial:0{DIGITS}d}"
    return body + check_character(body)


def codes_for(first: int, n: int, prefix: str = "C") -> list[str]:
    """The codes of `n` serial numbers from `first` on; one string join per code."""
    if first < 0:
        raise ValueError("a serial number is not negative")
    codes: list[str] = []
    serial, end = first, first + n
    while serial < end:
        block, start = divmod(serial, _TAIL)
        stop = min(_TAIL, start + end - serial)
        head = f"{prefix}{block:0{DIGITS - _TAIL_DIGITS}d}"
        codes += [head + tail for tail in _tails(_state_after(head))[start:stop]]
        serial += stop - start
    return codes


@lru_cache(maxsize=_MODULUS + 1)
def _tails(state: int) -> tuple[str, ...]:
    """The last digits and check character of a thousand codes that share a head."""
    tails = []
    for number in range(_TAIL):
        digits = f"{number:0{_TAIL_DIGITS}d}"
        tails.append(digits + ALPHABET[(_MODULUS + 1 - _state_after(digits, state)) % _MODULUS])
    return tuple(tails)


def is_valid(code: str, prefix: str = "C") -> bool:
    """Whether a text is one of our codes, check character included."""
    body = code[:-1]
    number = body.removeprefix(prefix)
    if not body.startswith(prefix) or len(number) < DIGITS or not (number.isascii() and number.isdigit()):
        return False
    return code[-1] == check_character(body)


Table = dict[str, int]


def weighted(values: Table, weights: Sequence[int]) -> list[Table]:
    """One table per position: what each character adds to the sum there."""
    return [{char: value * weight for char, value in values.items()} for weight in weights]


class WeightedSum:
    """A check over positions: what the characters add, taken modulo `modulus`, is `remainder`.

    The same tables, one per position and the check position included, serve one text and a column.
    """

    def __init__(self, tables: Sequence[Table], modulus: int, remainder: int = 0) -> None:
        self._tables = tables
        self._modulus = modulus
        self._remainder = remainder
        self._columns = [_byte_table(table) for table in tables]

    def holds(self, text: str) -> bool:
        """Whether a text of the right length passes; a character that has no place there does not."""
        total = 0
        for table, char in zip(self._tables, text, strict=True):
            if char not in table:
                return False
            total += table[char]
        return total % self._modulus == self._remainder

    def holds_column(self, texts: pl.Expr) -> pl.Expr:
        """The same for a column; null where the text is.

        The caller has made sure by a pattern that every character has its place.
        """
        return texts.map_batches(self._holds_series, return_dtype=pl.Boolean, is_elementwise=True)

    def _holds_series(self, texts: pl.Series) -> pl.Series:
        """Texts of one length are fixed arrays of bytes: one look-up per position, none per row."""
        length = len(self._columns)
        codes = texts.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, length))
        total = pl.repeat(0, len(texts), dtype=pl.UInt32, eager=True)
        for place, table in enumerate(self._columns):
            total = total + table.gather(codes.arr.get(place))
        return total % self._modulus == self._remainder


def _byte_table(table: Table) -> pl.Series:
    return pl.Series([table.get(chr(byte), 0) for byte in range(128)], dtype=pl.UInt32)
