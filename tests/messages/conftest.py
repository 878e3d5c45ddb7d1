"""A site that sends."""

from __future__ import annotations

import pytest
from django.conf import settings


@pytest.fixture
def mail_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices go out by mail."""
    monkeypatch.setattr(settings, "MAIL", "smtp")


@pytest.fixture
def mail_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """This site sends no mail."""
    monkeypatch.setattr(settings, "MAIL", "off")
