"""Register, sign in, sign out, who am I."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import HTTPConnection
from starlette.responses import Response

from lumiku_kernel.accounts import passwords, sessions, users
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.post import holdings
from lumiku_kernel.newcomers import Newcomer
from lumiku_kernel.newcomers import register as register_
from lumiku_kernel.settings import Settings
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint
from lumiku_kernel.web.middleware.identity import cookie_name


class Input(BaseModel):
    """What is sent in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


Password = Annotated[str, Field(max_length=passwords.LONGEST)]


class Credentials(Input):
    """An address and a password."""

    email: Annotated[str, Field(max_length=254)]
    password: Password


class Registration(Credentials):
    """A new account."""

    name: Annotated[str, Field(max_length=100)] = ""


class User(BaseModel):
    """An account as its owner sees it."""

    id: str
    email: str
    name: str
    tier: str
    role: str


class Credits(BaseModel):
    """What can be spent, and what is set aside for jobs under way.

    `mode` is there only where nothing costs credits.
    """

    available: int
    reserved: int
    mode: Literal["off"] | None = Field(None, exclude_if=lambda said: said is None)


class Me(BaseModel):
    """Who is signed in, and their credits."""

    user: User
    credits: Credits


class NewPassword(Input):
    """The password of now, and the one that takes its place."""

    current: Password = ""
    password: Password


class Waits(BaseModel):
    """What becomes of a registration that an operator looks at first."""

    state: Literal["waiting"] = "waiting"
    detail: str = (
        "If the address is new here, the operator is asked to let you in. Once they "
        "have, sign in with the password you chose."
    )


def add_account(context: Context, given: Registration) -> tuple[str, str] | None:
    """`(account id, session token)` of a new viewer; None if they wait."""
    asking = Newcomer(given.email, given.password, given.name)
    ident = register_(context.settings, context.store, asking)
    if ident is None:
        return None
    with context.store.write() as session:
        return ident, open_session(context, session, ident)


def check_password(context: Context, given: Credentials) -> tuple[str, str]:
    """`(account id, session token)` for the right password; 401 `login-failed`."""
    account = judged(context, given.email, given.password)
    with context.store.write() as session:
        token = open_session(context, session, account["id"])
    return account["id"], token


def judged(context: Context, email: str, password: str) -> dict[str, Any]:
    """The account whose password this is; 401, or 429 when it was tried too often.

    The same work is done, and the same is said, whether there is an account or not.
    """
    address = users.normal(email)
    attempts = context.site.attempts
    attempt = attempts.begin(address)
    with context.store.read() as session:
        account = users.find(session, address)
    right = passwords.matches(password, account["password"] if account else None)
    if account is not None and right and account["awaiting_at"] is not None:
        attempts.forgive(attempt)  # told to whoever has the password, and nobody else
        detail = "An operator has yet to let you in; nothing more is needed from you."
        raise Problem(403, "approval-pending", detail)
    if account is None or not right or account["disabled_at"] is not None:
        raise Problem(401, "login-failed", "The address or the password is wrong.")
    attempts.forgive(attempt)
    return account


def open_session(context: Context, session: Session, account_id: str) -> str:
    """A new session of the browser that asks."""
    connection = context.connection
    address = connection.client.host if connection.client else ""
    browser = sessions.Browser(connection.headers.get("user-agent", ""), address)
    days = context.settings.session_days
    return sessions.open_session(session, account_id, days=days, browser=browser)


def cookie(settings: Settings, token: str) -> str:
    """The `Set-Cookie` value of a session; an empty token takes the cookie away."""
    secure = settings.cookies_are_secure
    answer = Response()
    answer.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=settings.session_days * 86400 if token else 0,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer.headers["set-cookie"]


def session_token(connection: HTTPConnection, settings: Settings) -> str:
    """The session cookie sent, or an empty string."""
    return connection.cookies.get(cookie_name(secure=settings.cookies_are_secure), "")


def me_of(context: Context, account_id: str) -> Me:
    """The account and its credits; two queries."""
    with context.store.read() as session:
        account: dict[str, Any] = users.get(session, account_id)
        held = holdings(session, account_id)
    return Me(
        user=User(**{name: account[name] for name in User.model_fields}),
        credits=Credits(**held, mode="off" if context.settings.free else None),
    )


def register(context: Context, body: Registration) -> Answer[Me | Waits]:
    """Make an account and sign in; 202 where an operator lets newcomers in."""
    made = add_account(context, body)
    if made is None:
        return Answer(Waits(), 202)
    ident, token = made
    headers = {"Set-Cookie": cookie(context.settings, token)}
    return Answer(me_of(context, ident), 201, headers)


def login(context: Context, body: Credentials) -> Answer[Me]:
    """Sign in; the session that was there before ends."""
    ident, token = check_password(context, body)
    end_session(context)
    headers = {"Set-Cookie": cookie(context.settings, token)}
    return Answer(me_of(context, ident), 200, headers)


def logout(context: Context) -> Answer[None]:
    """Sign out."""
    end_session(context)
    headers = {"Set-Cookie": cookie(context.settings, "")}
    return Answer(None, 200, headers)


def end_session(context: Context) -> None:
    """Close the session that the browser has shown, if any."""
    token = session_token(context.connection, context.settings)
    if token:
        with context.store.write() as session:
            sessions.close_session(session, token)
        context.site.identities.forget()


def me(context: Context) -> Me:
    """Who is signed in."""
    return me_of(context, context.account_id)


ENDPOINTS = (
    Endpoint(
        "POST", "/api/auth/register", register, "public", status=201, tag="account"
    ),
    Endpoint("POST", "/api/auth/login", login, "public", tag="account"),
    Endpoint("POST", "/api/auth/logout", logout, "public", tag="account"),
    Endpoint("GET", "/api/auth/me", me, scope="credits:read", tag="account"),
)
