"""Around every answer: security headers, and no fault without a document."""

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lumiku_contracts import Refused
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
HSTS = {"Strict-Transport-Security": "max-age=31536000"}


class Envelope:
    """Within `Access`, which has numbered the request."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """`https` if viewers reach this site by HTTPS only."""
        self._app = app
        self._headers = {**HEADERS, **(HSTS if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add headers, answer what nobody else has."""
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
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.add_vary_header("Cookie, Authorization")
                if state.get("credential"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if started or scope["type"] == "websocket":
                raise
            asked = Request(scope)
            if isinstance(error, Refused):
                answer = response(asked, error)
            else:
                answer = await unforeseen(asked, error)
            await answer(scope, receive, sending)
