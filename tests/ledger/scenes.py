"""A small ledger with something of everything in it."""

from django.db import transaction

from kedang import ledger
from kedang.kernel.actor import Actor
from kedang.kernel.clock import now_us
from kedang.kernel.deeds import Deed, Value, Version
from kedang.kernel.errors import Refused
from kedang.vault import subjects

ANN = Actor(id="ann", unit=3, credential="session:1")
BOB = Actor(id="bob", unit=4, credential="token:7", on_behalf="ann")


def deed(op="customer.amend", by=ANN, call=1, **more):
    return Deed(call=call, op=op, actor=by, at_us=now_us(), pack_version="records 1", **more)


def append(op="customer.amend", by=ANN, subject="dossier:C00000011", body=None, **more):
    with transaction.atomic():
        return ledger.append(deed(op, by), op, subject=subject, body=body or {"fields": ["phone"]}, **more)


def bulk(first, n, batch=7):
    versions = [Version(number, 1, b"sealed %d" % number) for number in range(first, first + n)]
    return append("import.commit", subject=f"batch:{batch}", body={"chunk": first}, versions=versions, batch=batch)


def phone(subject, before, after):
    return Value(subject, "phone", before, after)


def small_ledger():
    """Entries 1 to 5 (1-3 in block 1, 4 in block 2, 5 not sealed) and looks 1 to 3 (3 not sealed)."""
    subjects.create(["contact:1", "contact:2"])
    values = [phone("contact:1", None, "13800000001"), phone("contact:2", "a", "b")]
    append("customer.open", values=values, versions=[Version(11, 1, b"opened")])
    ledger.append_refusal("customer.reveal", BOB, "dossier:C00000011", Refused("denied", articles=["15.4"]))
    bulk(100, 5)
    ledger.look(ANN, "list", range(100, 105), ["name", "region"], query="华为")
    ledger.seal()
    append(by=BOB, values=[phone("contact:1", "13800000001", "13800000002")], versions=[Version(11, 2, b"amended")])
    ledger.look(BOB, "reveal", [11], ["phone"], purpose="call back", call=9)
    ledger.seal()
    bulk(200, 3)
    ledger.look(ANN, "open", [200], ["name"])
