"""Signing in: by name and password, every attempt on record, guessing stopped."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from kedang.ledger.models import Entry
from tests.web.visits import PASSWORD, give_password, sign_in, signed_in, stranger_at_the_door, text_of
from tests.world import World


def events() -> list[tuple[str, str]]:
    return [(entry.op, entry.subject_ref) for entry in Entry.objects.filter(op__startswith="people.").order_by("id")]


def test_a_right_password_opens_the_first_page_under_a_new_session(world: World) -> None:
    give_password(world, "clerk")
    client = stranger_at_the_door()
    client.get("/account/login/")
    client.session["planted"] = 1
    before = client.session.session_key
    answer = sign_in(client, "Clerk")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session.session_key not in (None, before)
    assert client.get("/").status_code == 200
    assert events() == [("people.sign_in", "staff:clerk")]


def test_a_wrong_password_and_an_unknown_name_look_the_same(world: World) -> None:
    give_password(world, "clerk")
    wrong = sign_in(stranger_at_the_door(), "clerk", "guess")
    nobody = sign_in(stranger_at_the_door(), "nobody", "guess")
    assert wrong.status_code == nobody.status_code == 200
    assert text_of(wrong).replace('value="clerk"', "").count("k-notice-bad") == 1
    said = [text_of(page).split('<div class="k-notice')[1].split("</div>")[0:2] for page in (wrong, nobody)]
    assert said[0] == said[1]
    assert events() == [("people.sign_in_failed", "staff:clerk"), ("people.sign_in_failed", "staff:unknown")]


def test_five_failures_lock_the_account_even_for_the_right_password(world: World) -> None:
    give_password(world, "clerk")
    client = stranger_at_the_door()
    for _ in range(5):
        sign_in(client, "clerk", "guess")
    for _ in range(2):
        assert sign_in(client, "clerk", PASSWORD).status_code == 200
    assert "_auth_user_id" not in client.session
    assert [op for op, _ in events()] == ["people.sign_in_failed"] * 5 + ["people.locked_out"]


def test_a_lock_of_one_account_leaves_colleagues_alone(world: World) -> None:
    give_password(world, "clerk")
    give_password(world, "manager")
    client = stranger_at_the_door()
    for _ in range(6):
        sign_in(client, "clerk", "guess")
    assert sign_in(client, "manager").status_code == 302


def test_a_closed_account_gets_in_neither_by_password_nor_by_session(world: World) -> None:
    give_password(world, "clerk")
    open_session = signed_in(world, "clerk")
    assert open_session.get("/").status_code == 200
    world.staff["clerk"].is_active = False
    world.staff["clerk"].save(update_fields=["is_active"])
    assert sign_in(stranger_at_the_door(), "clerk").status_code == 200
    assert open_session.get("/").status_code == 302


def test_signing_out_is_a_deed_of_its_own_and_needs_a_click(world: World) -> None:
    client = signed_in(world, "clerk")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/").status_code == 302
    assert events()[-1] == ("people.sign_out", "staff:clerk")


def test_the_page_says_when_one_was_here_last(world: World) -> None:
    give_password(world, "clerk")
    sign_in(stranger_at_the_door(), "clerk")
    client = stranger_at_the_door()
    sign_in(client, "clerk")
    assert client.session["previous_sign_in"] > 0


def test_after_sign_in_one_is_back_where_one_wanted_to_go_but_never_elsewhere(world: World) -> None:
    give_password(world, "clerk")
    for wanted, leads in (("/customers/?q=x", "/customers/?q=x"), ("https://elsewhere.example/", "/")):
        answer = stranger_at_the_door().post(
            "/account/login/", {"login": "clerk", "password": PASSWORD, "next": wanted}
        )
        assert answer.headers["Location"] == leads


def test_nobody_makes_an_account_or_resets_a_password_from_outside(world: World) -> None:
    for name in ("account_signup", "account_reset_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert stranger_at_the_door().get("/account/signup/").status_code == 404


def test_a_new_password_goes_through_the_gate_and_ends_other_sessions(world: World) -> None:
    give_password(world, "clerk")
    here, there = stranger_at_the_door(), stranger_at_the_door()
    sign_in(here, "clerk")
    sign_in(there, "clerk")
    new = "a sentence i remember"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/", form | {"password1": "short", "password2": "short"}).status_code == 200
    assert here.post("/account/password/", form).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert sign_in(stranger_at_the_door(), "clerk", new).status_code == 302
    assert ("people.password", "staff:clerk") in events()
