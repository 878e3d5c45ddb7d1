"""Believable contents for each page, so that looks can be checked without a database."""

from __future__ import annotations

from typing import Any

from kedang.governance.flows.present import ShownRequest
from kedang.governance.todo import Item
from kedang.kernel.deeds import Line
from kedang.messages.present import ShownAddress, ShownNotice
from kedang.web.building.clocks import tabs, whose
from kedang.web.pages.clocks import DutiesPage, DutyPage, DutyRow, RoundRow
from kedang.web.pages.imports import (
    BatchesPage,
    BatchHead,
    BatchRow,
    CheckPage,
    ColumnMapped,
    Count,
    MappingPage,
    ProgressPage,
    ResultPage,
    RowProblem,
    RuleCount,
    UploadForm,
)
from kedang.web.pages.ledger import VerdictShown
from kedang.web.pages.parts import Fact, FieldBox, FindingShown, Option, Pager
from kedang.web.pages.todo import (
    Chip,
    NoticesPage,
    PreferencesPage,
    Stack,
    Tile,
    TodoPage,
    TogetherPage,
)

NOW = 1_790_000_000_000_000
WRONG = FindingShown("error", "统一社会信用代码校验位应为 3。", "请对照营业执照核对。")
ODD = FindingShown("warning", "电话缺少区号。", "请在号码前补上区号，例如 0571-87061501。")


def head(step: str, state: str = "checked", title: str = "待确认") -> BatchHead:
    facts = (Fact("编码", "GB18030"), Fact("行数", "1,200,000"))
    return BatchHead(17, "2026 年合作伙伴客户名单（最终版）.xlsx", 48_234_112, step, state, title, "赵小敏", NOW, facts)


FIELDS = ("", "客户名称", "统一社会信用代码", "联系人", "联系电话", "地址", "所属行业")


def choices(chosen: int) -> list[Option]:
    return [Option(str(n), name or "不导入", n == chosen) for n, name in enumerate(FIELDS)]


COLUMNS = [
    ColumnMapped(0, "序号", ("1", "2", "3"), choices(0), "此列只是行号。"),
    ColumnMapped(1, "单位全称", ("西安华信机电有限公司", "杭州远大食品有限公司"), choices(1)),
    ColumnMapped(2, "信用代码", ("91350100M000100Y43", "91610131MA6TXXXX1X"), choices(2)),
    ColumnMapped(3, "负责人", ("张伟", "李娜"), choices(3), doubtful=True),
    ColumnMapped(4, "电话/手机", ("029-88881234；13800138000", "0571 8706 1501"), choices(4)),
    ColumnMapped(5, "[F]", ("西安市高新区科技二路 88 号", "杭州市滨江区"), choices(5), doubtful=True),
]
PREVIEW = [
    ["2026 年合作伙伴客户名单", "", "", "", "", ""],
    ["制表：市场部", "", "", "", "日期：2026-03-02", ""],
    ["序号", "单位全称", "信用代码", "负责人", "电话/手机", ""],
    [
        "1",
        "西安华信机电有限公司",
        "91350100M000100Y43",
        "张伟",
        "029-88881234；13800138000",
        "西安市高新区科技二路 88 号",
    ],
    ["2", "杭州远大食品有限公司", "91610131MA6TXXXX1X", "李娜", "0571 8706 1501", "杭州市滨江区"],
]
COUNTS = [
    Count("rows", "行数", 1_200_000),
    Count("created", "新建", 1_176_344, "good"),
    Count("updated", "更新", 0),
    Count("duplicates", "重复", 9_210, "warn"),
    Count("unchanged", "无变化", 8_004),
    Count("rejected", "拒收", 6_442, "bad"),
]
RULES = [
    RuleCount("credit_code.check", "统一社会信用代码", "校验位错误", "error", 4_120),
    RuleCount("phones.no_area", "联系电话", "电话号码缺少区号。", "warning", 15_233),
]
PROBLEMS = [RowProblem(4 + n, f"示例第{n}贸易有限公司", (WRONG, ODD) if n % 3 else (ODD,)) for n in range(14)]
KINDS = (Option("rejected", "拒收", True), Option("duplicate", "重复"))
DEFAULTS = [
    FieldBox("on_duplicate", "已有客户", "select", options=[Option("skip", "跳过", True), Option("update", "更新")]),
    FieldBox("unit", "单位", "select", options=[Option("XA", "西安分公司", True)]),
    FieldBox("owner", "客户经理", "select", options=[Option("clerk", "赵小敏", True)]),
]
BATCHES = [
    BatchRow(
        17,
        "/imports/17/",
        "2026 年合作伙伴客户名单（最终版）.xlsx",
        "checked",
        "待确认",
        1_200_000,
        0,
        6_442,
        "赵小敏",
        NOW,
    ),
    BatchRow(16, "/imports/16/", "高校名单.xls", "done", "已完成", 2_919, 2_917, 2, "赵小敏", NOW),
    BatchRow(15, "/imports/15/", "医院.csv", "running", "导入中", 38_000, 12_000, 31, "孙经理", NOW),
    BatchRow(14, "/imports/14/", "坏文件.csv", "failed", "失败", 0, 0, 0, "孙经理", NOW),
]
PAGER = Pager(after="?after=x", shown=14, total=1000, total_exact=False)

