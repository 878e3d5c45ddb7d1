"""The ways in and out: the same checks on each, imports that add up, nothing in clear on the wire or at rest."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
from django.conf import settings

from kedang.customers import values
from kedang.customers.fields import FIELDS
from kedang.customers.models import Dossier
from kedang.customers.payloads import OpenDossier
from kedang.governance.compliance.invariants.observation import SAMPLE, Observation, of
from kedang.governance.compliance.periods import Period
from kedang.governance.models import Call
from kedang.intake.models import Batch
from kedang.standards import ColumnRead, check_column
from kedang.vault import cipher

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
SAMPLES: dict[str, tuple[str, ...]] = {
    "credit_code": ("91350100M000100Y43", "91350100M000100Y44", "０１", ""),
    "identity_number": ("11010519491231002X", "110105194912310021", "abc"),
    "contact.phones": ("13800138000", "029-88888888", "12", "13800138000、x"),
    "contact.email": ("someone@example.com", "someone@", "a b@example.com"),
    "postcode": ("710000", "71000", "7100000"),
    "registered_on": ("2024-02-29", "2023-02-29", "2024年2月29日"),
    "capital": ("100万元", "一百万元", "-1"),
    "region": ("西安市", "610100", "无此地"),
    "website": ("https://example.com", "example", "javascript:x"),
    "name": ("示例有限公司", "", " "),
}
"""Good and bad texts of fields, to be judged by every way in."""


def one_validation(period: Period) -> Observation:
    """A form, a program and a column of an imported file give the same verdict on the same texts."""
    told = [(key, text) for key, texts in SAMPLES.items() for text in texts]
    wrong = sum(not _agree(key, text) for key, text in told)
    used = Dossier.objects.filter(created_us__gte=period.since_us, created_us__lt=period.until_us).exists()
    if not used and not wrong:
        return Observation(None, {"looked_at": len(told), "wrong": 0})
    return of(len(told), wrong)


def import_reconciles(period: Period) -> Observation:
    """Each import accounts for every row of its file: created, updated, rejected, repeated or unchanged."""
    done = Batch.objects.filter(
        state__in=("done", "reverted"), done_us__gte=period.since_us, done_us__lt=period.until_us
    )
    batches = list(done.order_by("-id")[:SAMPLE])
    wrong = sum(
        each.rows != each.created + each.updated + each.rejected + each.duplicates + each.unchanged for each in batches
    )
    return of(len(batches), wrong, rows=sum(each.rows for each in batches))


def transport_and_rest_encryption(period: Period) -> Observation:
    """The site is served over https alone, values are sealed by a known cipher, and only the owner reads the keys."""
    keys = Path(settings.KEDANG_HOME) / "keys"
    secret = [path for path in keys.iterdir() if path.suffix in (".json", ".secret")] if keys.is_dir() else []
    readable = sum(bool(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in secret)
    wrong = _in_clear() + readable + (settings.CIPHER not in cipher.SUITES)
    used = Call.objects.filter(created_us__gte=period.since_us, created_us__lt=period.until_us).exists()
    return of(2 + len(secret) if used else 0, wrong)


def _in_clear() -> int:
    """1 where the site answers to other machines without https."""
    return int(not settings.HTTPS and not set(settings.ALLOWED_HOSTS) <= LOCAL)


def _agree(key: str, text: str) -> bool:
    field = FIELDS[key]
    form = bool(values.read({key: text}).errors)
    program = bool(values.read(OpenDossier(values={key: text}).values).errors)
    column = check_column(field.standard, pl.Series([text]), field.key)
    return form == program == _refuses(column)


def _refuses(column: ColumnRead) -> bool:
    return bool(column.severity.to_list()[0] == "error")
