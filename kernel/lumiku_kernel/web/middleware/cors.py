"""Pages of other sites may use the API with keys, where the operator allows them to.

Never with a viewer's cookie: no answer allows credentials.
"""

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "GET, POST, PUT, PATCH, DELETE"
SENT = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, Prefer, Range, Traceparent"
)
SHOWN = (
    "ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit, "
    "RateLimit-Policy, Retry-After, X-Request-Id"
)
SECONDS = "600"


class Cors:
    """Answers what browsers ask before a page of another site may use the API."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        """`origins` such as `https://shop.example`; `*` for all."""
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say yes to those allowed, nothing to others."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = HTTPConnection(scope).headers
        origin = headers.get("origin", "")
        allowed = bool(origin) and not self._origins.isdisjoint({"*", origin})
        asks = "access-control-request-method" in headers

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Origin")
                if allowed:
                    told["Access-Control-Allow-Origin"] = origin
                    told["Access-Control-Expose-Headers"] = SHOWN
            await send(message)

        if scope["method"] == "OPTIONS" and asks and allowed:
            said = {
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": SENT,
                "Access-Control-Max-Age": SECONDS,
            }
            await Response(status_code=204, headers=said)(scope, receive, sending)
            return
        await self._app(scope, receive, sending)