ITEMS = (
    Item(
        "sign",
        "call:9",
        "修改档案",
        "/requests/9/",
        NOW,
        "dossier:C00000001X",
        "西安华信机电有限公司",
        "赵小敏",
        op="customer.amend",
    ),
    Item("duty", "duty:3", "新客户回访", "/duties/3/", NOW, "dossier:C00000002V", due_us=NOW, overdue=True),
    Item("confirm", "notice:4", "《客户资料管理规范》第 2 版自今日起施行", "/notices/#notice-4", NOW),
    Item("import", "batch:17", "请确认各列", "/imports/17/", NOW, name="2026 年合作伙伴客户名单.xlsx"),
    Item("check", "dossier:C00000003T", "2 个值待核对", "/customers/C00000003T/", NOW, due_us=NOW + 1),
)
ASKED = (Item("asked", "call:8", "归档", "/requests/8/", NOW, "dossier:C00000003T", sender="王部长"),)
REQUEST = ShownRequest(
    9, "customer.amend", "修改档案", "dossier:C00000001X", "waiting", "", "clerk", "赵小敏", NOW, 0, "客户更名", (), (),
    (Line("简称", "华信", "华信机电", "short_name"),), (), (), ("2.2d",), "records/1", {}, may_sign=True, saw="a" * 64,
)  # fmt: skip
NOTICES = (
    ShownNotice(4, "《客户资料管理规范》第 2 版自今日起施行", "/", "1.1", NOW, 0, True, 0),
    ShownNotice(3, "您的申请已办结", "/requests/8/", "", NOW, NOW, False, 0),
)
CHANNELS = (
    ShownAddress("mail", True, "z•••@example.cn", True, "failed", "ConnectionRefusedError"),
    ShownAddress("apprise", False, "", False, "", ""),
)
DUTIES = (
    DutyRow(
        3, "借出三天内归还", "16.6", "已逾期", "bad", "loans/2026-0001", "/registers/loans/rows/2026-0001", "",
        "赵小敏", "2026-03-05 24:00", NOW, NOW, 0, "", "", "/duties/3/",
    ),
    DutyRow(
        4, "每月抽查", "2.2", "期限尚不能确定", "warning", "", "", "2027-01", "", "", 0, NOW, 0, "1/3",
        "2027 年的工作日尚未公布。", "/duties/4/",
    ),
)  # fmt: skip
SAMPLES: dict[str, dict[str, Any]] = {
    "todo/todo.html": {
        "page": TodoPage(
            ITEMS,
            ASKED,
            5,
            (Chip("全部", 5, "?", True), Chip("待签", 1, "?kind=sign", False)),
            (Stack("修改档案", 3, "/todo/together?op=customer.amend"),),
            (Tile("我可查看的客户", 12, "/customers/"),),
            True,
            True,
        )
    },
    "todo/together.html": {
        "page": TogetherPage("修改档案", (REQUEST,), more=4, wrong="请勾选", address="/todo/together")
    },
    "clocks/list.html": {
        "page": DutiesPage(
            DUTIES,
            tabs("overdue"),
            whose("all"),
            {"overdue": 2, "soon": 0, "open": 1204, "done": 31},
            (RoundRow("每季核查", "14.1", "2026Q1", "2026-01-01 – 2026-03-31", 3, 1, 0),),
            PAGER,
            "overdue",
            "/duties/",
            "",
        )
    },
    "clocks/duty.html": {
        "page": DutyPage(
            DUTIES[0],
            "records/1",
            ("R1-34",),
            (("已逾期", NOW),),
            (("C00000001X", "/customers/C00000001X/", NOW), ("C00000002V", "", 0)),
        )
    },
    "notices/list.html": {"page": NoticesPage(NOTICES, PAGER)},
    "notices/preferences.html": {"page": PreferencesPage(CHANNELS, (WRONG,), "mail")},
    "imports/list.html": {"page": BatchesPage(BATCHES, PAGER, may_import=True)},
    "imports/upload.html": {"page": UploadForm(512, (WRONG,))},
    "imports/mapping.html": {
        "page": MappingPage(
            head("columns"), [Option("0", "Sheet1", True), Option("1", "说明")], 3, PREVIEW, 1, COLUMNS, DEFAULTS, True
        )
    },
    "imports/check.html": {"page": CheckPage(head("check"), COUNTS, RULES, PROBLEMS, PAGER, 1_176_344, KINDS)},
    "imports/progress.html": {
        "page": ProgressPage(head("run", "running", "导入中"), "写入", 420_000, 1_200_000, 11_840, 66, COUNTS, True)
    },
    "imports/result.html": {
        "page": ResultPage(
            head("result", "done", "导入完成"),
            COUNTS,
            RULES,
            PROBLEMS,
            PAGER,
            KINDS,
            "/imports/17/errors",
            may_undo=True,
            kept=("C00000001X",),
        )
    },
    "ledger/_verdict.html": {
        "verdict": VerdictShown(
            False,
            12_003,
            31,
            "7f3a" * 16,
            "ledger_entry 4711: leaf",
            ("ledger_entry 4711: leaf differs",),
            1,
            80_000,
            12,
            940,
            NOW,
        )
    },
}
