"""A sealed value opens in its own place under its own key and nowhere else, in both suites."""

import traceback

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from kedang.vault import cipher

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
SUITES = sorted(cipher.SUITES)
suites = pytest.mark.parametrize("suite", SUITES)


@given(plain=st.binary(max_size=300), place=st.binary(max_size=60), key_id=st.integers(0, 65535))
@suites
def test_what_was_sealed_opens(suite, plain, place, key_id):
    with override_settings(CIPHER=suite):
        sealed = cipher.seal(KEY, plain, place, key_id)
    assert cipher.open_sealed(KEY, sealed, place) == plain
    assert cipher.key_id_of(sealed) == key_id
    assert len(sealed) == len(plain) + cipher.OVERHEAD


@suites
def test_any_changed_byte_is_noticed(suite):
    with override_settings(CIPHER=suite):
        sealed = cipher.seal(KEY, b"13812345678", b"place", 7)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(cipher.Tampered):
            cipher.open_sealed(KEY, changed, b"place")


@suites
@pytest.mark.parametrize("cut", [0, 1, 14, 30, -1])
def test_a_cut_value_is_noticed(suite, cut):
    with override_settings(CIPHER=suite):
        sealed = cipher.seal(KEY, b"13812345678", b"place")
    with pytest.raises(cipher.Tampered):
        cipher.open_sealed(KEY, sealed[:cut], b"place")


@suites
def test_a_value_does_not_open_in_another_row_column_or_under_another_key(suite):
    with override_settings(CIPHER=suite):
        sealed = cipher.seal(KEY, b"x", cipher.aad("customers_contact", 5, "phones_ct"))
    for place in [
        ("customers_contact", 6, "phones_ct"),
        ("customers_contact", 5, "name_ct"),
        ("other", 5, "phones_ct"),
    ]:
        with pytest.raises(cipher.Tampered):
            cipher.open_sealed(KEY, sealed, cipher.aad(*place))
    with pytest.raises(cipher.Tampered):
        cipher.open_sealed(OTHER, sealed, cipher.aad("customers_contact", 5, "phones_ct"))


@suites
def test_many_are_sealed_as_one_is(suite):
    with override_settings(CIPHER=suite):
        sealed = cipher.seal_many([KEY, OTHER, KEY], [b"a", b"b", b"c"], [b"1", b"2", b"3"], 9)
    opened = [cipher.open_sealed(*each) for each in zip([KEY, OTHER, KEY], sealed, [b"1", b"2", b"3"], strict=True)]
    assert opened == [b"a", b"b", b"c"]
    assert len({value[3:15] for value in sealed}) == 3, "each has a nonce of its own"


def test_the_error_tells_neither_key_nor_content():
    sealed = cipher.seal(KEY, b"secret phone", b"place")
    try:
        cipher.open_sealed(OTHER, sealed, b"place")
    except cipher.Tampered as error:
        told = "".join(traceback.format_exception(error))
    assert "secret" not in told
    assert OTHER.hex() not in told and repr(OTHER) not in told
    assert error_chain_is_empty(told)


def error_chain_is_empty(told: str) -> bool:
    return "During handling" not in told and "direct cause" not in told


def test_an_unknown_cipher_is_refused_by_name():
    with override_settings(CIPHER="rot13"), pytest.raises(ValueError, match="rot13"):
        cipher.seal(KEY, b"", b"")
