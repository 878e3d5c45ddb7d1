"""A password set for somebody else takes two people: each sets one half, and nobody but its owner has both.

Whoever could set another's password alone could sign in as that person, and so do whatever that person may
do. So the first officer's half changes nothing yet; a different person's second half makes the two, typed one after
the other with a blank between, the password. With it one can do nothing but choose an own password; until then
the account holds no rights. Where the regulation has somebody else sign for it, one officer sets the whole;
the owner still has to choose an own one first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

if TYPE_CHECKING:
    from kedang.people.models import Staff

COLUMNS = ["password", "second_half", "reset_by"]
_MOST_BLANKS = 4
"""So many places are tried where one half may end; each costs as much as a password."""


def is_set_by_others(staff: Staff) -> bool:
    """Whether others set this password, two of them together, and the person has not chosen an own one since."""
    return " " in staff.reset_by


def choose(staff: Staff, password_hash: str) -> None:
    """The person's own password: whatever others set or began to set is gone."""
    staff.password, staff.second_half, staff.reset_by = password_hash, "", ""


def set_half(staff: Staff, by: str, password_hash: str) -> int:
    """One half, set by somebody else: the first (1) or the second (2). Raises Refused(denied) for both by one."""
    if not staff.reset_by or is_set_by_others(staff):
        if is_set_by_others(staff):
            staff.password = make_password(None)
        staff.second_half, staff.reset_by = password_hash, by
        return 1
    if staff.reset_by == by:
        raise Refused(
            "denied", detail=N_("You set the first half of this password; somebody else has to set the second.")
        )
    staff.password, staff.second_half = staff.second_half, password_hash
    staff.reset_by = f"{staff.reset_by} {by}"
    return 2


def set_whole(staff: Staff, by: str, signer: str, password_hash: str) -> None:
    """A whole password, where the regulation had somebody else sign that it is set."""
    staff.password, staff.second_half, staff.reset_by = password_hash, "", f"{by} {signer}"


def matches(staff: Staff, typed: str) -> bool:
    """Whether what was typed is the two halves with a blank between, or the whole that was signed for."""
    if not staff.second_half:
        return check_password(typed, staff.password)
    words = typed.split(" ")
    splits = range(1, min(len(words), _MOST_BLANKS + 1))
    found = [
        check_password(" ".join(words[:at]), staff.password) and check_password(" ".join(words[at:]), staff.second_half)
        for at in splits
    ]
    if not found:
        make_password(typed)
    return any(found)
