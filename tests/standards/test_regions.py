"""Regions by code and by name, those of the past included."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kedang.standards import check, regions


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("610100", "610100"),
        ("610100.0", "610100"),
        ("610113000000", "610113"),
        ("61", "610000"),
        ("6101", "610100"),
        ("陕西省", "610000"),
        ("陕西", "610000"),
        ("陕西省西安市", "610100"),
        ("陕西 西安", "610100"),
        ("陕西西安", "610100"),
        ("陕西-西安-雁塔", "610113"),
        ("中国陕西省西安市雁塔区", "610113"),
        ("西安", "610100"),
        ("海淀区", "110108"),
        ("北京市朝阳区", "110105"),
        ("吉林省吉林市", "220200"),
        ("吉林 吉林", "220200"),
        ("吉林", "220000"),
        ("新疆伊犁", "654000"),
        ("四川阿坝", "513200"),
        ("湖北神农架", "429021"),
        ("河南济源", "419001"),
        ("海南省文昌市", "469005"),
        ("浙江杭州临平", "330113"),
        ("内蒙古呼和浩特", "150100"),
        ("香港", "810000"),
        ("台湾省", "710000"),
    ],
)
def test_codes_and_names(text: str, code: str) -> None:
    read = check("region", text)
    assert (read.value, read.findings) == (code, ())


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("110103", "110103", "region.retired"),
        ("崇文区", "110103", "region.retired"),
        ("襄樊", "420600", "region.old_name"),
        ("成都市武侯区少陵横街142号", "510107", "region.partial"),
    ],
)
def test_what_looks_odd_is_kept_with_a_warning(text: str, code: str, rule: str) -> None:
    read = check("region", text)
    assert (read.value, read.rule, read.severity) == (code, rule, "warning")


@pytest.mark.parametrize(
    ("text", "rule"), [("999999", "region.unknown"), ("火星", "region.unknown"), ("朝阳区", "region.ambiguous")]
)
def test_what_cannot_be_told(text: str, rule: str) -> None:
    read = check("region", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")


def test_the_rivals_are_named() -> None:
    assert "北京市朝阳区" in check("region", "朝阳区").findings[0].what()


def test_the_hierarchy() -> None:
    assert regions.full_name("610113") == "陕西省西安市雁塔区"
    assert regions.full_name("110105") == "北京市朝阳区"
    assert regions.full_name("999999") == ""
    for code in regions.all_regions():
        region = regions.get(code)
        assert region is not None
        assert region.parent == "" or region.parent[:2] == code[:2]


def test_every_name_leads_back_to_its_region() -> None:
    """The full name of every region in force reads as its own code."""
    current = [names[-1] for names in regions.all_regions().values() if not names[-1].retired]
    assert len(current) > 3200
    wrong = {
        region.code: read.value
        for region in current
        if region.name not in ("市辖区", "县", "林区")
        and "直辖" not in region.name
        and (read := check("region", regions.full_name(region.code))).value != region.code
    }
    assert wrong == {}


def test_the_published_lists_are_covered(shared_data: Path) -> None:
    """All current codes of 2023, and nearly all of every list since 1980, are known."""
    with (shared_data / "codes/china-division-2.7.0_areas.csv").open(encoding="utf-8") as lines:
        areas = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    zones = ("7", "8", "9")  # development zones of the statistics office, which GB/T 2260 does not number
    missing = {code: name for code, name in areas.items() if not regions.is_known(code) and code[4] not in zones}
    assert {name for name in missing.values() if not name.endswith(("镇", "街道", "乡", "行政委员会"))} == set()
    for path in (shared_data / "codes").glob("GB2260_mca_*.tsv"):
        with path.open(encoding="utf-8") as lines:
            codes = [row["Code"] for row in csv.DictReader(lines, delimiter="\t")]
        assert sum(regions.is_known(code) for code in codes) >= 0.97 * len(codes), path.name
