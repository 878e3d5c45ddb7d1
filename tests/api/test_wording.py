"""A request that does not fit its schema is answered in the reader's language."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kedang.api.wording import said


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=3, min_length=2)]
    number: Annotated[int, Field(ge=1, le=9)]
    way: Literal["skip", "update"]


def sentences(**sent: object) -> list[str]:
    try:
        Sample.model_validate(sent)
    except ValidationError as wrong:
        return [said(dict(error)) for error in wrong.errors()]
    return []


def test_the_common_mistakes_are_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert sentences(name="abcd", number=0, way="x") == [
            "最多 3 个字符。", "此项不得小于 1。", "此项应为以下之一：'skip' or 'update'。",
        ]  # fmt: skip
        assert sentences(name="a", number="x", way="skip", more=1) == [
            "至少 2 个字符。", "此项应为整数。", "此处没有这个字段。",
        ]  # fmt: skip
        assert sentences() == ["缺少此项。"] * 3


def test_a_rare_mistake_keeps_its_english() -> None:
    assert said({"type": "url_scheme", "msg": "URL scheme should be http"}) == "URL scheme should be http"
