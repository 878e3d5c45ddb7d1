"""The plain pack with fields of its own in every part of the dossier, of every kind a regulation can add."""

from __future__ import annotations

import re
from pathlib import Path

ADDED = """
  website: {title: 网址, category: basic, standard: url, collect: false}
  grade: {title: 客户等级, category: basic, standard: text, options: [甲, 乙, 丙]}
  contact.birthday: {title: 生日, category: contact, standard: date, sensitivity: personal, mask: {}}
  contract.title: {title: 合同名称, category: business, standard: text}
  contract.amount: {title: 合同金额, category: business, standard: money}
  tax_office: {title: 主管税务机关, category: basic, standard: text, searched: true, meaning: 办理纳税申报的税务所。}
  listed: {title: 是否上市, category: basic, standard: yes_no}
  branches: {title: 分支机构数, category: business, standard: number}
  turnover: {title: 年营业额, category: business, standard: money, required_at: {filed: [organisation]}}
  state_share: {title: 国有股比, category: business, standard: percent}
  credit_line: {title: 授信额度, category: consumption, standard: capital}
  ownership: {title: 所有制, category: basic, standard: choice, options: [国有, 民营, 外资]}
  file_no: {title: 旧档号, category: other, standard: code, grammar: file_no, key: true}
  reviewed_on: {title: 年检日期, category: other, standard: date, stale_days: 365}
  main_product: {title: 主营产品, category: business, standard: text, min_chars: 2}
  invoice_mail: {title: 收票邮箱, category: contact, standard: email}
  owner_phone: {title: 实际控制人电话, category: contact, standard: phones, sensitivity: personal, mask: {}}
  owner_note: {title: 实际控制人情况, category: other, standard: text, sensitivity: personal}
  contact.wechat: {title: 微信号, category: contact, standard: text, sensitivity: personal, mask: {}}
  contact.decides: {title: 能否拍板, category: contact, standard: yes_no}
  contract.guarantor: {title: 保证人, category: business, standard: name, sensitivity: personal}
  contract.share: {title: 分成比例, category: business, standard: percent}
  fax: {title: 传真, category: contact, standard: phones, collect: false}
"""
GRAMMARS = """
grammars:
  file_no:
    title: 旧档号
    parts:
      - {text: KH}
      - {date: yyyy}
      - {digits: {min: 4, max: 4}}
"""
PLAIN = Path(__file__).with_name("plain.yaml").read_text(encoding="utf-8")


def source(added: str = ADDED, *, edition: str = "1", base: str = PLAIN) -> bytes:
    """The plain pack with these entries under `fields`; an entry replaces the one of the same key."""
    head, _, rest = base.partition("\nfields:\n")
    end = re.search(r"^(?=\w)", rest, re.MULTILINE)
    stands, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    keys = {line.strip().partition(":")[0] for line in added.splitlines() if line.strip()}
    kept = [block for block in _entries(stands) if block.strip().partition(":")[0] not in keys]
    text = f"{head}\nfields:\n{''.join(kept)}{added.strip(chr(10))}\n\n{tail}{GRAMMARS}"
    return text.replace('edition: "1"', f'edition: "{edition}"', 1).encode()


def _entries(text: str) -> list[str]:
    """The entries of a section, each with the lines below it."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("  ") and not line.startswith("   "):
            found.append(line)
        elif found:
            found[-1] += line
    return found
