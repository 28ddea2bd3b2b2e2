"""The first look at a request: its method, its target, its host, where it came from."""

import ipaddress
import re
from collections.abc import Iterable

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.problems import response

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ASKED_BY_ADDRESS = frozenset({"/livez", "/readyz", "/metrics"})
"""Paths that whoever watches the process asks for, by whatever name it knows.

The last wants a key, which no page of another site has.
"""
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?", re.ASCII)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Front:
    """Refuses what is no request for this site, and finds out who has sent it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str],
        by_address: bool,
        proxies: Iterable[str] = (),
    ) -> None:
        """`hosts` are this site's names (`*`: any); IP literals are, if `by_address`.

        What `proxies` (networks) say of where a request came from is believed.
        """
        self._app = app
        self._hosts = hosts
        self._by_address = by_address
        self._proxies = [ipaddress.ip_network(one, strict=False) for one in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        problem = self._fault(scope)
        if problem is None:
            self._forwarded(scope)
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await response(Request(scope), problem)(scope, receive, send)

    def _fault(self, scope: Scope) -> Problem | None:
        if scope.get("method", "GET") not in METHODS:
            allow = {"Allow": ", ".join(sorted(METHODS))}
            detail = "This site does not take that method."
            return Problem(405, "method-not-allowed", detail, headers=allow)
        if not scope["path"].startswith("/"):
            return Problem(400, "request-invalid", "Ask for a path of this site.")
        if scope["path"] in ASKED_BY_ADDRESS:
            return None
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) == 1 and self._knows(named[0].decode("latin-1")):
            return None
        fix = "Operators name further hosts in LUMIKU_HOSTS."
        return Problem(421, "host-unknown", "This site has another name.", fix=fix)

    def _knows(self, host: str) -> bool:
        found = _HOST.fullmatch(host.lower())
        if found is None:
            return False
        name = found["name"].rstrip(".")
        if "*" in self._hosts or name in self._hosts:
            return True
        return self._by_address and _address(name.strip("[]")) is not None

    def _forwarded(self, scope: Scope) -> None:
        """Believe a proxy of ours: the last address it did not get from another one."""
        client = scope.get("client")
        if not self._proxies or client is None or not self._trusts(client[0]):
            return
        headers = HTTPConnection(scope).headers
        chain = ",".join(headers.getlist("x-forwarded-for")).split(",")
        for hop in reversed([one.strip() for one in chain if one.strip()]):
            if _address(hop) is None:
                break
            scope["client"] = (hop, 0)
            if not self._trusts(hop):
                break
        scheme = headers.get("x-forwarded-proto", "")
        if scheme in ("http", "https"):
            secure = scheme == "https"
            plain = scope["type"] == "http"
            scope["scheme"] = scheme if plain else "wss" if secure else "ws"

    def _trusts(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(address in one for one in self._proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found
