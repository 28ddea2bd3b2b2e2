"""Who asks too often is told when to come back; nobody else notices."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.kernel.site import problem

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.accounts.identity import NOBODY, Identity
from lumiku_kernel.web import rates
from lumiku_kernel.web.middleware import pace
from lumiku_kernel.web.middleware.access import Access
from lumiku_kernel.web.middleware.envelope import Envelope
from lumiku_kernel.web.middleware.pace import Pace
from lumiku_kernel.web.problems import HANDLERS
from lumiku_kernel.web.rates import Rates

MOST = {Tier.FREE: 30, Tier.PRO: 60, Tier.ENTERPRISE: None}
MAKE = "/api/apps/acme/make"


class Named:
    """Says who asks: in these tests, whom the header `X-Viewer` names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass."""
        if scope["type"] == "http":
            who, _, tier = Request(scope).headers.get("x-viewer", "").partition(" ")
            viewer = Viewer(who, Tier[tier]) if who else None
            scope["state"]["identity"] = Identity(viewer) if viewer else NOBODY
        await self._app(scope, receive, send)


async def _fine(_request: Request) -> Response:
    return Response("fine")


def client(counted: Rates, address: str = "203.0.113.9", **headers: str) -> TestClient:
    middleware: list[Any] = [
        Middleware(Access),
        Middleware(Envelope, https=False),
        Middleware(Named),
        Middleware(Pace, rates=counted, per_minute=MOST.get),
    ]
    route = Route("/{path:path}", _fine, methods=["GET", "POST"])
    app = Starlette(routes=[route], middleware=middleware, exception_handlers=HANDLERS)
    return TestClient(app, client=(address, 1), headers=headers)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rates]:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    return Rates()  # type: ignore[return-value]


def allowed(peer: TestClient, path: str, method: str = "GET", most: int = 1000) -> int:
    """How often it is answered, before it is refused."""
    for count in range(most):
        answer = peer.request(method, path)
        if answer.status_code == 429:
            problem(answer, 429, "rate-limited")
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            return count
    return most


@pytest.mark.parametrize(
    ("viewer", "path", "method", "count"),
    [
        ("usr_1 FREE", "/api/apps", "GET", 30),
        ("usr_1 PRO", "/api/apps", "GET", 60),
        ("usr_1 ENTERPRISE", "/api/apps", "GET", 100),
        ("usr_1 FREE", MAKE, "POST", 3),
        ("usr_1 FREE", "/api/jobs/job_1/retry", "POST", 3),
        ("usr_1 FREE", f"{MAKE}/quote", "POST", 30),
        ("usr_1 ENTERPRISE", "/api/auth/login", "POST", pace.ENTERING),
        ("", "/api/auth/login", "POST", pace.ENTERING),
        ("", "/register", "POST", pace.ENTERING),
        ("", "/api/apps", "GET", 100),
        ("usr_1 FREE", "/livez", "GET", 100),
    ],
)
def test_each_class_of_requests_has_a_bound(
    counted: Rates, viewer: str, path: str, method: str, count: int
) -> None:
    peer = client(counted, **{"X-Viewer": viewer})

    assert allowed(peer, path, method, 100) == count


def test_what_one_has_used_up_another_still_has(counted: Rates) -> None:
    greedy = client(counted, **{"X-Viewer": "usr_1 FREE"})
    assert allowed(greedy, "/api/apps") == 30

    for other in ("usr_2 FREE", ""):
        peer = client(counted, **{"X-Viewer": other})
        assert peer.get("/api/apps").status_code == 200
    assert greedy.post(MAKE).status_code == 200


def test_an_address_of_ipv6_counts_as_its_network(counted: Rates) -> None:
    first = client(counted, "2001:db8::1")
    assert allowed(first, "/login", "POST") == pace.ENTERING

    assert client(counted, "2001:db8::2").post("/login").status_code == 429
    assert client(counted, "2001:db8:0:1::1").post("/login").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "unix"])
def test_this_machine_is_not_counted_as_an_address(
    counted: Rates, address: str
) -> None:
    assert allowed(client(counted, address), "/login", "POST", 100) == 100


def test_an_answer_says_what_is_left(counted: Rates) -> None:
    answer = client(counted, **{"X-Viewer": "usr_1 FREE"}).get("/api/apps")

    assert answer.headers["ratelimit-policy"] == '"read";q=30;w=60'
    assert answer.headers["ratelimit"].startswith('"read";r=29;t=')


def test_a_minute_later_it_begins_again(
    counted: Rates, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = client(counted, **{"X-Viewer": "usr_1 FREE"})
    assert allowed(peer, MAKE, "POST") == 3

    monkeypatch.setattr("time.time", lambda: 1_000_000_061.0)

    assert allowed(peer, MAKE, "POST") == 3


def test_memory_forgets_those_who_have_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counters = rates.Counters()
    for moment in range(10):
        monkeypatch.setattr("time.time", lambda at=moment: 1e9 + at * 100)
        for who in range(100):
            counters.incr(f"{moment}-{who}", 60)

    assert len(counters._known) <= 200


def test_where_redis_is_lost_each_server_counts_alone_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counted = Rates("redis://127.0.0.1:1/0")
    peer = client(counted, **{"X-Viewer": "usr_1 FREE"})

    with caplog.at_level(logging.WARNING):
        assert allowed(peer, MAKE, "POST") == 3

    assert [
        one for one in caplog.records if "Redis is lost" in one.message
    ].__len__() == 1
