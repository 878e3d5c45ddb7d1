"""The log names kinds and places of errors and never what was in the row."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from kedang.config.logs import Discreet
from tests.world import World

PERSONAL = "张三 13800138000"


def test_every_line_of_the_log_goes_through_it() -> None:
    config: dict[str, Any] = settings.LOGGING
    assert {each.get("()") for each in config["formatters"].values()} == {"kedang.config.logs.Discreet"}
    assert {each["formatter"] for each in config["handlers"].values()} <= set(config["formatters"])


def test_a_row_the_database_refuses_is_not_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.open("西安示例机电有限公司")
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE customers_dossier SET level = 9, name = %s", [PERSONAL])
    except DatabaseError:
        logging.getLogger("kedang.test").exception("it failed")
    record = caplog.records[-1]
    record.exc_text = None
    text = Discreet("%(levelname)s %(message)s").format(record)
    assert "ERROR it failed" in text
    assert "IntegrityError" in text
    assert "test_logs.py" in text
    assert "led to:" in text, "the driver's error and Django's"
    for word in (*PERSONAL.split(), "西安"):
        assert word not in text
