"""Refuses what another site makes a viewer's browser send."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.problems import response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginMiddleware:
    """Checks unsafe methods and WebSocket handshakes that carry no API key."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        """`public_url` is trusted beside the request's own host."""
        self._app = app
        self._public = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass, or answer 403 `cross-origin`."""
        checked = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in SAFE
        )
        if not checked or scope["state"].get("credential") == "key":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if self._own(connection):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send(
                {"type": "websocket.close", "code": 1008, "reason": "cross-origin"}
            )
        else:
            problem = Problem(403, "cross-origin", "Another site has sent this.")
            await response(Request(scope), problem)(scope, receive, send)

    def _own(self, connection: HTTPConnection) -> bool:
        origin = connection.headers.get("origin")
        if origin is not None:
            return urlsplit(origin).netloc in (
                connection.headers.get("host"),
                self._public,
            )
        return connection.headers.get("sec-fetch-site", "none") in (
            "same-origin",
            "none",
        )
