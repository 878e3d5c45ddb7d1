"""Operations on the regulation itself and on the evidence; the rooms below offer the rest."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from kedang.governance.compliance.ops import OPERATIONS as COMPLIANCE
from kedang.governance.offered import NAMES
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import services as packs
from kedang.packs.problems import PackInvalid


class AdoptPack(Payload):
    """The YAML text of a new edition; it takes effect when it is adopted."""

    source: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    file: Annotated[str, Field(max_length=200)] = "pack.yaml"


class ReadEvidence(Payload):
    """What is to be proved: the whole ledger, or one subject such as a dossier."""

    about: Annotated[str, Field(max_length=128, pattern=r"^([a-z_]+:[A-Za-z0-9._-]+)?$")] = ""


def _load_nothing(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def _facts(by: Actor, target: None, payload: Any) -> Facts:
    return Facts(kind="site", rel=frozenset({"in_scope"}))


def _adopt(deed: Deed, target: None, payload: AdoptPack) -> Outcome:
    try:
        row = packs.adopt(payload.source.encode(), payload.file, by=deed.actor.id, at_us=deed.at_us, operations=NAMES)
    except PackInvalid as unsound:
        raise Refused("invalid", detail=str(unsound)) from unsound
    return Outcome(
        result={"pack": row.version}, body={"pack": row.version, "digest": row.digest}, subject="pack:" + row.name
    )


def _evidence(deed: Deed, target: None, payload: ReadEvidence) -> Outcome:
    return Outcome(body={"about": payload.about or "all"})


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation("pack.adopt", N_("Adopt a regulation"), AdoptPack, _load_nothing, _facts, _adopt),
    Operation("ledger.verify", N_("Verify the ledger"), ReadEvidence, _load_nothing, _facts, _evidence),
    Operation("ledger.export", N_("Export a proof"), ReadEvidence, _load_nothing, _facts, _evidence),
    *COMPLIANCE,
)
