"""Columns find their fields by title and content, unsure ones are asked about, the rest is listed."""

from __future__ import annotations

import pytest

from kedang.customers.fields import FIELDS
from kedang.intake import layout, mapping, mapping_file
from kedang.intake.headers import OWN_TITLES
from kedang.intake.readers import Line, open_grid
from kedang.intake.synonyms import SERIAL, table
from tests.intake import samples


def guessed(titles, rows):
    """The mapping of a table, as {field: titles}, and the mapping itself."""
    lines = [Line(number, tuple(cells)) for number, cells in enumerate([titles, *rows], start=1)]
    found = layout.find(lines, trim=True)
    meant = mapping.guess(found, lines)
    return {use.field: [titles[c] for c in use.columns] for use in meant.uses}, meant, found


def test_every_target_of_the_synonym_table_is_a_field():
    known = set(FIELDS) | set(mapping.JOINED) | {"capital.currency", SERIAL}
    assert set(table()) <= known
    assert set(FIELDS) <= set(table())


def test_no_title_is_certain_for_two_fields():
    seen: dict[str, str] = {}
    for target, words in table().items():
        for key in words.exact:
            assert seen.setdefault(key, target) == target, key


def test_a_usual_list_needs_no_question():
    fields, meant, found = guessed(samples.TITLES, samples.companies(30))
    assert fields == {
        "name": ["客户名称"],
        "credit_code": ["统一社会信用代码"],
        "region": ["省份", "城市"],
        "address": ["地址"],
        "registered_on": ["成立日期"],
        "capital": ["注册资本(万元)"],
        "contact.name": ["联系人"],
        "contact.phones": ["手机"],
        "contact.email": ["邮箱"],
    }
    assert meant.certain and not meant.questions
    capital = meant.of("capital")
    assert capital is not None and capital.unit == "万元"


def test_content_speaks_against_a_title():
    """地区 holds 华南, 华东: no region of the standard; 城市 is taken instead."""
    titles = ["公司全称", "地      区", "省    份", "城     市", "A股上市日期"]
    rows = [[f"测试{n}股份有限公司", "华南", "广东", "深圳市", "1991-04-03"] for n in range(20)]
    fields, meant, _ = guessed(titles, rows)
    assert fields == {"name": ["公司全称"], "region": ["省    份", "城     市"]}
    why = {unused.title: unused.why for unused in meant.unused}
    assert why["地区"] == mapping.UNLIKE
    assert why["A股上市日期"] == mapping.NO_FIELD


def test_a_list_with_short_names_only_asks_once():
    titles = ["A股代码", "证券简称", "扩位证券简称", "公司英文全称", "上市日期"]
    rows = [[f"60000{n}", f"样本{n}", f"样本股份{n}", f"Sample {n} Co., Ltd.", "19991110"] for n in range(9)]
    fields, meant, _ = guessed(titles, rows)
    assert fields["name"] == ["扩位证券简称"]
    assert fields["short_name"] == ["证券简称"]
    assert [use.field for use in meant.questions] == ["name"]
    assert meant.confirmed().certain


def test_codes_and_numbers_are_known_by_their_face():
    rows = [[f"测试{n}有限公司", samples.credit_code(n), f"1390000000{n}", f"a{n}@example.com"] for n in range(9)]
    fields, meant, _ = guessed(["企业名称", "甲", "乙", "丙"], rows)
    assert fields == {"name": ["企业名称"], "credit_code": ["甲"], "contact.phones": ["乙"], "contact.email": ["丙"]}
    assert {use.field for use in meant.questions} == {"credit_code", "contact.phones", "contact.email"}


def test_several_telephones_make_one_list_and_a_fax_is_no_telephone():
    rows = [[f"测试{n}公司", "029-88888888", f"1390000000{n}", "029-88888889"] for n in range(5)]
    fields, *_ = guessed(["名称", "电话", "手机", "传真"], rows)
    assert fields["contact.phones"] == ["电话", "手机"]


def test_amount_and_currency_belong_together():
    rows = [[f"测试{n}公司", "100", "美元"] for n in range(5)]
    _, meant, _ = guessed(["名称", "注册资本（万）", "币种"], rows)
    capital = meant.of("capital")
    assert capital is not None
    assert (capital.columns, capital.unit, capital.currency) == ((1,), "万", 2)


