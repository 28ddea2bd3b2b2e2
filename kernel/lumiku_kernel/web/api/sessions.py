"""A viewer's signed-in browsers, and their password."""

from pydantic import BaseModel

from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.errors import Problem
from lumiku_kernel.web.api.auth import (
    Me,
    NewPassword,
    cookie,
    judged,
    me_of,
    open_session,
    session_token,
)
from lumiku_kernel.web.api.lists import Listing
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint


class Device(BaseModel):
    """A signed-in browser; `agent` is what it calls itself."""

    id: str
    agent: str
    address: str
    current: bool
    seen_at: str
    created_at: str
    expires_at: str


def by_browser(context: Context) -> None:
    """Raise 403 for programs: whoever found a key must not take the account."""
    if context.identity.by_key:
        detail = "This is for the account's owner at a browser, not for keys."
        raise Problem(403, "browser-only", detail)


def list_sessions(context: Context) -> Listing[Device]:
    """The browsers that are signed in, the last seen first."""
    by_browser(context)
    token = session_token(context.connection, context.settings)
    with context.store.read() as session:
        found = sessions.list_sessions(session, context.account_id, token)
    return Listing[Device](items=[Device(**one) for one in found])


def end_session(context: Context, ident: str) -> None:
    """Sign a browser out."""
    by_browser(context)
    with context.store.write() as session:
        sessions.end(session, context.account_id, ident)
    context.site.identities.forget()


def end_all(context: Context) -> Answer[None]:
    """Sign out everywhere, here too."""
    by_browser(context)
    with context.store.write() as session:
        sessions.end_all(session, context.account_id)
    context.site.identities.forget()
    return Answer(None, 200, {"Set-Cookie": cookie(context.settings, "")})


def set_password(context: Context, body: NewPassword) -> Answer[Me]:
    """Choose a new password; all other browsers are signed out.

    `current` may be left out by an account that has none yet.
    """
    by_browser(context)
    with context.store.read() as session:
        account = users.get(session, context.account_id)
    if account["password"] is not None:
        judged(context, account["email"], body.current)
    users.change(
        context.store,
        account["id"],
        password=body.password,
        actor=account["id"],
        reason="their own",
    )
    with context.store.write() as session:
        token = open_session(context, session, account["id"])
    context.site.identities.forget()
    headers = {"Set-Cookie": cookie(context.settings, token)}
    return Answer(me_of(context, account["id"]), 200, headers)


ENDPOINTS = (
    Endpoint("GET", "/api/sessions", list_sessions, tag="account"),
    Endpoint("DELETE", "/api/sessions", end_all, tag="account"),
    Endpoint("DELETE", "/api/sessions/{ident}", end_session, tag="account"),
    Endpoint("POST", "/api/auth/password", set_password, tag="account"),
)
