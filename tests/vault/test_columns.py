"""The database itself refuses what a column must not hold, whichever road the value takes."""

import pytest
from django.db import Error, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kedang.kernel.sql import write_rows
from kedang.vault.models import Sequence, SubjectKey


def raw_insert(name, following=1):
    with connections["keys"].cursor() as cursor:
        cursor.execute("INSERT INTO vault_sequence (name, next) VALUES (%s, %s)", [name, following])


def bulk_insert(name, following=1):
    Sequence.objects.bulk_create([Sequence(name=name, next=following)])


def copied(name, following=1):
    connection = connections["keys"]
    with transaction.atomic(using="keys"), connection.cursor() as cursor:
        write_rows(cursor, connection.vendor, "vault_sequence", ["name", "next"], [(name, following)])


ROADS = [raw_insert, bulk_insert, copied]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("name", ["x" * 41, "客" * 41, "a\0b", "\0", "x" * 40 + " "])
def test_text_too_long_or_with_nul_is_refused(site, road, name):
    with pytest.raises((Error, ValueError)):
        road(name)
    assert Sequence.objects.count() == 0


@pytest.mark.parametrize("road", ROADS)
def test_text_as_long_as_allowed_is_kept_as_it_is(site, road):
    road("客" * 39 + " ")
    assert Sequence.objects.get().name == "客" * 39 + " "


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("wrong", ["many", 1.5, b"1x"])
def test_a_number_column_takes_no_text_fraction_or_bytes(site, road, wrong):
    if (site.vendor, road, wrong) == ("postgresql", raw_insert, 1.5):
        wrong = "1.5"  # a number would be rounded by the server's own cast before any check
    with pytest.raises((Error, ValueError, TypeError)):
        road("n", wrong)
    assert Sequence.objects.count() == 0


@pytest.mark.database("sqlite")
def test_text_takes_no_bytes(site):
    with pytest.raises(Error), connections["keys"].cursor() as cursor:
        cursor.execute("INSERT INTO vault_sequence (name, next) VALUES (%s, 1)", [b"\xff\xfe"])
    assert Sequence.objects.count() == 0


def test_a_sealed_column_takes_no_text_on_sqlite_and_gives_bytes_on_both(site):
    if site.vendor == "sqlite":
        with pytest.raises(Error), connections["keys"].cursor() as cursor:
            cursor.execute("INSERT INTO vault_subjectkey (subject_ref, wrapped_key, key_id) VALUES ('a', 'text', 1)")
    SubjectKey.objects.create(subject_ref="b", wrapped_key=b"\x00\xff", key_id=1)
    assert type(SubjectKey.objects.get().wrapped_key) is bytes
    assert SubjectKey.objects.values_list("wrapped_key", flat=True)[0] == b"\x00\xff"


def test_text_sorts_by_code_point_on_both(site):
    names = ["b", "B", "a", "安", "北", "Ä", "z", "阿", "1", "-"]
    Sequence.objects.bulk_create([Sequence(name=name, next=1) for name in names])
    assert list(Sequence.objects.order_by("name").values_list("name", flat=True)) == sorted(names)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_both_databases_accept_the_same_texts(site, name):
    fits = len(name) <= 40 and "\0" not in name
    Sequence.objects.all().delete()
    try:
        with transaction.atomic(using="keys"):
            raw_insert(name)
    except (Error, ValueError):
        assert not fits
    else:
        assert fits
        assert Sequence.objects.get().name == name
