"""What a module asks for under the regulation in force, and raw texts read by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kedang.customers import dictionary, values
from kedang.customers.dictionary import Fields
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES, Module
from kedang.customers.values import Reading
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.standards import Finding


def modules_collected(pack: Pack | None = None) -> tuple[Module, ...]:
    """The modules in which the regulation collects anything."""
    return tuple(module for key, module in MODULES.items() if dictionary.collected(key, pack))


def fields_of(module: Module, pack: Pack | None = None) -> Fields:
    """The fields of a module's records. Where the regulation collects any of them, so it does those without which
    there is no record, and where it stands in its life."""
    listed = dictionary.of_part(module.key, pack)
    if not any(field.collect for field in listed.values()):
        return listed
    given = module.always | {module.status}
    return {key: replace(field, collect=True) if key in given else field for key, field in listed.items()}


def implied(module: Module) -> frozenset[str]:
    """Fields that are filled in without being listed by the regulation, because there is no record without them."""
    return (module.always | {module.status}) - in_force().fields.keys()


def read(module: Module, raw: Mapping[str, str]) -> Reading:
    """Raw texts by the standards of the module's fields; a field of anything else is an error."""
    listed = fields_of(module)
    strange = tuple(
        Finding(key, "field.unknown", "error", "", {"field": key}) for key in raw if key not in listed
    )  # fmt: skip
    reading = values.read({key: text for key, text in raw.items() if key in listed}, listed)
    return Reading(reading.values, (*reading.findings, *strange))


def required(module: Module, dossier: Dossier, status: str = "") -> frozenset[str]:
    """What a record of this module must have in this dossier, and to stand where it stands."""
    listed = fields_of(module)
    ends = module.closed_with if status in module.closing else frozenset()
    life = frozenset({module.status} if module.status else ())
    needed = module.always | life | {key for key in ends if listed[key].collect}
    return needed | in_force().required_in(module.key, dossier.kind, dossier.state)
