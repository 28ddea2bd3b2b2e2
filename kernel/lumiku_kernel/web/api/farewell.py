"""Take all that is kept of an account, and have it forgotten."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.responses import Response, StreamingResponse

from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.tokens import fingerprint
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.export import export
from lumiku_kernel.jobs.leave import leave
from lumiku_kernel.store import now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import sessions
from lumiku_kernel.web.api.admin import Why, operators
from lumiku_kernel.web.api.auth import Input, cookie, judged, session_token
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint

FRESH_SECONDS = 600.0
"""Who has signed in so lately needs no password to leave."""


class Confirmation(Input):
    """The account's password; not needed within ten minutes of signing in."""

    password: Annotated[str, Field(max_length=1024)] = ""


class Gone(BaseModel):
    """`done` is false while jobs end, or a plugin must be asked again."""

    id: str
    done: bool


def take_out(context: Context) -> Response:
    """A ZIP of profile, jobs, events, ledger, files and plugins' rows."""
    return _zip(context, context.account_id)


def _zip(context: Context, ident: str) -> Response:
    host = context.site.host
    with host.store.read() as session:
        users.get(session, ident)
    made = export(host.store, host.shelf, host.registry, ident)
    headers = {"Content-Disposition": f'attachment; filename="{ident}.zip"'}
    return StreamingResponse(made, 200, headers, "application/zip")


def leave_for_good(context: Context, body: Confirmation) -> Answer[Gone]:
    """Delete the account: nobody comes in, jobs end, what it kept is forgotten."""
    _confirmed(context, body.password)
    done = _leave(context, context.account_id, By(context.account_id, "their own wish"))
    return Answer(done, 202, {"Set-Cookie": cookie(context.settings, "")})


def _leave(context: Context, ident: str, by: By) -> Gone:
    host = context.site.host
    done = leave(host.store, host.shelf, host.registry, ident, by)
    context.site.identities.forget()
    return Gone(id=ident, done=done)


def _confirmed(context: Context, password: str) -> None:
    with context.store.read() as session:
        account = users.get(session, context.account_id)
    if password:
        try:
            judged(context, account["email"], password)
        except Problem as problem:
            if problem.status != 401:  # noqa: PLR2004 (HTTP)
                raise
            wrong = "This is not the password."
            raise Problem(403, "password-wrong", wrong) from problem
        return
    token = session_token(context.connection, context.settings)
    mine = sessions.c.token_hash == fingerprint(token)
    fresh = sessions.c.created_at > now() - FRESH_SECONDS
    with context.store.read() as session:
        found = session.execute(select(sessions.c.id).where(mine, fresh)).first()
    if found is None:
        detail = "Send the password, or sign in again and repeat this soon."
        raise Problem(403, "confirmation-needed", detail)


def take_out_user(context: Context, ident: str) -> Response:
    """The same ZIP of anybody's account."""
    with context.store.write() as session:
        by = By(context.account_id, "an export")
        by.write(session, "user.export", ident, before=None, after=None)
    return _zip(context, ident)


def delete_user(context: Context, ident: str, body: Why) -> Answer[Gone]:
    """Delete an account."""
    by = By(context.account_id, body.reason)
    return Answer(_leave(context, ident, by), 202)


ENDPOINTS = (
    Endpoint("GET", "/api/account/export", take_out, tag="account"),
    Endpoint("DELETE", "/api/account", leave_for_good, status=202, tag="account"),
    operators("GET", "/users/{ident}/export", take_out_user),
    operators("DELETE", "/users/{ident}", delete_user),
)
