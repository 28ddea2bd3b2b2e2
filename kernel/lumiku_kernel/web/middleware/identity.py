"""Finds out who is asking, from an API key or a session cookie."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from lumiku_kernel.accounts.identity import NOBODY, Identities

COOKIE = "lumiku_session"


def cookie_name(*, secure: bool) -> str:
    """With HTTPS, a name that browsers take only from this very host."""
    return f"__Host-{COOKIE}" if secure else COOKIE


class IdentityMiddleware:
    """Puts `identity` and `credential` (`key`, `session` or None) into the state."""

    def __init__(self, app: ASGIApp, identities: Identities, cookie: str) -> None:
        """`cookie` is the session cookie's name."""
        self._app = app
        self._identities = identities
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the caller up; a query only if they were not here just now."""
        if scope["type"] in ("http", "websocket"):
            credential, token = self._shown(HTTPConnection(scope))
            identity = NOBODY
            if token is not None:
                known = self._identities.remembered(token)
                if known is None:
                    known = await run_in_threadpool(self._identities.look_up, token)
                identity = known
            scope["state"]["identity"] = identity
            scope["state"]["credential"] = credential
            scope["state"]["token"] = token or ""
        await self._app(scope, receive, send)

    def _shown(self, connection: HTTPConnection) -> tuple[str | None, str | None]:
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            return "key", token.strip()
        token = connection.cookies.get(self._cookie, "")
        return ("session", token) if token else (None, None)
