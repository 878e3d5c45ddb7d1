"""What the pages load: every icon a page names is in the list, and the sprite holds the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kedang.web import environment

WEB = Path(environment.__file__).parent
NAMED = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")


def named() -> set[str]:
    return {name for path in (WEB / "templates").rglob("*.html") for name in NAMED.findall(path.read_text("utf-8"))}


def test_every_icon_of_a_page_is_listed() -> None:
    assert named() <= environment.ICONS
    with pytest.raises(LookupError):
        environment.icon("no-such-icon")


def test_the_sprite_holds_every_listed_icon() -> None:
    sprite = WEB / "static" / "vendor" / "icons.svg"
    assert sprite.exists(), "run scripts/assets.py"
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text("utf-8"))) == environment.ICONS


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in environment.icon("search")
    assert 'aria-label="&lt;b&gt;"' in environment.icon("search", label="<b>")
