"""Somebody at the door, and who lets them in."""

from itertools import count
from typing import Any

from starlette.testclient import TestClient
from tests.kernel.site import Site

from lumiku_kernel import newcomers
from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.sessions import sign_in_token

COOKIE = "lumiku_session"
BETTER = "four words of mine"
WHY = {"reason": "known to us"}
ALL = "0.0.0.0"  # noqa: S104 (what is tried here)
numbers = count()


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
