"""Who acts: the one value that carries a person's rights down the corridor."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a named system task) with the rights of this moment.

    `units` are the ids of the units whose dossiers the row scope reaches: None for all, empty for
    none. `own_only` narrows that to dossiers this person is first responsible for. `reads` are the
    kinds of thing the roles of this person may look at at all (`dossier`, `ledger`, …): the system
    officer has no `dossier` there. `credential` tells how the person came in: `session:…`,
    `token:…`, `cli:<os user>`, `job:<call>`, `system`.
    """

    id: str
    roles: frozenset[str] = frozenset()
    unit: int = 0
    units: frozenset[int] | None = field(default_factory=frozenset)
    own_only: bool = False
    clearance: int = 0
    reads: frozenset[str] = frozenset()
    credential: str = ""
    on_behalf: str | None = None
    pk: int = 0
    granted: frozenset[int] = frozenset()
    """Dossiers outside the row scope that the person may read for a time."""
    granted_clear: frozenset[int] = frozenset()
    """Those of them whose masked fields may be revealed."""

    @property
    def kind(self) -> str:
        """`staff` or `system`, as the ledger records it."""
        return "system" if self.id.startswith("system:") else "staff"


def system(name: str) -> Actor:
    """The actor of a housekeeping task; it reads no dossier and may do only what a pack lists."""
    return Actor(id=f"system:{name}", roles=frozenset({"system"}), credential="system")
