"""Two web addresses in one cell are no reason to lose the customer."""

from __future__ import annotations

import polars as pl

from kedang.standards import check, check_column


def test_the_first_of_several_is_kept_with_a_warning() -> None:
    read = check("url", "www.a.com；www.b.com")
    assert (read.value, read.rule, read.severity) == ("http://www.a.com", "url.several", "warning")
    column = check_column("url", pl.Series(["www.a.com；www.b.com"]))
    assert (column.value[0], column.rule[0]) == ("http://www.a.com", "url.several")


def test_an_address_beside_something_else_is_refused() -> None:
    assert check("url", "www.a.com 坏了").severity == "error"
