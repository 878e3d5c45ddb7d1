"""Pages load nothing from another host and hold no inline script or style (the policy would stop them)."""

from __future__ import annotations

from tests.architecture.source import lines_with, pages


def test_there_are_pages() -> None:
    assert sum(name.endswith(".html") for name, _ in pages()) >= 5


def test_no_inline_script() -> None:
    assert lines_with(r"<script(?![^>]*\bsrc=)", pages()) == []
    assert (
        lines_with(r"""\s(on[a-z]+|hx-on[:a-z-]*)\s*=\s*["'{]|["']\s*javascript:|hx-(vals|headers)=["']js:""", pages())
        == []
    )


def test_no_inline_style() -> None:
    templates = [(name, text) for name, text in pages() if name.endswith(".html")]
    assert lines_with(r"""<style\b|\sstyle\s*=\s*["'{]""", iter(templates)) == []


def test_nothing_comes_from_another_host() -> None:
    attribute = r"\b(src|href|srcset|action|formaction|poster|hx-(get|post|put|patch|delete))\s*=\s*"
    call = r"@import\s*|\burl\(\s*|\bfetch\(\s*|\bimport\(\s*"
    assert lines_with(rf"""({attribute}|{call})["']?\s*((https?|wss?):)?//""", pages()) == []


def test_text_is_escaped_by_the_template_engine() -> None:
    assert lines_with(r"\|\s*safe\b|autoescape\s+false", pages()) == []
