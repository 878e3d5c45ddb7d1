"""The dictionary joins what the product knows with what the regulation adds, and forgets no field of an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kedang.customers import bags, dictionary, values
from kedang.customers.fields import FIELDS
from kedang.customers.modules import MODULES
from kedang.kernel import clock
from kedang.packs.checking import load_bytes, under_law
from kedang.packs.schema import Pack
from kedang.packs.services import adopt, found
from kedang.vault.cipher import Tampered
from tests.packs.added import ADDED, source


@pytest.fixture(scope="module")
def pack() -> Pack:
    return under_law(source(), "added.yaml").pack


def test_built_in_and_added_fields_stand_in_the_part_they_belong_to(pack: Pack) -> None:
    dossier, contact, contract = (dictionary.of_part(part, pack) for part in ("dossier", "contact", "contract"))
    assert list(dossier)[:2] == ["kind", "name"]
    assert {"turnover", "listed", "fax"} <= set(dossier)
    assert {"contact.phones", "contact.birthday", "contact.wechat"} <= set(contact)
    assert {"contract.title", "contract.guarantor"} <= set(contract)
    assert set(dictionary.fields(pack)) >= set(dictionary.BUILT_IN)
    assert all(field.part == "dossier" for field in dossier.values())


def test_an_added_field_is_what_its_entry_says(pack: Pack) -> None:
    fields = dictionary.fields(pack)
    assert (fields["owner_phone"].personal, fields["owner_phone"].standard) == (True, "phones")
    assert fields["ownership"].choices == (("国有", "国有"), ("民营", "民营"), ("外资", "外资"))
    assert fields["file_no"].identifying
    assert fields["file_no"].grammar == pack.grammars["file_no"]
    assert fields["main_product"].min_chars == 2
    assert fields["tax_office"].searched
    assert all(fields[key].added and fields[key].extra for key in ("turnover", "contact.wechat", "contract.share"))


def test_a_built_in_field_keeps_its_nature_and_takes_the_words_of_the_regulation(pack: Pack) -> None:
    fields = dictionary.fields(pack)
    assert fields["grade"] == replace(FIELDS["grade"], choices=(("甲", "甲"), ("乙", "乙"), ("丙", "丙")))
    assert fields["contact.birthday"].personal
    assert fields["level"].choices == FIELDS["level"].choices


def test_what_the_regulation_does_not_list_or_switches_off_is_not_collected(pack: Pack) -> None:
    assert "website" not in dictionary.collected("dossier", pack)
    assert "fax" not in dictionary.collected("dossier", pack)
    assert "contact.hobbies" not in dictionary.collected("contact", pack)
    assert {"contract.title", "contract.guarantor", "contract.share"} <= set(dictionary.collected("contract", pack))
    assert "contract.starts_on" not in dictionary.collected("contract", pack)
    assert "contract.starts_on" in dictionary.of_part("contract", pack)


def test_kind_name_and_classification_are_there_whatever_the_regulation_lists(pack: Pack) -> None:
    bare = pack.model_copy(update={"fields": {}})
    assert set(dictionary.collected("dossier", bare)) == {"kind", "name", "level"}


def test_the_modules_are_those_a_pack_may_name() -> None:
    said = load_bytes(source(), "added.yaml")
    assert set(said.fields) >= {"contract.guarantor"}
    assert set(dictionary.PARTS) == {"dossier", "contact", *MODULES}


def test_a_field_of_an_earlier_edition_can_still_be_read(site: None) -> None:
    found("added", by="root", source=source())
    later = clock.now_us()
    adopt(source(ADDED.replace("  turnover:", "  sales:"), edition="2"), "b.yaml", by="root", at_us=later)
    assert "turnover" not in dictionary.fields()
    gone = dictionary.field_of("turnover")
    assert (gone.title, gone.standard, gone.collect) == ("年营业额", "money", False)
    assert dictionary.known("never") is None
    with pytest.raises(KeyError):
        dictionary.field_of("never")


def test_a_bag_gives_back_what_was_put_in_and_hides_what_is_personal(pack: Pack) -> None:
    fields = dictionary.fields(pack)
    key = bytes(range(32))
    given = {
        "turnover": 123450, "listed": "yes", "reviewed_on": date(2025, 3, 1), "credit_line": (5_000_000, "USD"),
        "branches": 0, "owner_phone": ["+8613800138000", "+862988256789"], "owner_note": "股东之一", "tax_office": "",
    }  # fmt: skip
    raw = bags.pack_bag(given, fields, bags.sealer(key, "customers_dossier", 7))
    assert b"13800138000" not in raw
    assert "tax_office" not in bags.read_bag(raw)
    opened = bags.open_bag(raw, fields.__getitem__, bags.opener(key, "customers_dossier", 7))
    assert opened == {name: value for name, value in given.items() if name != "tax_office"}
    gone = bags.open_bag(raw, fields.__getitem__, bags.opener(None, "customers_dossier", 7))
    assert gone["owner_phone"] is None
    assert gone["turnover"] == 123450


def test_a_value_moved_to_another_row_or_field_does_not_open(pack: Pack) -> None:
    fields = dictionary.fields(pack)
    key = bytes(range(32))
    sealed = bags.stored_form(fields["owner_note"], "秘密", bags.sealer(key, "customers_dossier", 7))
    for table, pk, name in (
        ("customers_dossier", 8, "owner_note"), ("customers_contact", 7, "owner_note"),
        ("customers_dossier", 7, "contact.wechat"),
    ):  # fmt: skip
        with pytest.raises(Tampered):
            bags.opened(fields[name], sealed, bags.opener(key, table, pk))


def test_a_bag_of_nothing_is_no_bytes(pack: Pack) -> None:
    assert bags.pack_bag({"tax_office": "", "turnover": None}, dictionary.fields(pack)) == b""
    assert bags.read_bag(b"") == {}


def test_a_personal_value_without_a_key_is_refused(pack: Pack) -> None:
    with pytest.raises(TypeError):
        bags.pack_bag({"owner_note": "x"}, dictionary.fields(pack))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("turnover", "35万元", 35_000_000), ("turnover", "1,200.5", 120050), ("branches", "1,200家", 1200),
        ("state_share", "51%", 51), ("listed", "是", "yes"), ("ownership", "国有", "国有"), ("grade", "甲", "甲"),
        ("file_no", "kh20190012", "KH20190012"), ("reviewed_on", "2025年3月1日", date(2025, 3, 1)),
    ],
)  # fmt: skip
def test_values_of_added_fields_are_read_by_their_standard(pack: Pack, key: str, text: str, value: object) -> None:
    field = dictionary.fields(pack)[key]
    assert values.read_one(field, text) == (value, ())
    assert values.read_one(field, values.as_text(field, value)) == (value, ())
    assert values.from_json(field, values.as_json(value)) == value
    assert values.of_text(field, values.as_text(field, value)) == value


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("turnover", "很多", "money.shape"), ("branches", "1.5", "number.whole"),
        ("state_share", "120", "percent.range"), ("listed", "也许", "yes_no.shape"),
        ("ownership", "集体", "code.unknown"),
        ("grade", "特级", "code.unknown"), ("file_no", "KH2019", "code.built"), ("main_product", "锅", "text.short"),
        ("website", "https://a.example", "field.uncollected"), ("fax", "13800138000", "field.uncollected"),
        ("contact.hobbies", "钓鱼", "field.uncollected"), ("zodiac", "龙", "field.unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_field(pack: Pack, key: str, text: str, rule: str, site: None) -> None:
    found("added", by="root", source=source())
    reading = values.read({key: text}, dictionary.fields(pack))
    assert [(f.field, f.rule, f.severity) for f in reading.findings] == [(key, rule, "error")]


def test_emptying_a_field_that_is_not_collected_is_no_collecting(pack: Pack) -> None:
    assert values.read({"website": "", "fax": " "}, dictionary.fields(pack)).findings == ()
