"""Finding: by words, tails, filters, and never beyond what the person may see."""

from __future__ import annotations

import pytest

from kedang.customers.finding import find
from kedang.kernel.errors import Refused
from tests.world import GOOD_CODE, World


@pytest.fixture
def base(world: World) -> dict[str, str]:
    return {
        "huawei": world.open("华为技术有限公司", credit_code=GOOD_CODE, region="440300", contact_phones="13800138000"),
        "mobile": world.open("中国移动通信集团陕西有限公司", region="610100", industry="I63"),
        "other": world.open("北京某某科技有限公司", by="stranger", region="110100", contact_phones="13900138000"),
        "secret": world.open("机密移动客户", by="archivist", level="secret"),
    }


def codes(world: World, text: str, by: str = "clerk", **where: str) -> set[str]:
    return {row.code for row in find(world.actor(by), text, where).rows}


@pytest.mark.parametrize(
    "text",
    [
        "华为",
        "华",
        "为技",
        "华为技术有限公司",
        "hw",
        "hwjs",
        "huawei",
        GOOD_CODE,
        GOOD_CODE.lower(),
        "8000",
        "13800138000",
    ],
)
def test_found_by(world: World, base: dict[str, str], text: str) -> None:
    assert base["huawei"] in codes(world, text)


def test_found_in_the_middle_and_by_code(world: World, base: dict[str, str]) -> None:
    assert codes(world, "移动") == {base["mobile"]}
    assert codes(world, base["mobile"]) == {base["mobile"]}


def test_other_units_and_higher_levels_are_not_found(world: World, base: dict[str, str]) -> None:
    assert codes(world, "有限") == {base["huawei"], base["mobile"]}
    assert codes(world, "8000") == {base["huawei"]}
    assert codes(world, "移动", by="archivist") == {base["mobile"], base["secret"]}
    assert codes(world, "有限", by="sysop") == set()
    assert find(world.actor("sysop"), "有限").total == 0


def test_filters_narrow_and_a_region_holds_what_is_below(world: World, base: dict[str, str]) -> None:
    assert codes(world, "", region="61") == {base["mobile"]}
    assert codes(world, "", region="610000") == {base["mobile"]}
    assert codes(world, "", region="陕西省") == {base["mobile"]}
    assert codes(world, "有限", unit="BJ", by="archivist") == {base["other"]}
    assert codes(world, "", industry="I", owner="clerk") == {base["mobile"]}
    with pytest.raises(Refused):
        codes(world, "", colour="red")


def test_a_change_is_found_and_the_old_name_is_not(world: World, base: dict[str, str]) -> None:
    world.amend(base["huawei"], name="荣耀终端有限公司")
    assert codes(world, "荣耀") == {base["huawei"]}
    assert codes(world, "华为") == set()


def test_pages_show_each_once(world: World) -> None:
    made = {world.open(f"分页测试第{n}号有限公司") for n in range(7)}
    seen: list[str] = []
    after = None
    while True:
        page = find(world.actor("clerk"), "分页测试", limit=3, after=after)
        seen += [row.code for row in page.rows]
        after = page.next
        if after is None:
            break
    assert (set(seen), len(seen)) == (made, 7)
