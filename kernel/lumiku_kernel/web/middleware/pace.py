"""How often somebody may ask: by account and tier, or by address."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lumiku_contracts import Tier
from lumiku_kernel.accounts.identity import NOBODY
from lumiku_kernel.errors import Problem
from lumiku_kernel.web.problems import response
from lumiku_kernel.web.rates import Count, Rates

ENTRIES = frozenset({"/api/auth/login", "/api/auth/register", "/login", "/register"})
FREE = ("/livez", "/readyz", "/static/")
"""What is not counted."""
ENTERING, ANONYMOUS = 20, 300
"""Requests per minute and address: with a password, and of somebody unknown."""
SPENDING = 10
"""One in so many of the requests that a tier allows may start a job."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`most` requests per minute of a class, for somebody."""

    name: str
    who: str
    most: int


class Pace:
    """Refuses what comes too often: 429 `rate-limited`, with `Retry-After`."""

    def __init__(
        self, app: ASGIApp, rates: Rates, per_minute: Callable[[Tier], int | None]
    ) -> None:
        """`per_minute` is what a tier allows; None is without bound."""
        self._app = app
        self._rates = rates
        self._per_minute = per_minute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count it, and let it pass or refuse it."""
        rule = self._rule(scope)
        if rule is None:
            await self._app(scope, receive, send)
            return
        if self._rates.waits:
            take = self._rates.take
            count = await run_in_threadpool(take, rule.name, rule.who, rule.most)
        else:
            count = self._rates.take(rule.name, rule.who, rule.most)
        told = _headers(rule, count)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        if count.allowed:
            await self._app(scope, receive, sending)
        elif scope["type"] == "websocket":
            closing = {"code": 1013, "reason": "rate-limited"}
            await send({"type": "websocket.close", **closing})
        else:
            again = {"Retry-After": str(count.reset)}
            detail = f"At most {count.most} such requests a minute; wait a little."
            problem = Problem(429, "rate-limited", detail, headers=again)
            await response(Request(scope), problem)(scope, receive, sending)

    def _rule(self, scope: Scope) -> Rule | None:
        """What counts this request, if anything does."""
        if scope["type"] == "lifespan" or scope["path"].startswith(FREE):
            return None
        posted = scope.get("method") == "POST"
        viewer = scope["state"].get("identity", NOBODY).viewer
        enters = posted and scope["path"] in ENTRIES
        if viewer.id is None or enters:
            name, who = ("auth" if enters else "anonymous"), _address(scope)
            most: int | None = ENTERING if enters else ANONYMOUS
        else:
            spends = posted and _spends(scope["path"])
            name, who = "spend" if spends else "read", viewer.id
            most = self._per_minute(viewer.tier)
            most = max(1, most // SPENDING) if most and spends else most
        return None if who is None or most is None else Rule(name, who, most)


def _spends(path: str) -> bool:
    """Whether a POST there starts a job."""
    parts = path.strip("/").split("/")
    started = len(parts) == 4 and parts[:2] == ["api", "apps"]  # noqa: PLR2004
    return started or (parts[:2] == ["api", "jobs"] and parts[-1] == "retry")


def _address(scope: Scope) -> str | None:
    """Where it came from; None for this machine: a proxy here speaks for many.

    Of IPv6 the network, which is one customer's.
    """
    client = scope.get("client")
    try:
        found = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return None
    if found.is_loopback:
        return None
    if found.version == 6:  # noqa: PLR2004 (IP)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _headers(rule: Rule, count: Count) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{rule.name}";q={count.most};w=60',
        "RateLimit": f'"{rule.name}";r={count.left};t={count.reset}',
    }
