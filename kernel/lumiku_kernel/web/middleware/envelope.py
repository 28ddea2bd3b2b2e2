"""Around every answer: security headers, a bound on the body."""

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.problems import response, unforeseen

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Envelope:
    """Within `Access`, which has numbered the request."""

    def __init__(self, app: ASGIApp, *, max_body: int) -> None:
        """`max_body` in bytes."""
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a body that says it is too large, add headers."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = state["request_id"]
                headers.setdefault("Content-Security-Policy", POLICY)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if state.get("credential"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["type"] == "http" and _length(scope) > self._max_body:
            detail = f"A body has at most {self._max_body} bytes."
            problem = Problem(413, "body-too-large", detail)
            await response(Request(scope), problem)(scope, receive, sending)
            return
        try:
            await self._app(scope, self._bounded(receive), sending)
        except Exception as error:
            if started or scope["type"] == "websocket":
                raise
            answer = await unforeseen(Request(scope), error)
            await answer(scope, receive, sending)

    def _bounded(self, receive: Receive) -> Receive:
        """Count what comes in, for bodies that do not say how long they are."""
        total = 0

        async def receiving() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self._max_body:
                detail = f"A body has at most {self._max_body} bytes."
                raise Problem(413, "body-too-large", detail)
            return message

        return receiving


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
