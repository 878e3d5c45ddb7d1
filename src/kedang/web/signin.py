"""How people sign in: allauth's forms and limits, the house's own rules, every attempt in the ledger."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.people import signin
from kedang.people.payloads import SetPassword
from kedang.web.asking import Asking, credential_of

PREVIOUS = "previous_sign_in"
LOCK_SECONDS = 900


class Adapter(DefaultAccountAdapter):
    """No sign-up, one message for every failure, and a record of each attempt."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The username or the password is not right."),
        "too_many_login_attempts": _("Too many failed attempts. Please wait fifteen minutes and then try again."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The present password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the system officer alone."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the account or the address is locked, and record once when the lock falls."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            username = str(credentials.get("username", ""))
            if cache.add(f"locked:{self._get_login_attempts_cache_key(request, **credentials)}", 1, LOCK_SECONDS):
                signin.record("people.locked_out", username, self._address(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong name or password."""
        signin.record("people.sign_in_failed", str(credentials.get("username", "")), self._address(request))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in under a new session key, and keep when this person was last here."""
        before = user.last_login
        super().login(request, user)
        request.session[PREVIOUS] = clock.to_us(before) if before else 0
        signin.record("people.sign_in", user.get_username(), credential_of(request))

    def logout(self, request: HttpRequest) -> None:
        """Sign out; the session is destroyed on the server."""
        signin.record("people.sign_out", request.user.get_username(), credential_of(request))
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Change the password as any other deed, through the gate; other sessions of the person end."""
        request: Asking = self.request
        hashed = make_password(password)
        perform(
            "people.password",
            by=request.actor,
            subject=f"staff:{user.username}",
            payload=SetPassword(password_hash=hashed),
        )
        user.password = hashed

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Greetings are noise in a tool used all day; only what changes an account is said."""
        if message_template == "account/messages/password_changed.txt":
            super().add_message(request, level, message=str(_("Your password is changed.")))

    def _address(self, request: HttpRequest) -> str:
        return f"web:{self.get_client_ip(request)}"
