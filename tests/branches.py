"""A regulation that leaves some values to its branches, and a company with two of them."""

from __future__ import annotations

from typing import Any

from kedang.governance.models import Call
from kedang.governance.overlays import SetOverlay
from kedang.people.models import Unit
from tests.world import PLAIN, World, make_world

PARTS = """
overlays:
  delegated:
    - clocks.filing.within
    - operations.*.needs.reason.min_chars
    - quotas.*.most
    - rounds.*.every
  limits: {quotas.amends.most: {min: 1, max: 5}}
  available: true
clocks:
  filing:
    title: 归档时限
    starts: {operation: customer.open}
    stops: [customer.file]
    within: {days: 5}
rounds:
  review:
    title: 分公司定期核查
    every: {months: 3}
    for_each: branch
    by: {role: reviewer}
    done_by: [customer.file]
  whole:
    title: 全公司检查
    every: {months: 3}
    by: {role: archivist}
    done_by: [customer.file]
quotas:
  amends: {title: 每日变更次数, operations: [customer.amend], most: 3}
"""
DEED = """  pack.overlay:
    who: [reviewer]
    article: "1.1"
    needs: {reason: {min_chars: 4}}
    rules:
      - {article: "1.1"SIGNED}
  pack.adopt:
"""
FLOW = """
flows:
  grant:
    title: 分公司自定数值审批
    steps:
      - {title: 高管批准, of: {role: executive}}
"""


def source(*, edition: str = "1", signed: bool = False) -> str:
    """The pack, whose branches' values need a signature or none."""
    text = PLAIN.read_text(encoding="utf-8").replace('edition: "1"', f'edition: "{edition}"', 1)
    text = text.replace("  pack.adopt:\n", DEED.replace("SIGNED", ", flow: grant" if signed else ""), 1)
    return text + PARTS + (FLOW if signed else "")


def make_branches(text: str = "") -> World:
    """Two branches, XA and BJ, under the pack; below XA a team."""
    world = make_world((text or source()).encode())
    Unit.objects.filter(code__in=("XA", "BJ")).update(kind="branch")
    above = Unit.objects.get(code="XA")
    team = Unit.objects.create(code="XA-1", name="一组", parent=above, kind="team")
    Unit.objects.filter(pk=team.pk).update(path=f"{above.path}{team.pk}/")
    for code in ("XA", "BJ", "XA-1"):
        world.units[code] = Unit.objects.get(code=code)
    return world


def set_values(
    world: World, values: dict[str, Any], unit: str = "XA", by: str = "head", reason: str = "本地要求更严", **given: str
) -> Call:  # fmt: skip
    """Set values of a branch's own."""
    return world.do("pack.overlay", f"unit:{unit}", SetOverlay(values=values, **given), by=by, reason=reason)
