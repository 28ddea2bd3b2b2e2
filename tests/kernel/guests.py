"""Somebody at the door, and who lets them in."""

from collections.abc import Callable
from itertools import count
from typing import Any, Literal

from starlette.testclient import TestClient
from tests.kernel.site import PASSWORD, Site

from lumiku_kernel import newcomers
from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.sessions import sign_in_token

COOKIE = "lumiku_session"
BETTER = "four words of mine"
WHY = {"reason": "known to us"}
ALL = "0.0.0.0"  # noqa: S104 (what is tried here)
numbers = count()
Door = Callable[[Literal["open", "closed", "approval"]], None]
"""Sets who may register."""


def operator_of(site: Site) -> TestClient:
    """An operator, also where nobody may register."""
    client, email = site.client(), f"operator{next(numbers)}@example.com"
    with site.host.store.write() as session:
        ident = users.create(session, email, role="operator")
        newcomers.begin(session, ident, email, 0, actor="tests")
        path = f"/sign-in/{sign_in_token(session, ident)}"
    client.post(path)
    return client


def sign_in(site: Site, given: dict[str, str]) -> Any:
    return site.client().post("/api/auth/login", json=given)


def me(client: TestClient) -> dict[str, str]:
    said: dict[str, str] = client.get("/api/auth/me").json()["user"]
    return said


def who() -> dict[str, str]:
    """Who comes for the first time: address and password."""
    return {"email": f"new{next(numbers)}@example.com", "password": PASSWORD}


def ask(site: Site, given: dict[str, str]) -> Any:
    """Ask for an account."""
    return site.client().post("/api/auth/register", json=given)
