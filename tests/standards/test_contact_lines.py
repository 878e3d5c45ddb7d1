"""E-mail addresses, web addresses and postcodes."""

from __future__ import annotations

import pytest

from kedang.standards import check


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("li.ming@example.com", "li.ming@example.com"),
        ("Li.Ming@Example.COM", "Li.Ming@example.com"),
        ("ｌｉ＠example．com", "li@example.com"),
        ("李明 <li@example.com>", "li@example.com"),
        ("mailto:li@example.com", "li@example.com"),
        ("li@mail.example.com.cn", "li@mail.example.com.cn"),
        ("li+crm@qq.com ", "li+crm@qq.com"),
        ("12345@qq.com", "12345@qq.com"),
    ],
)
def test_addresses_of_people(text: str, value: str) -> None:
    read = check("email", text)
    assert (read.value, read.findings) == (value, ())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("li", "email.shape"),
        ("li@example", "email.shape"),
        ("li@@example.com", "email.several"),
        (".li@example.com", "email.shape"),
        ("l..i@example.com", "email.shape"),
        ("li@-example.com", "email.shape"),
        ("li@example.com;wang@example.com", "email.several"),
        ("x" * 65 + "@example.com", "email.shape"),
        ("li@" + "x" * 64 + ".com", "email.shape"),
        ("李@example.com", "email.shape"),
    ],
)
def test_what_is_no_address(text: str, rule: str) -> None:
    read = check("email", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("www.example.com", "http://www.example.com"),
        ("https://www.example.com/a?b=c#d", "https://www.example.com/a?b=c#d"),
        ("HTTP://WWW.Example.com/Path", "http://www.example.com/Path"),
        ("中国移动.中国", "http://中国移动.中国"),
        ("example.com:8080/x", "http://example.com:8080/x"),
        ("http://10.0.0.1/", "http://10.0.0.1/"),
    ],
)
def test_web_addresses(text: str, value: str) -> None:
    read = check("url", text)
    assert (read.value, read.findings) == (value, ())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("javascript:alert(1)", "url.scheme"),
        ("JavaScript:alert(1)", "url.scheme"),
        ("java\u200bscript:alert(1)", "url.scheme"),
        ("data:text/html,x", "url.scheme"),
        ("file:///etc/passwd", "url.scheme"),
        ("//evil.example.com", "url.shape"),
        ("http://user:secret@example.com", "url.shape"),
        ("http://example.com:99999", "url.shape"),
        ("http://exa mple.com", "url.shape"),
        ('http://example.com/"><script>', "url.shape"),
        ("公司网站", "url.shape"),
    ],
)
def test_what_must_never_become_a_link(text: str, rule: str) -> None:
    read = check("url", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")


def test_postcodes() -> None:
    assert check("postcode", "710000").value == "710000"
    assert check("postcode", "７１００００").value == "710000"
    assert check("postcode", "710000.0").value == "710000"
    read = check("postcode", "10000")
    assert (read.value, read.rule, read.severity) == ("010000", "postcode.leading_zero", "warning")
    for text in ("000000", "7100001", "1000", "abc"):
        assert check("postcode", text).rule == "postcode.shape"
