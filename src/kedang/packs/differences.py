"""What differs between two packs, value by value, by the key under which it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kedang.kernel.packing import canonical_json
from kedang.packs.schema import Pack

ABSENT = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is new, gone or another; empty where nothing stands."""

    key: str
    before: str
    after: str


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Every value in which the packs differ, in the order of a pack's sections."""
    return list(_between("", plain(old), plain(new)))


def plain(pack: Pack) -> dict[str, Any]:
    """The pack as plain data, as its author would write it; what is as the schema presumes is left out."""
    data: dict[str, Any] = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def _between(key: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from _between(_key(key, name), old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list) and _is_of_parts(old) and _is_of_parts(new):
        yield from _lists(key, old, new)
    elif _sorted(old) != _sorted(new):
        yield Difference(key, _words(old), _words(new))


def _lists(key: str, old: list[Any], new: list[Any]) -> Iterator[Difference]:
    """Parts by their place; one that only moved because another came in before it is no difference."""
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    for index in range(max(len(gone), len(come))):
        before = gone[index] if index < len(gone) else None
        after = come[index] if index < len(come) else None
        place = new.index(after) if after is not None else old.index(before)
        yield from _between(f"{key}[{place}]", before, after)
    if not gone and not come and old != new:
        yield Difference(key, "order " + _order(old, old), "order " + _order(new, old))


def _is_of_parts(found: list[Any]) -> bool:
    return any(isinstance(part, dict) for part in found)


def _order(found: list[Any], reference: list[Any]) -> str:
    return " ".join(str(reference.index(part) + 1) for part in found)


def _sorted(found: Any) -> Any:
    return sorted(map(str, found)) if isinstance(found, list) and not _is_of_parts(found) else found


def _key(key: str, name: str) -> str:
    if "." in name:
        return f"{key}['{name}']"
    return f"{key}.{name}" if key else name


def _words(found: Any) -> str:
    if found is None:
        return ABSENT
    if isinstance(found, list) and not _is_of_parts(found):
        return ", ".join(map(str, _sorted(found)))
    if isinstance(found, Mapping | list):
        return canonical_json(found).decode()
    return str(found).lower() if isinstance(found, bool) else str(found)
