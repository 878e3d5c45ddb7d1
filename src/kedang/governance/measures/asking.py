"""What is asked of every source: the measure, of which subjects, in which stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kedang.governance.compliance.periods import Period
from kedang.governance.measures.tallies import COMPANY
from kedang.packs.measures import Measure
from kedang.packs.schema import Pack
from kedang.people.models import Staff, Unit
from kedang.people.units import ids_upwards


class Company:
    """Units and people as a report reads them, each list once."""

    @cached_property
    def units(self) -> dict[int, Unit]:
        """Every unit by its id."""
        return {unit.pk: unit for unit in Unit.objects.order_by("path")}

    @cached_property
    def homes(self) -> dict[str, int]:
        """The unit of everybody who works or worked here."""
        return dict(Staff.objects.values_list("username", "unit_id"))

    @cached_property
    def active(self) -> frozenset[str]:
        """Who works here now."""
        return frozenset(Staff.objects.filter(is_active=True).values_list("username", flat=True))

    def upwards(self, unit_id: int) -> tuple[str, ...]:
        """A unit and every unit above it, as subjects: what happened in a unit counts for those above."""
        unit = self.units.get(unit_id)
        return tuple(self.units[pk].ref for pk in ids_upwards(unit.path) if pk in self.units) if unit else ()


@dataclass(frozen=True, slots=True)
class Question:
    """One measure over one stretch of time. `at_us` is the last instant that is looked at."""

    pack: Pack
    measure: Measure
    of: str
    period: Period
    at_us: int
    company: Company
    codes: tuple[str, ...] | None = None
    """Of dossiers: these alone."""

    @property
    def is_past(self) -> bool:
        """Whether the stretch is over."""
        return self.at_us >= self.period.until_us

    def subjects(self, *, staff: str = "", unit: int = 0, subject: str = "") -> tuple[str, ...]:
        """The subjects a fact counts for; none where it names none of the kind that is asked for."""
        if self.of == "company":
            return (COMPANY,)
        if self.of == "unit":
            return self.company.upwards(unit or self.company.homes.get(staff, 0))
        if self.of == "staff":
            return (f"staff:{staff}",) if staff else ()
        return (subject,) if subject.startswith("dossier:") else ()


Values = Mapping[str, "int | str | None"]
