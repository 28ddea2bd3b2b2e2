"""What a request may use: who asks, and the process that answers."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request

from lumiku_contracts import Viewer
from lumiku_kernel.accounts.attempts import Attempts
from lumiku_kernel.accounts.identity import NOBODY, Identities, Identity
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.funding import Payer
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.web.hub import Hub
from lumiku_kernel.web.lane import Lanes
from lumiku_kernel.web.seats import Seats


@dataclass(frozen=True, slots=True)
class Site:
    """The process, as its endpoints see it."""

    host: Host
    identities: Identities
    hub: Hub
    lanes: Lanes
    seats: Seats
    attempts: Attempts


@dataclass(frozen=True, slots=True)
class Context:
    """One request."""

    site: Site
    connection: HTTPConnection
    identity: Identity
    request_id: str

    @property
    def request(self) -> Request:
        """The connection, when it is an HTTP request."""
        if not isinstance(self.connection, Request):
            raise TypeError("a WebSocket has no request")
        return self.connection

    @property
    def viewer(self) -> Viewer:
        """Who is asking."""
        return self.identity.viewer

    @property
    def account_id(self) -> str:
        """Of somebody who has signed in."""
        return self.identity.viewer.id or ""

    @property
    def payer(self) -> Payer:
        """Who pays for what is asked: the viewer, perhaps within a key's bounds."""
        terms = self.site.host.tiers.of(self.viewer.tier)
        return Payer(self.identity.key_id, terms, self.settings.free)

    @property
    def store(self) -> Store:
        """The database."""
        return self.site.host.store

    @property
    def settings(self) -> Settings:
        """The kernel's settings."""
        return self.site.host.settings

    @property
    def snapshot(self) -> Snapshot:
        """The newest facts of who sees what."""
        return self.site.host.watch.snapshot

    def seat(self) -> AbstractContextManager[None]:
        """A place for a connection that stays open; 429 if all are taken."""
        client = self.connection.client
        return self.site.seats.seat(self.account_id, client.host if client else "")

    def require(self, auth: str, scope: str) -> None:
        """Raise 401 or 403 unless the caller may come in."""
        if auth == "public":
            return
        if not self.viewer.signed_in:
            raise self._unknown()
        if self.identity.scopes is not None and scope not in self.identity.scopes:
            if scope == "operator":
                raise Problem(403, "operator-only", "This is for operators.")
            detail = f"This key lacks the scope {scope}."
            raise Problem(403, "scope-missing", detail)
        if auth == "operator" and not self.viewer.is_operator:
            raise Problem(403, "operator-only", "This is for operators.")

    def _unknown(self) -> Problem:
        shown = self.connection.scope["state"].get("credential")
        code, detail = {
            "key": ("key-invalid", "This key is unknown, revoked or too old."),
            "session": ("session-expired", "This session has ended; sign in again."),
            None: ("not-signed-in", "Sign in, or send an API key."),
        }[shown]
        return Problem(401, code, detail, headers={"WWW-Authenticate": "Bearer"})


def context_of(connection: HTTPConnection) -> Context:
    """The context that the middleware has prepared."""
    state = connection.scope["state"]
    return Context(
        connection.app.state.site,
        connection,
        state.get("identity", NOBODY),
        state.get("request_id", ""),
    )
