"""The writers of posts and deputies; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from django.db.models import Q

from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.organisation import Post
from kedang.people import payloads, selectors, units
from kedang.people.models import Appointment, Delegation, Staff, Unit
from kedang.people.parties import lasting

NOT_OWN_POST = N_("Nobody appoints or dismisses themselves.")


def appoint(deed: Deed, staff: Staff, payload: payloads.Appoint) -> Outcome:
    """Seat a person in a post of a unit, within the number of holders the regulation sets."""
    if staff.username == deed.actor.id:
        raise Refused("denied", detail=NOT_OWN_POST)
    if not staff.is_active:
        raise Refused("state", detail=N_("This account is closed."))
    if payload.until_us and payload.until_us <= deed.at_us:
        raise Refused("invalid", missing=("until_us",), detail=N_("The post would end before it begins."))
    post, unit = _post(payload.post), _seat(staff, payload)
    _within_number(deed, post, payload.post, unit, staff)
    Appointment.objects.create(
        staff=staff, post=payload.post, unit=unit, since_us=deed.at_us, until_us=payload.until_us,
        appointed_by=deed.actor.id,
    )  # fmt: skip
    return Outcome(
        result={"user": staff.username, "post": payload.post, "unit": unit.code},
        body={"post": payload.post, "unit": unit.code, "until_us": payload.until_us},
    )


def dismiss(deed: Deed, staff: Staff, payload: payloads.Dismiss) -> Outcome:
    """End the holding of a post; without a unit, wherever the person holds it."""
    if staff.username == deed.actor.id:
        raise Refused("denied", detail=NOT_OWN_POST)
    held = Appointment.objects.filter(lasting(deed.at_us), staff=staff, post=payload.post)
    if payload.unit:
        held = held.filter(unit=selectors.unit_by_code(payload.unit))
    where = sorted(held.values_list("unit__code", flat=True))
    if not where:
        raise Refused("state", detail=N_("This person does not hold that post."))
    held.update(until_us=deed.at_us)
    return Outcome(
        result={"user": staff.username, "post": payload.post}, body={"post": payload.post, "units": where}
    )  # fmt: skip


def delegate(deed: Deed, staff: Staff, payload: payloads.Delegate) -> Outcome:
    """Name a deputy who signs in one's own place for a time; nobody does that for another."""
    if staff.username != deed.actor.id:
        raise Refused("denied", detail=N_("Everybody names their own deputy."))
    if deed.actor.credential.startswith("token:"):
        raise Refused("denied", detail=N_("This is not done with a token; sign in."))
    deputy = selectors.colleague(payload.deputy)
    if deputy.pk == staff.pk:
        raise Refused("invalid", missing=("deputy",), detail=N_("Choose somebody else as your deputy."))
    start = max(payload.from_us, deed.at_us)
    if payload.until_us <= start:
        raise Refused("invalid", missing=("until_us",), detail=N_("The delegation would end before it begins."))
    same = Delegation.objects.filter(staff=staff, deputy=deputy, revoked_us=0, from_us__lt=payload.until_us)
    if same.filter(until_us__gt=start).exists():
        raise Refused("state", detail=N_("This person is your deputy in that time already."))
    Delegation.objects.create(
        staff=staff, deputy=deputy, from_us=start, until_us=payload.until_us, reason=deed.reason or payload.reason
    )
    return Outcome(
        result={"user": staff.username, "deputy": deputy.username},
        body={"deputy": deputy.username, "from_us": start, "until_us": payload.until_us, "said": payload.reason},
    )


def end_delegation(deed: Deed, staff: Staff, payload: payloads.EndDelegation) -> Outcome:
    """Take a delegation back before its day; what the deputy signed stays signed."""
    running = Delegation.objects.filter(staff=staff, revoked_us=0, until_us__gt=deed.at_us)
    if payload.deputy:
        running = running.filter(deputy__username=payload.deputy.lower())
    names = sorted(running.values_list("deputy__username", flat=True))
    if not names:
        raise Refused("state", detail=N_("There is no such delegation in force."))
    running.update(revoked_us=deed.at_us)
    return Outcome(result={"user": staff.username}, body={"deputies": names})


def held(staff: Staff, at_us: int) -> Q:
    """The posts a person holds at an instant, as a condition on appointments."""
    return lasting(at_us) & Q(staff=staff)


def end_all(staff: Staff, at_us: int) -> int:
    """End every delegation by and to a person; returns how many."""
    running = Delegation.objects.filter(Q(staff=staff) | Q(deputy=staff), revoked_us=0, until_us__gt=at_us)
    return running.update(revoked_us=at_us)


def _post(code: str) -> Post:
    post = in_force().posts.get(code)
    if post is None:
        raise Refused("invalid", missing=("post",), detail=N_("The regulation in force knows no such post."))
    return post


def _seat(staff: Staff, payload: payloads.Appoint) -> Unit:
    """The unit that has the post: the one named, else the nearest to the person that has it."""
    post = in_force().posts[payload.post]
    seats = {unit.pk: unit for unit in units.seats_of(post.per, post.unit)}
    if payload.unit:
        near = [selectors.unit_by_code(payload.unit).pk]
    else:
        near = units.ids_upwards(staff.unit.path)
        near += list(seats) if len(seats) == 1 else []
    for pk in near:
        if pk in seats:
            return seats[pk]
    raise Refused("invalid", missing=("unit",), detail=N_("By the regulation this unit has no such post."))


def _within_number(deed: Deed, post: Post, code: str, unit: Unit, staff: Staff) -> None:
    held = Appointment.objects.filter(lasting(deed.at_us), post=code, unit=unit)
    if held.filter(staff=staff).exists():
        raise Refused("state", detail=N_("This person holds the post already."))
    if post.most is not None and held.filter(staff__is_active=True).count() >= post.most:
        raise Refused(
            "denied", articles=(post.article,) if post.article else (),
            detail=N_("The post has as many holders as the regulation allows; dismiss one first."),
        )  # fmt: skip
