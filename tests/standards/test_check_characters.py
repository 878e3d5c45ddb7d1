"""Our own codes: ISO 7064 MOD 37-36."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from kedang.standards.checkchar import ALPHABET, check_character, code_for, codes_for, is_valid


@given(st.text(ALPHABET, max_size=20))
def test_the_oracle_agrees(text: str) -> None:
    assert check_character(text) == mod_37_36.calc_check_digit(text)


def test_the_form_of_a_code() -> None:
    assert code_for(1) == "C00000001" + mod_37_36.calc_check_digit("C00000001")
    assert len(code_for(99_999_999)) == 10
    assert is_valid(code_for(123_456_789)) and len(code_for(123_456_789)) == 11


@given(st.integers(0, 10**9), st.integers(0, 3000))
def test_many_codes_are_the_same_codes(first: int, n: int) -> None:
    assert codes_for(first, n) == [code_for(serial) for serial in range(first, first + n)]


def test_codes_around_the_ninth_digit() -> None:
    assert codes_for(99_999_998, 4) == [code_for(serial) for serial in range(99_999_998, 100_000_002)]
    assert codes_for(7, 2, "B") == [code_for(7, "B"), code_for(8, "B")]


@given(st.integers(0, 99_999_999), st.integers(1, 9), st.sampled_from(ALPHABET))
def test_every_slip_is_found(serial: int, place: int, char: str) -> None:
    code = code_for(serial)
    slip = code[:place] + char + code[place + 1 :]
    assert is_valid(slip) == (slip == code)


def test_nearly_every_swap_of_neighbours_is_found() -> None:
    codes = [code_for(serial) for serial in range(0, 100_000_000, 9_973)]
    swaps = [
        (code, code[:place] + code[place + 1] + code[place] + code[place + 2 :])
        for code in codes
        for place in range(1, 9)
    ]
    real = [swap for code, swap in swaps if swap != code]
    assert sum(is_valid(swap) for swap in real) < 0.01 * len(real)


@pytest.mark.parametrize("code", ["", "C", "00000001", "C1", "c00000001X", "C0000000１X", "D00000001X"])
def test_what_is_no_code_of_ours(code: str) -> None:
    assert not is_valid(code)


def test_a_negative_serial_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        code_for(-1)
    with pytest.raises(ValueError, match="negative"):
        codes_for(-1, 2)
