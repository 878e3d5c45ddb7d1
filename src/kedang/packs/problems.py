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
    "rule_effect": N_("either deny or flow and needs, not both"),
    "why_without_deny": N_("deny: true beside the reason for a denial"),
    "both_ways": N_("the role in who or in not_for, not in both"),
    "rule_for_nobody": N_("a role the operation is for: %(who)s"),
    "number_item": N_("a number of the deed's form: %(known)s"),
    "not_a_number": N_("words, because %(item)s is no number, money, percent or date"),
    "two_forms": N_("one form for one operation"),
    "about_of_product": N_("no about: the product itself offers this operation"),
    "not_a_matter": N_("about: what the company's own operation is about; without it the product's own is meant"),
    "does_nothing": N_("something the deed does: opens, moves, grants, signs, registers, or a form"),
    "grant_of_dossier": N_("about: dossier, because a right to read is granted on a dossier"),
    "move_of_row": N_("about: row, because a row is moved"),
    "row_without_move": N_("moves: the register whose row it is about, and from which state to which"),
    "from_end_state": N_("a state that is not an end; nothing leaves an end"),
    "staff_item": N_("an item of the deed's form that names a person (type: staff): %(known)s"),
    "article_without_control": N_("at least one control that answers this article"),
    "control_without_article": N_("an article that names this control"),
    "probe_not_caught": N_("a pack that catches each sample of this control"),
    "enforced_without_proof": N_("a sample or a part of the pack that carries this control, or available: false"),
    "monitored_without_watch": N_("a clock, round, register or other part that carries this control"),
    "attested_without_part": N_("a form, statement, step, checklist or undertaking that carries this control"),
    "observed_without_invariant": N_("the invariant by which this control is observed"),
    "unknown_invariant": N_("one of the invariants %(known)s"),
    "control_of_later": N_("available: false, because the parts that carry it are not kept by the product yet"),
    "unused_flow": N_("a rule that asks for this flow"),
    "unused_forms": N_("an operation or register that uses this form"),
    "unused_registers": N_("an operation that opens a row or writes a line of this register"),
    "unused_checklists": N_("a step of kind checklist that uses it"),
    "unused_numbering": N_("a register that is numbered so"),
    "unused_grammars": N_("a field or an item that is built so"),
    "guard_collected": N_("a part of the dossier of which the regulation collects something: %(known)s"),
    "filed_by_deed": N_("no condition here: a dossier is filed by customer.file, whose rules say when"),
    "unmasked": N_("a mask, because the value is sensitive"),
    "required_uncollected": N_("nothing required of a value that may not be collected"),
    "field_standard": N_("standard: %(known)s; its values are stored so, another kind of value needs another key"),
    "field_category": N_("category: %(known)s, where the product shows it"),
    "field_personal": N_("sensitivity: personal or sensitive, because the value tells about a person"),
    "field_choices": N_("no options: the words of this field are the product's"),
    "field_nature": N_("the sensitivity it had: personal values are sealed; another protection needs another key"),
    "searched": N_("a value of the dossier itself that is not personal; others are found by no word"),
    "narrowed_text": N_("options, a grammar or min_chars with one of the standards %(known)s only"),
    "repeated_words": N_("each word once"),
    "consent_asked": N_(
        "an item consent in its form (yes_no, or a choice with an option yes or on_file): the law asks for consent"
    ),
    "not_served": N_("available: false, because the product does not keep this yet"),
    "retention_length": N_("years, months or permanent: true"),
    "exactly_one": N_("exactly one of %(names)s"),
    "cycle": N_("nothing that depends on itself"),
    "post_count": N_("at most %(most)s, which is all the holders the post may have"),
    "exclusive_post": N_("roles that one person may hold together"),
    "unsigned_undertaking": N_("an operation that signs this undertaking"),
    "needs_itself": N_("a deed that can be done before the undertaking is signed"),
    "step_party": N_("exactly one of of, all, any"),
    "party": N_("exactly one of head_of, role, post, superior_of, person"),
    "level_of_superior": N_("superior_of beside a level"),
    "too_many_signers": N_("at most %(most)s, because there are no more people to sign"),
    "step_checklist": N_("kind: checklist and the checklist together"),
    "limit_missing": N_("a limit, because something happens when it is over"),
    "own_signature": N_("another signer, or self_approval: true; the applicant signs nothing of their own"),
    "nobodys_role": N_("a role of the pack that somebody can hold"),
    "empty_post": N_("a post with least: 1, or empty_seat: superior; otherwise nobody can sign"),
    "no_head": N_("a post with head: true, so that units have a head"),
    "approver_signs": N_("a flow in which the approver of the document (document.approver) signs"),
    "same_person": N_("another signer; one person signs once, and this post has %(most)s"),
    "never_reached": N_("a condition that can hold where the flow is asked for"),
    "options": N_("options for a choice, and only there"),
    "row_register": N_("a register for rows, and only there"),
    "computed_only": N_("type: computed beside table, score or formula"),
    "formula_item": N_("a number of the same form that stands before it: %(known)s"),
    "formula_measure": N_("an item or a number; a form knows no measures, a score does"),
    "within_or_grace": N_("within or grace, not both: the limit lies inside the period or after it"),
    "lapse_of_clock": N_("a clock: a round moves no row"),
    "lapse": N_("a deed for who: [system] that moves what %(start)s began, asks nothing and stops the clock"),
    "quota_of_dossier": N_("a matter with about: dossier, because it is counted for each customer"),
    "computed_required": N_("nothing required that nobody fills in"),
    "grammar_of_text": N_("type: text beside a grammar"),
    "empty_range": N_("at most %(most)s, the upper end"),
    "states_missing": N_("states, because an operation moves rows of this register"),
    "unique_without_states": N_("states; without them no row is open and nothing is unique"),
    "unreached_state": N_("an operation that moves rows into this state"),
    "stuck_state": N_("an operation that moves rows out of this state, or end: true"),
    "serial": N_("exactly one part with serial, the running number"),
    "restart_date": N_("a part with date: %(known)s, so that no number comes twice"),
    "per_unit": N_("a part with unit: true, so that two units give no number twice"),
    "check_last": N_("the check character as the last part"),
    "clock_never_ends": N_("stops, or the date it is counted from (from_item, from_field)"),
    "empty_span": N_("a length of time, or until"),
    "date_item": N_("an item of type date in the form of the deed: %(known)s"),
    "date_field": N_("a field with standard: date"),
    "dead_end": N_("not all that settles it; who is late could never settle it again"),
    "cannot_follow": N_("a deed that can settle what %(start)s began"),
    "round_roles": N_("roles with for_each: holder, and only there"),
    "round_cannot": N_("somebody who may do one of %(deeds)s"),
    "measure_item": N_("the item that is summed, averaged or compared, and only there"),
    "measure_of_dossier": N_("of: dossier, because a dossier is measured"),
    "same_band": N_("each beginning once, in rising order"),
    "lowest_band": N_("one band without from, for whatever lies below the others"),
    "two_terms": N_("two terms: what is divided, and by what"),
    "shadowed": N_("a line that an earlier one does not already decide"),
    "reaches_nothing": N_("a value that stands in this pack"),
    "not_delegable": N_("one of the values a branch can be left to set, none of the whole company's: %(known)s"),
    "delegates_nothing": N_("available: true, and values in delegated, because pack.overlay sets them"),
    "overlay_deed": N_("an operation pack.overlay, so that it is said who sets what is delegated"),
    "limit_of_delegated": N_("one of the values in delegated: %(known)s"),
    "not_delegated": N_("one of the values this regulation leaves to its branches: %(known)s"),
    "within_limits": N_("a whole number from %(least)s to %(most)s"),
    "sanction_of_nothing": N_("an amount or a measure"),
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
    path: tuple[str | int, ...] = ()

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
