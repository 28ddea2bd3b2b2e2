"""A line for every request, and its time; its id on every line written meanwhile."""

import logging
import time
from collections.abc import MutableMapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from lumiku_kernel import traces
from lumiku_kernel.store import new_id
from lumiku_kernel.web.measures import OPEN, REQUESTS
from lumiku_kernel.web.middleware.front import METHODS

QUIET = ("/livez", "/readyz", "/metrics", "/static/{path:path}", "/static")
"""What is asked all the time, by machines."""
UNTRACED = ("/livez", "/readyz", "/metrics", "/static/")
log = logging.getLogger("lumiku_kernel.access")


class Access:
    """The outermost middleware of ours: it sees refusals too."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Number the request, let it pass, and say what became of it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = new_id("req")
        status, began = 0, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "websocket.close":
                status = message.get("code", 1000)
            await send(message)

        with bound_contextvars(request_id=state["request_id"]), _span(scope):
            OPEN.inc()
            try:
                await self._app(scope, receive, sending)
            finally:
                OPEN.dec()
                _tell(scope, status, time.perf_counter() - began)


def _span(scope: Scope) -> AbstractContextManager[None]:
    """Of what we do for a request, as part of what its sender does."""
    if scope["path"].startswith(UNTRACED):
        return nullcontext()
    given = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")
    return traces.span("request", "server", given or None)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unknown")
    method = scope.get("method", "WS")
    method = method if method in METHODS or method == "WS" else "OTHER"
    REQUESTS.labels(method, route, str(status)).observe(seconds)
    traces.note(f"{method} {route}", method=method, route=route, status=status)
    level = logging.DEBUG if route in QUIET and status < 400 else logging.INFO  # noqa: PLR2004 (HTTP)
    if not log.isEnabledFor(level):
        return
    identity = scope["state"].get("identity")
    said: dict[str, Any] = {"method": method, "route": route, "status": status}
    said |= {"ms": round(seconds * 1000, 1)}
    if scope.get("client"):
        said["client"] = scope["client"][0]
    if identity is not None and identity.viewer.id:
        said["account"] = identity.viewer.id
    log.log(level, "%s %s %s", method, route, status, extra=said)
