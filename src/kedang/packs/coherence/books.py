"""Forms, registers, checklists, numbers and grammars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kedang.packs.coherence.company import cyclic
from kedang.packs.coherence.deeds import answer, is_number, numbers
from kedang.packs.coherence.figures import arithmetic, terms
from kedang.packs.coherence.raw import File, Raw, given, items, mapping, whole, words
from kedang.packs.reading import Path

PIECES = ("text", "date", "unit", "serial", "item", "check")
GRAMMAR_PIECES = ("text", "letters", "digits", "either", "date", "one_of", "check")
RESTART_DATES = {
    "yearly": {"yyyy", "yy", "yyyymm", "yyyymmdd"},
    "monthly": {"yyyymm", "yyyymmdd"},
    "daily": {"yyyymmdd"},
}
RANGED = {"number", "money", "percent", "date", "computed"}
OFFERED = {"choice", "choices"}
SUBJECT = "subject"
COMPUTING = ("table", "score", "formula")


def examine(file: File) -> None:
    """Everything a company fills in, keeps in books and ticks off."""
    _unused(file)
    for name, form in file.section("forms").items():
        _form(file, ("forms", name, "items"), {key: mapping(item) for key, item in mapping(form.get("items")).items()})
    for name, register in file.section("registers").items():
        _register(file, ("registers", name), name, register)
    for name, numbering in file.section("numbering").items():
        _numbering(file, ("numbering", name), name, numbering)
    for name, grammar in file.section("grammars").items():
        _pieces(file, ("grammars", name, "parts"), items(grammar.get("parts")), GRAMMAR_PIECES)


def _unused(file: File) -> None:
    operations = list(file.operations)
    forms = {form for name in operations for form in file.forms_of(name)}
    forms |= {str(register.get("form")) for register in file.section("registers").values()}
    sources = mapping(mapping(file.tree.data.get("provenance")).get("sources")).values()
    forms |= {str(mapping(source).get("form")) for source in sources}
    forms.add(str(mapping(file.tree.data.get("outsiders")).get("form")))
    steps = [step for flow in file.section("flows").values() for step in items(flow.get("steps"))]
    item_bodies = [
        mapping(item) for form in file.section("forms").values() for item in mapping(form.get("items")).values()
    ]
    grammars = {str(body.get("grammar")) for body in (*item_bodies, *file.section("fields").values())}
    used = {
        "forms": forms,
        "registers": {each for name in operations for each in file.writes(name)},
        "checklists": {str(mapping(step).get("checklist")) for step in steps},
        "numbering": {str(register.get("number")) for register in file.section("registers").values()},
        "grammars": grammars,
    }
    for section, names in used.items():
        for name in mapping(file.tree.data.get(section)):
            if name not in names:
                file.report((section, name), f"unused_{section}", name)


def _form(file: File, path: Path, known: Mapping[str, Raw]) -> None:
    for name, item in known.items():
        here = (*path, name)
        _item(file, here, item)
        _formula(file, (*here, "formula"), mapping(item.get("formula")), _before(known, name))
        for key in ("required_if", "only_if"):
            asked = mapping(item.get(key))
            if isinstance(asked.get("item"), str):
                answer(file, (*here, key), known, asked["item"], asked.get("is", asked.get("range")))
                if len(given(asked, ("is", "range"))) != 1:
                    file.report((*here, key), "exactly_one", ", ".join(asked), names="is, range")
    follows = {name: {"only_if": mapping(item.get("only_if")).get("item")} for name, item in known.items()}
    for name in cyclic(follows, "only_if"):
        file.report((*path, name, "only_if"), "cycle", name)


def _before(known: Mapping[str, Raw], name: str) -> Mapping[str, Raw]:
    """The items that stand before one: what is known when it is computed."""
    names = list(known)
    return {each: known[each] for each in names[: names.index(name)]}


def _formula(file: File, path: Path, formula: Raw, known: Mapping[str, Raw]) -> None:
    """Arithmetic of a form: over its own numbers, never over measures."""
    if not formula:
        return
    arithmetic(file, path, formula)
    for here, term in terms(path, formula):
        if "measure" in term:
            file.report((*here, "measure"), "formula_measure", term["measure"])
        if "item" in term and not is_number(known, term["item"]):
            file.report((*here, "item"), "formula_item", term["item"], known=numbers(known))


def _item(file: File, path: Path, item: Raw) -> None:
    kind = item.get("type", "text")
    if (kind in OFFERED) != bool(item.get("options")) and kind != "computed":
        file.report(path, "options", kind)
    if item.get("range") and kind not in RANGED:
        file.report((*path, "range"), "not_a_number", kind, item=path[-1])
    if (kind == "row") != ("register" in item):
        file.report(path, "row_register", kind)
    if kind == "computed" and len(named := given(item, COMPUTING)) != 1:
        file.report(path, "exactly_one", ", ".join(named) or None, names=", ".join(COMPUTING))
    if kind != "computed" and given(item, COMPUTING):
        file.report(path, "computed_only", kind)
    if kind == "computed" and given(item, ("required", "required_if")):
        file.report(path, "computed_required", kind)
    if item.get("grammar") and kind != "text":
        file.report((*path, "grammar"), "grammar_of_text", kind)
    if whole(item.get("min_chars")) > whole(item.get("max_chars", 500), 500):
        file.report((*path, "min_chars"), "too_long", item["min_chars"], most=whole(item.get("max_chars", 500), 500))
    for name in ("range",):
        _range(file, (*path, name), mapping(item.get(name)))


def _range(file: File, path: Path, body: Raw) -> None:
    low, high = body.get("min"), body.get("max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        file.report(path, "empty_range", low, most=high)


def _register(file: File, path: Path, name: str, register: Raw) -> None:
    writing = [operation for operation in file.operations if name in file.writes(operation)]
    moving = [operation for operation in file.operations if file.moves(operation).get("register") == name]
    known = {SUBJECT} | {item for operation in (*writing, *moving) for item in file.items_of(operation)}
    form = file.section("forms").get(str(register.get("form")), {})
    known |= set(mapping(form.get("items")))
    for key in ("columns", "unique"):
        for index, item in enumerate(words(register.get(key))):
            if item not in known:
                file.report((*path, key, index), "choice", item, known=", ".join(sorted(known)))
    if states := file.states(name):
        _life(file, (*path, "states"), states, [file.moves(operation) for operation in moving])
    elif moving:
        file.report(path, "states_missing", name)
    elif register.get("unique"):
        file.report((*path, "unique"), "unique_without_states", name)


def _life(file: File, path: Path, states: Mapping[str, Raw], moves: list[Raw]) -> None:
    """From the first state every other can be reached, and no row stays in one that is not an end for ever."""
    left = {state for move in moves for state in words(move.get("from"))}
    ways = [(set(words(move.get("from"))), str(move.get("to"))) for move in moves]
    reached, before = {next(iter(states))}, 0
    while before != len(reached):
        before = len(reached)
        reached |= {to for origin, to in ways if origin & reached}
    for state, body in states.items():
        if state not in reached:
            file.report((*path, state), "unreached_state", state)
        elif body.get("end") is not True and state not in left:
            file.report((*path, state), "stuck_state", state)


def _numbering(file: File, path: Path, name: str, numbering: Raw) -> None:
    parts = [mapping(part) for part in items(numbering.get("parts"))]
    _pieces(file, (*path, "parts"), parts, PIECES)
    if sum("serial" in part for part in parts) != 1:
        file.report((*path, "parts"), "serial", sum("serial" in part for part in parts))
    restart = str(numbering.get("restart", "yearly"))
    dates = {str(part.get("date")) for part in parts}
    if restart in RESTART_DATES and dates.isdisjoint(RESTART_DATES[restart]):
        known = ", ".join(sorted(RESTART_DATES[restart]))
        file.report((*path, "restart") if "restart" in numbering else path, "restart_date", restart, known=known)
    if numbering.get("per_unit") is True and not any(part.get("unit") for part in parts):
        file.report((*path, "per_unit"), "per_unit", None)
    for index, part in enumerate(parts):
        if isinstance(part.get("item"), str):
            _number_item(file, (*path, "parts", index), name, part["item"])


def _number_item(file: File, path: Path, numbering: str, item: str) -> None:
    for operation in _numbered(file, numbering):
        known = file.items_of(operation)
        if known.get(item, {}).get("type") != "choice":
            choices = [key for key, body in known.items() if body.get("type") == "choice"]
            file.report(path, "choice", item, known=", ".join(choices) or "-")
            return


def _numbered(file: File, numbering: str) -> Iterator[str]:
    registers = {name for name, body in file.section("registers").items() if body.get("number") == numbering}
    return (operation for operation in file.operations if file.writes(operation) & registers)


def _pieces(file: File, path: Path, parts: list[Raw], names: tuple[str, ...]) -> None:
    for index, part in enumerate(parts):
        body = mapping(part)
        if len(named := given(body, names)) != 1:
            file.report((*path, index), "exactly_one", ", ".join(named) or None, names=", ".join(names))
        if "check" in body and index != len(parts) - 1:
            file.report((*path, index), "check_last", body["check"])
