"""What is wrong with a pack file: where, at which key, what was expected, what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

MESSAGES: dict[str, str] = {
    "syntax": N_("readable YAML"),
    "encoding": N_("text in UTF-8"),
    "size": N_("a file of at most %(limit)s bytes"),
    "empty": N_("a mapping with the sections of a pack"),
    "documents": N_("one document only"),
    "alias": N_("the value written out; anchors and merge keys are not used in packs"),
    "depth": N_("at most %(most)s levels of nesting"),
    "duplicate": N_("each key once; this one stands already in line %(first)s"),
    "missing": N_("the key %(name)s"),
    "unknown_key": N_("one of the keys %(known)s"),
    "choice": N_("one of %(known)s"),
    "text": N_("text"),
    "number": N_("a whole number"),
    "flag": N_("true or false"),
    "mapping": N_("a mapping of keys to values"),
    "list": N_("a list"),
    "too_short": N_("at least %(least)s"),
    "too_long": N_("at most %(most)s"),
    "pattern": N_("a code of the form %(pattern)s"),
    "other": N_("%(text)s"),
    "reserved": N_("another code; this one has a meaning of its own"),
    "missing_operation": N_("a rule for the operation %(name)s"),
    "never_allowed": N_("at least one rule that does not deny"),
    "unreachable": N_("no rule after one without conditions"),
    "rule_effect": N_("either deny or flow, not both"),
    "article_without_control": N_("at least one control that answers this article"),
    "control_without_article": N_("an article that names this control"),
    "unused_flow": N_("a rule that asks for this flow"),
    "unmasked": N_("a mask, because the value is sensitive"),
    "step_party": N_("exactly one of of, all, any"),
    "party": N_("exactly one of head_of, role, post, superior_of"),
    "enforced_without_operation": N_("the operations by which this control is enforced, or available: false"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one line. Lines count from 1; `key` is the path to the value."""

    file: str
    line: int
    key: str
    rule: str
    found: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def expected(self) -> str:
        """What should stand there, in English."""
        return self.expectation()

    def expectation(self, translate: Callable[[str], str] = str) -> str:
        """What should stand there, in the language of `translate`."""
        return translate(MESSAGES[self.rule]) % dict(self.params)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key or '-'}: expected {self.expected}, found {self.found}"


class PackInvalid(Refused):
    """A pack file that cannot be used; `problems` holds every reason at once, `detail` one in each line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("invalid", detail="\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
