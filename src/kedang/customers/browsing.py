"""Lists of customers as the doors ask for them: a text, what narrows it, and one page at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from kedang.customers.finding import Page as Listing
from kedang.customers.finding import find
from kedang.kernel.actor import Actor

__all__ = ["MOST", "Filters", "Listing", "browse"]

MOST = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; an empty text narrows nothing. A region or industry covers all below it."""

    region: str = ""
    industry: str = ""
    kind: str = ""
    state: str = ""
    level: str = ""
    unit: str = ""
    owner: str = ""


def browse(
    by: Actor, text: str = "", filters: Filters | None = None, *, limit: int = 50, after: str | None = None
) -> Listing:
    """A page of the dossiers this person may see, latest change first; show it through `present.listed`.

    At most `MOST` rows. Raises Refused(invalid) for a filter that means nothing or a cursor that is not ours.
    """
    return find(by, text, asdict(filters or Filters()), limit=max(1, min(limit, MOST)), after=after)
