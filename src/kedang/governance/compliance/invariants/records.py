"""The record of deeds and looks: complete, whole, and under a known regulation."""

from __future__ import annotations

import hashlib
import hmac

from django.db.models import QuerySet

from kedang.governance.compliance.invariants.observation import SAMPLE, Observation, of
from kedang.governance.compliance.periods import Period
from kedang.governance.models import Call
from kedang.ledger import missing_triggers, rows
from kedang.ledger.models import Entry, Look
from kedang.packs.selectors import versions
from kedang.vault import keyring

REVEAL = "customer.reveal"
AROUND_US = 5_000_000
"""A look is written just after the deed that asked for it."""


def deeds_recorded(period: Period) -> Observation:
    """Each call that is done has an entry of its own in the ledger."""
    calls = _both_ends(_done(period))
    return of(len(calls), sum(not _has_entry(call) for call in calls))


def ledger_sealed(period: Period) -> Observation:
    """Leaf and tag of sampled entries are those of their bytes, and nothing switched the triggers off."""
    found = Entry.objects.filter(at_us__gte=period.since_us, at_us__lt=period.until_us)
    entries = {entry.pk: entry for entry in (*found.order_by("-id")[:SAMPLE], *found.order_by("id")[:SAMPLE])}
    wrong = sum(not _is_ours(entry) for entry in entries.values())
    return of(len(entries), wrong + len(missing_triggers()))


def looks_recorded(period: Period) -> Observation:
    """Each value that was revealed was also written down as a look of the same person."""
    calls = _both_ends(_done(period).filter(op=REVEAL))
    seen = Look.objects.filter(at_us__gte=period.since_us, at_us__lt=period.until_us, n_ids__gt=0)
    looks = seen[: SAMPLE * 10].count()
    return of(len(calls) + looks, sum(not _has_look(call) for call in calls), looks=looks)


def dictionary_versioned(period: Period) -> Observation:
    """Every adopted edition still has the bytes of its digest, and sampled deeds name one of them."""
    editions = list(versions().filter(adopted_us__lt=period.until_us))
    changed = sum(hashlib.sha256(bytes(each.source)).hexdigest() != each.digest for each in editions)
    known = {each.version for each in editions}
    calls = _both_ends(_done(period))
    return of(len(calls), changed + sum(call.pack_version not in known for call in calls), editions=len(editions))


def _done(period: Period) -> QuerySet[Call]:
    return Call.objects.filter(state="done", created_us__gte=period.since_us, created_us__lt=period.until_us)


def _both_ends(calls: QuerySet[Call]) -> list[Call]:
    newest, oldest = calls.order_by("-id")[:SAMPLE], calls.order_by("id")[:SAMPLE]
    return list({call.pk: call for call in (*newest, *oldest)}.values())


def _has_entry(call: Call) -> bool:
    mine = Entry.objects.filter(op=call.op, call_id=call.pk)
    return (
        mine.filter(at_us=call.done_us).exists()
        or mine.filter(at_us__gte=call.created_us, at_us__lte=call.done_us + AROUND_US).exists()
    )


def _has_look(call: Call) -> bool:
    return Look.objects.filter(
        actor_id=call.actor_ref, kind="reveal", at_us__gte=call.created_us, at_us__lte=call.done_us + AROUND_US
    ).exists()


def _is_ours(entry: Entry) -> bool:
    columns = [getattr(entry, name) for name in rows.ENTRY]
    try:
        leaf32 = rows.record_leaf(Entry._meta.db_table, entry.alg, columns)
        number = rows.key_of_tag(bytes(entry.mac))
        key = keyring.mac_key(number)[1]
    except (keyring.UnknownKey, TypeError, ValueError):
        return False
    tag = rows.tag(entry.alg, number, key, leaf32)
    return leaf32 == bytes(entry.leaf32) and hmac.compare_digest(tag, bytes(entry.mac))
