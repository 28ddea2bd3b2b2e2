"""A line for every request, and its time; its id on every line written meanwhile."""

import logging
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from lumiku_kernel.store import new_id
from lumiku_kernel.web.measures import OPEN, REQUESTS
from lumiku_kernel.web.middleware.front import METHODS

QUIET = ("/livez", "/readyz", "/metrics", "/static/{path:path}", "/static")
"""What is asked all the time, by machines."""
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

        with bound_contextvars(request_id=state["request_id"]):
            OPEN.inc()
            try:
                await self._app(scope, receive, sending)
            finally:
                OPEN.dec()
                _tell(scope, status, time.perf_counter() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unknown")
    method = scope.get("method", "WS")
    method = method if method in METHODS or method == "WS" else "OTHER"
    REQUESTS.labels(method, route, str(status)).observe(seconds)
    level = logging.DEBUG if route in QUIET and status < 400 else logging.INFO  # noqa: PLR2004 (HTTP)
    if not log.isEnabledFor(level):
        return
    identity = scope["state"].get("identity")
    said = {"method": method, "route": route, "status": status}
    said |= {"ms": round(seconds * 1000, 1)}
    if identity is not None and identity.viewer.id:
        said["account"] = identity.viewer.id
    log.log(level, "%s %s %s", method, route, status, extra=said)
