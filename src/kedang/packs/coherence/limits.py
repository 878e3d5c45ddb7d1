"""Clocks and rounds: that they can end, that they can be kept, and that being late is no dead end."""

from __future__ import annotations

from collections.abc import Mapping

from kedang.packs.coherence.deeds import answer
from kedang.packs.coherence.raw import DAY, File, Raw, given, mapping, whole, words
from kedang.packs.reading import Path
from kedang.packs.vocabulary import ANY_STAFF, SYSTEM

LENGTH = ("minutes", "hours", "days", "months", "years")
UNITS = ("days", "weeks", "months", "years", "festivals")
SAMPLED = {"rows": "register"}


def examine(file: File) -> None:
    """Every clock and every round."""
    for name, clock in file.section("clocks").items():
        _clock(file, ("clocks", name), clock)
    for name, round_ in file.section("rounds").items():
        _round(file, ("rounds", name), round_)
    for name, quota in file.section("quotas").items():
        _quota(file, ("quotas", name), quota)


def _quota(file: File, path: Path, quota: Raw) -> None:
    """What is counted for each customer are deeds about a customer."""
    if quota.get("per") != "dossier":
        return
    for index, name in enumerate(words(quota.get("operations"))):
        if file.operations.get(name, {}).get("about") != "dossier":
            file.report((*path, "operations", index), "quota_of_dossier", name)


def _clock(file: File, path: Path, clock: Raw) -> None:
    starts, stops = mapping(clock.get("starts")), words(clock.get("stops"))
    _start(file, (*path, "starts"), starts)
    if not stops and not given(starts, ("from_item", "from_field")):
        file.report(path, "clock_never_ends", None)
    within = mapping(clock.get("within"))
    if within and not any(whole(within.get(key)) for key in LENGTH) and not within.get("until"):
        file.report((*path, "within"), "empty_span", None)
    _dead_end(file, path, clock, set(stops))
    _lapse(file, path, clock)
    for index, stop in enumerate(stops):
        if isinstance(starts.get("operation"), str) and not _can_follow(file, starts["operation"], stop):
            file.report((*path, "stops", index), "cannot_follow", stop, start=starts["operation"])


def _start(file: File, path: Path, starts: Raw) -> None:
    if len(named := given(starts, ("from_item", "from_field"))) > 1:
        file.report(path, "exactly_one", ", ".join(named), names="from_item, from_field")
    if not isinstance(operation := starts.get("operation"), str) or operation not in file.operations:
        return
    known = file.items_of(operation)
    if isinstance(item := starts.get("from_item"), str) and known.get(item, {}).get("type") != DAY:
        dates = [name for name, body in known.items() if body.get("type") == DAY]
        file.report((*path, "from_item"), "date_item", item, known=", ".join(dates) or "-")
    field = mapping(mapping(file.tree.data.get("fields")).get(str(starts.get("from_field"))))
    if field and field.get("standard") != DAY:
        file.report((*path, "from_field"), "date_field", starts["from_field"])
    for item, wanted in mapping(starts.get("where")).items():
        answer(file, (*path, "where", item), known, item, wanted)


def _dead_end(file: File, path: Path, watched: Raw, settling: set[str]) -> None:
    """What is barred while something is overdue must not be the only thing that settles it."""
    blocked = words(mapping(watched.get("overdue")).get("block"))
    if settling and settling <= set(blocked):
        file.report((*path, "overdue", "block"), "dead_end", ", ".join(sorted(settling)))


def _lapse(file: File, path: Path, clock: Raw) -> None:
    """What the product does by itself at the end of a limit can be done by it, and ends what was begun."""
    does, start = mapping(clock.get("overdue")).get("does"), mapping(clock.get("starts")).get("operation")
    if not isinstance(does, str) or not isinstance(start, str) or does not in file.operations:
        return
    register, here = file.moves(does).get("register"), (*path, "overdue", "does")
    asks = file.forms_of(does) or any(given(rule, ("flow", "needs", "when", "deny")) for rule in file.rules(does))
    by_product = SYSTEM in words(file.operations[does].get("who"))
    followed = register in {*file.writes(start), file.moves(start).get("register")} and _can_follow(file, start, does)
    if not followed or asks or not by_product or does not in words(clock.get("stops")):
        file.report(here, "lapse", does, start=start)


def _can_follow(file: File, start: str, stop: str) -> bool:
    """Whether a deed can settle what another began: about the same thing, in a state that the first leads to."""
    move = file.moves(stop)
    register = move.get("register")
    if not move or not isinstance(register, str):
        return True
    if register in file.writes(start):
        return _reaches(file, register, next(iter(file.states(register)), ""), set(words(move.get("from"))))
    first = file.moves(start)
    if first.get("register") == register:
        return _reaches(file, register, str(first.get("to")), set(words(move.get("from"))))
    return file.about(start) in ("dossier", "staff", "unit")


def _reaches(file: File, register: str, start: str, wanted: set[str]) -> bool:
    reached, before = {start}, 0
    moves = [file.moves(name) for name in file.operations if file.moves(name).get("register") == register]
    while before != len(reached):
        before = len(reached)
        reached |= {str(move.get("to")) for move in moves if reached & set(words(move.get("from")))}
    return bool(reached & wanted) or not wanted


def _round(file: File, path: Path, round_: Raw) -> None:
    every = mapping(round_.get("every"))
    if every and len(named := given(every, UNITS)) != 1:
        file.report((*path, "every"), "exactly_one", ", ".join(named) or None, names=", ".join(UNITS))
    if (round_.get("for_each") == "holder") != bool(round_.get("roles")):
        file.report(path, "round_roles", round_.get("for_each", "company"))
    if len(given(round_, ("within", "grace"))) > 1:
        file.report((*path, "within"), "within_or_grace", None)
    if mapping(round_.get("overdue")).get("does"):
        file.report((*path, "overdue", "does"), "lapse_of_clock", round_["overdue"]["does"])
    done_by = set(words(round_.get("done_by")))
    _dead_end(file, path, round_, done_by)
    party = mapping(round_.get("by")).get("role")
    if isinstance(party, str) and done_by and not any(_may(file, name, party) for name in done_by):
        file.report((*path, "by"), "round_cannot", party, deeds=", ".join(sorted(done_by)))
    sample = mapping(round_.get("sample"))
    if sample and (sample.get("of") == "rows") != ("register" in sample):
        file.report((*path, "sample"), "row_register", sample.get("of", "dossiers"))
    registers = mapping(file.tree.data.get("registers"))
    if isinstance(sample.get("register"), str) and sample["register"] not in registers:
        file.report((*path, "sample", "register"), "choice", sample["register"], known=_listed(registers))


def _may(file: File, operation: str, role: str) -> bool:
    who = words(file.operations.get(operation, {}).get("who"))
    return role in who or ANY_STAFF in who


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "-"
