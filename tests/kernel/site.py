"""A server's application with three strangers' apps, without a process."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lumiku_kernel.accounts.keys import SCOPES, create_key
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.store.tables import accounts

PASSWORD = "correct horse"  # noqa: S105 (nobody's)
MAKE = "/api/apps/acme-paint/make"
MEMBERS = {"type", "title", "status", "code", "detail", "request_id"}
ACME = """
    class Query(BaseModel, extra="forbid"):
        colour: str = "red"

    class Forgetful(BaseModel):
        words: list[str] = []

        def model_post_init(self, context) -> None:
            if "words" in self.model_fields_set and not self.words:
                raise ValueError("name at least one of the words")

    def listed(call, query: Query) -> list[str]:
        '''The colours there are.'''
        return [query.colour]

    def told(call, body: Wanted) -> Wanted:
        return body

    def radio(call) -> dict[str, str]:
        return {"heard": "by everybody"}

    def staff(call) -> dict[str, str]:
        return {"heard": "by operators"}

    def boom(call) -> None:
        raise RuntimeError("secret of the plugin")

    def refused(call) -> None:
        raise Refused("too-blue", "It is too blue.", status=409, fix="Paint it.")

    def picture(call) -> File:
        return File(b"bytes", "image/png", "a b.png")

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared(
            "acme-paint",
            models=(Model("plain", price=3), Model("fine", price=9, tier="pro")),
            workers=(
                Worker("make", accepts=Wanted, run=f"{__name__}:run"),
                Worker("forget", accepts=Forgetful, run=f"{__name__}:run"),
            ),
            routes=(
                Route("GET", "/colours", listed),
                Route("POST", "/colours", told),
                Route("GET", "/radio", radio, auth="public"),
                Route("GET", "/staff", staff, auth="operator"),
                Route("GET", "/boom", boom),
                Route("GET", "/refused", refused),
                Route("GET", "/picture", picture),
            ),
        )
"""
DEAR = """
    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared("acme-dear", models=(Model("gold", price=50, tier="pro"),))
"""
MUTE = """
    def listed(call) -> list[str]:
        return []

    @hookimpl
    def lumiku_plugin() -> Plugin:
        routes = (Route("GET", "/list", listed),)
        return declared("acme-mute", models=(), routes=routes)
"""


@dataclass
class Site:
    """A server's application with three strangers' apps, and who may call it."""

    app: Starlette
    host: Host
    _numbers: Iterator[int] = field(default_factory=count)

    def client(self, **headers: str) -> TestClient:
        """Somebody unknown."""
        return TestClient(self.app, raise_server_exceptions=False, headers=headers)

    def browser(self, role: str = "user", tier: str = "free") -> TestClient:
        """Somebody who has just registered; `.account` and `.email` say who."""
        client = self.client()
        email = f"viewer{next(self._numbers)}@example.com"
        who = {"email": email, "password": PASSWORD}
        answer = client.post("/api/auth/register", json=who)
        assert answer.status_code == 201, answer.text
        ident = answer.json()["user"]["id"]
        if (role, tier) != ("user", "free"):
            change = update(accounts).where(accounts.c.id == ident)
            with self.host.store.write() as session:
                session.execute(change.values(role=role, tier=tier))
            self.app.state.site.identities.forget()
        return client

    def program(
        self, browser: TestClient, scopes: tuple[str, ...] = SCOPES
    ) -> TestClient:
        """A program with a key of the browser's account."""
        account = browser.get("/api/auth/me").json()["user"]["id"]
        with self.host.store.write() as session:
            _, secret = create_key(session, account, "test", scopes=scopes)
        return self.client(Authorization=f"Bearer {secret}")

    def refresh(self) -> None:
        """Look at the database, as a running process does by itself."""
        self.host.watch.refresh()


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The document, after checking what every one of them must satisfy."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    assert document.keys() >= MEMBERS
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text
    return document


def without_id(document: dict[str, object]) -> dict[str, object]:
    """What two refusals of the same thing have in common."""
    return {name: said for name, said in document.items() if name != "request_id"}
