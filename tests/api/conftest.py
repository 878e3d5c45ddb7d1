"""Asking the API as a program does, with a token of a named person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Ask = Callable[..., Any]


@pytest.fixture
def ask(world: Any) -> Ask:
    """`ask("GET", "/customers", by="clerk")`; `by=""` asks without any token."""
    from kedang.people.payloads import CreateToken  # noqa: PLC0415 - models exist only after django.setup()
    from kedang.people.tokens import new_token  # noqa: PLC0415

    tokens: dict[tuple[str, tuple[str, ...]], str] = {}

    def token_of(user: str, ops: tuple[str, ...]) -> str:
        if (user, ops) not in tokens:
            token, digest = new_token()
            payload = CreateToken(label=f"t{len(tokens)}", digest=digest, ops=ops)
            world.do("people.token", f"staff:{user}", payload, by=user)
            tokens[user, ops] = token
        return tokens[user, ops]

    def headers_of(user: str, ops: tuple[str, ...] = ()) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_of(user, ops)}"}

    def request(
        method: str, path: str, body: Any = None, *, by: str = "clerk", ops: tuple[str, ...] = (), key: str = "",
        client: Client | None = None, **query: Any,
    ) -> Any:  # fmt: skip
        headers = headers_of(by, ops) if by else {}
        headers |= {"Idempotency-Key": key} if key else {}
        sent: dict[str, Any] = (
            {"data": body or {}, "content_type": "application/json"} if method != "GET" else {"data": query}
        )
        return getattr(client or Client(SERVER_NAME="localhost"), method.lower())(
            f"/api/v1{path}", headers=headers, **sent
        )

    request.headers = headers_of  # type: ignore[attr-defined]
    return request
