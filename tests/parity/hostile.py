"""Two hundred rows that people, spreadsheets and attackers really send; the same list each time."""

from __future__ import annotations

import random

from kedang.customers.fields import FIELDS

TEXTS = (
    "", " ", "\t\n", "\x00", "a\x00b", "无", "N/A", "-", "NULL", "None", "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)",
    "'; DROP TABLE customers_dossier;--", '"', "\\", "%", "_", "{}", "[]", "<script>alert(1)</script>", "{{7*7}}",
    "%(name)s", "\ufeff西安", "西\u200b安", "\u202e安西", "e\u0301", "ﷺ" * 200, "㍿" * 120, "𠮷" * 200, "🏢" * 50,
    "王" * 200, "王" * 201, "a" * 7900, "有限公司", "（）", "０１２３４５", "Ⅳ", "½", "٣", "𝟙𝟛𝟠", "1e308", "1e-5", "-1",
    "9" * 40, "99999999999999999999亿元", "0.001元", "￥1,234.56", "壹佰万元", "2024-02-30", "0001-01-01", "9999-12-31",
    "10000-01-01", "44927", "2024年2月29日", "2023-02-29", "1900/1/0", "+86 138 0013 8000", "13800138000；13900139000",
    "110", "4008-123-123", "1" * 60, "11010519491231002X", "110105194912310021", "130503670401001",
    "91350100M000100Y43",
    "91350100M000100Y44", "91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３",
    "610100", "陕西省西安市", "火星",
    "C13", "农业", "ZZ99", "http://例子.中国/路?q=1#x", "javascript:alert(1)", "a@b", "a@b.cn", "王@例子.中国",
    "\ud7a3\u1100\u1161", "A\u0300" * 120, "\u2028\u2029", "  前后空格  ", "機電", "公司\r\n第二行", "秘密",
    "TOP SECRET",
    "个人", "organisation", "person", "\x1b[31m", "\x7f", "\ue000", "%00", "../../etc/passwd", "${jndi:ldap://x}",
)  # fmt: skip


def rows(count: int = 200) -> list[dict[str, str]]:
    """Rows of a name and up to two more fields, so that many of them can be opened."""
    chance = random.Random(20260302)
    keys = [key for key in FIELDS if key != "name"]
    made = []
    for number in range(count):
        row = {key: chance.choice(TEXTS) for key in chance.sample(keys, chance.randint(0, 2))}
        odd = TEXTS[number % len(TEXTS)]
        made.append({"name": f"敌意{number}号{odd}" if number % 2 else odd} | row)
    return made
