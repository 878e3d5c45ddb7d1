"""The pages of the regulation."""

from __future__ import annotations
from tests.web.visits import signed_in, text_of


def test_smoke(kept) -> None:
    made = kept()
    client = signed_in(made, "auditor")
    for path in (
        "/regulation/",
        "/regulation/compliance/",
        "/regulation/compliance/rows/T-01/?rows=evidence:done",
        "/regulation/compliance/rows/T-03/?rows=clock:first_update:missed",
    ):
        a = client.get(path)
        print(path, a.status_code)
        assert a.status_code == 200, text_of(a)[:3000]
    a = client.post("/regulation/compliance/report", {"period": "2026Q4"})
    print(a.status_code, a.headers)
    for kind in ("pdf", "docx"):
        a = client.get(f"/regulation/compliance/reports/JC-2026-0001.{kind}")
        print(a.status_code, len(a.content))
    assert 0