def test_persons_are_named_by_their_name_beside_an_identity_number():
    rows = [[f"测试{n}", "11010119900307123X", "13900000001"] for n in range(5)]
    fields, meant, _ = guessed(["姓名", "身份证号", "手机"], rows)
    assert fields == {"name": ["姓名"], "identity_number": ["身份证号"], "contact.phones": ["手机"]}
    assert meant.certain


def test_regions_that_can_not_be_read_are_not_taken():
    rows = [[f"测试{n}医院", "某某街道"] for n in range(9)]
    fields, *_ = guessed(["name", "district"], rows)
    assert fields == {"name": ["name"]}


def test_a_corrected_errors_workbook_is_read_without_its_own_columns():
    titles = [*samples.TITLES, *OWN_TITLES]
    rows = [[*row, "7", "电话", "phones.shape", "说明文字"] for row in samples.companies(5)]
    fields, meant, _ = guessed(titles, rows)
    assert "note" not in fields
    assert {unused.title for unused in meant.unused if unused.why == mapping.OWN_COLUMN} == set(OWN_TITLES)


def test_without_a_name_nothing_is_certain():
    _, meant, _ = guessed(["甲", "乙"], [["1", "2"], ["3", "4"]])
    assert not meant.has_name and not meant.certain


def test_a_mapping_file_says_the_same_as_the_mapping_it_was_written_from():
    titles = ['奇怪"名\\称', "注册资本（万元）", "币种", "省份", "城市", "多余"]
    rows = [[f"测试{n}有限公司", "100", "人民币", "陕西省", "西安市", "x"] for n in range(9)]
    _, meant, found = guessed(titles, rows)
    text = mapping_file.write(meant, found)
    again = mapping_file.read(text, found)
    assert mapping_file.columns_of(again, found) == mapping_file.columns_of(meant, found)
    assert again.certain


def test_a_mapping_file_by_hand():
    _, _, found = guessed(["甲", "乙", "丙", "丁"], [["1", "2", "3", "4"]] * 3)
    text = '[columns]\n"甲" = "name"\n"乙" = "contact.phones"\n"丁" = "contact.phones"\n"丙" = ""\n'
    meant = mapping_file.read(text, found)
    assert {use.field: use.columns for use in meant.uses} == {"name": (0,), "contact.phones": (1, 3)}
    assert [(unused.title, unused.why) for unused in meant.unused] == [("丙", mapping.LEFT_OUT)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns\n", "no valid TOML"),
        ('[columns]\n"没有" = "name"', "没有"),
        ('[columns]\n"甲" = "shoe_size"', "shoe_size"),
        ('[columns]\n"甲" = "name"\n"乙" = "name"', "name"),
        ("columns = 3", "no table"),
    ],
)
def test_a_mapping_file_that_does_not_fit_says_where(text, said):
    _, _, found = guessed(["甲", "乙"], [["1", "2"]] * 3)
    with pytest.raises(mapping_file.WrongMapping, match=said):
        mapping_file.read(text, found)


def test_the_real_files_are_mapped_without_a_question_or_with_one(shared_data):
    wanted = {
        "listed/szse_A股列表_2025-10.xlsx": ({"name", "short_name", "english_name", "region", "industry"}, 0),
        "listed/sse_GPLIST_2025-10.xls": ({"name", "short_name", "english_name"}, 1),
        "lists/全国高等学校名单_2025-06-20.xls": ({"name", "region"}, 0),
        "lists/hospital_wuhan2020map.csv": ({"name", "address", "contact.phones"}, 0),
        "registry_malformed.csv": ({"name", "credit_code", "capital", "business_scope"}, 0),
    }
    for name, (fields, questions) in wanted.items():
        with open_grid(shared_data / name) as grid:
            lines = grid.head(300)
            meant = mapping.guess(layout.find(lines, trim=grid.kind == "text"), lines)
        assert fields <= {use.field for use in meant.uses}, name
        assert len(meant.questions) == questions, name
