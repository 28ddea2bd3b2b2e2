"""Accounts, credits and jobs, as operators see and change them."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from lumiku_contracts import Tier
from lumiku_kernel import newcomers
from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.refund import refund
from lumiku_kernel.ledger.post import grant, holdings
from lumiku_kernel.store.audit import By, audit
from lumiku_kernel.web.api.admin import Document, TierWord, Why, operators
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.api.sessions import by_browser
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.idempotency import key_of


class UserChange(Why):
    """What is to be set; the rest stays."""

    tier: TierWord | None = None
    role: Literal["user", "operator"] | None = None
    disabled: bool | None = None


class Back(Why):
    """Credits to give back; without an amount, all that is left of the price."""

    amount: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None


class Refunded(BaseModel):
    """What was given back just now and in all, and what may still be."""

    job_id: str
    amount: int
    refunded: int
    left: int


class Grant(Why):
    """Credits to give; negative takes back."""

    amount: Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]


class Asked(Paging):
    """A page of accounts; with `state=waiting`, of those that wait for a word."""

    state: Literal["waiting"] | None = None


class Invitation(Why):
    """For how many hours a sign-in link is good."""

    hours: Annotated[int, Field(ge=1, le=168)] = 24


class MadeLink(BaseModel):
    """A link that signs somebody in once."""

    url: str
    expires_at: str | None


def list_users(context: Context, query: Asked) -> Listing[Document]:
    """Accounts, newest first."""
    waiting = query.state is not None
    with context.store.read() as session:
        rows = users.everyone(
            session, limit=query.limit, after=query.cursor, waiting=waiting
        )
        found = [{**_account(row), **holdings(session, row["id"])} for row in rows]
    return Listing[Document].model_validate(page(found, query.limit))


def _account(row: Document) -> Document:
    names = ("id", "email", "name", "tier", "role")
    told = {name: row[name] for name in names}
    return {
        **told,
        "state": users.state(row),
        "disabled": row["disabled_at"] is not None,
        "created_at": iso(row["created_at"]),
    }


def set_user(context: Context, ident: str, body: UserChange) -> Document:
    """Change an account's tier, role or access."""
    if ident == context.account_id and (body.role == "user" or body.disabled):
        raise Problem(409, "own-role", "Nobody takes their own rights away.")
    after = users.change(
        context.store,
        ident,
        tier=Tier[body.tier.upper()] if body.tier else None,
        role=body.role,
        disabled=body.disabled,
        actor=context.account_id,
        reason=body.reason,
    )
    context.site.identities.forget()
    return _account(after)


def approve_user(context: Context, ident: str, body: Why) -> Document:
    """Let somebody in who waits for a word, with welcome credits."""
    by, gift = By(context.account_id, body.reason), context.settings.welcome_credits
    return _account(newcomers.approve(context.store, ident, gift, by))


def refuse_user(context: Context, ident: str, body: Why) -> None:
    """Send somebody away who waits for a word; nothing is kept of them."""
    newcomers.refuse(context.store, ident, By(context.account_id, body.reason))


def make_link(context: Context, ident: str, body: Invitation) -> MadeLink:
    """A link that signs somebody in once, for a forgotten password too."""
    by_browser(context)
    by, seconds = By(context.account_id, body.reason), body.hours * 3600.0
    with context.store.write() as session:
        token = newcomers.invite(session, ident, seconds, by)
    until = iso(context.store.now() + seconds)
    return MadeLink(url=f"{context.settings.url}/sign-in/{token}", expires_at=until)


def list_links(context: Context, ident: str) -> Listing[Document]:
    """The links by which somebody can still be signed in, without their secrets."""
    with context.store.read() as session:
        users.get(session, ident)
        return Listing[Document](items=sessions.links(session, ident))


def revoke_links(context: Context, ident: str, body: Why) -> Document:
    """End all links to sign somebody in."""
    by = By(context.account_id, body.reason)
    with context.store.write() as session:
        return {"revoked": newcomers.uninvite(session, ident, by)}


def give_credits(context: Context, ident: str, body: Grant) -> Document:
    """Give credits, or take them back."""
    with context.store.write() as session:
        users.settled(users.get(session, ident))
        before = holdings(session, ident)
        grant(session, ident, body.amount, actor=context.account_id, reason=body.reason)
        held = holdings(session, ident)
        audit(
            session,
            actor=context.account_id,
            action="credits.grant",
            subject=ident,
            before=before,
            after={"amount": body.amount, **held},
            reason=body.reason,
        )
    return held


def refund_job(context: Context, job_id: str, body: Back) -> Refunded:
    """Give back what a job has cost; sent again with its Idempotency-Key, once."""
    by, key = By(context.account_id, body.reason), key_of(context)
    done = refund(context.store, job_id, body.amount, by, once=key)
    return Refunded(**done.document())


ENDPOINTS = (
    operators("GET", "/users", list_users),
    operators("PATCH", "/users/{ident}", set_user),
    operators("POST", "/users/{ident}/approve", approve_user),
    operators("POST", "/users/{ident}/refuse", refuse_user),
    replace(operators("POST", "/users/{ident}/links", make_link), status=201),
    operators("GET", "/users/{ident}/links", list_links),
    operators("DELETE", "/users/{ident}/links", revoke_links),
    operators("POST", "/users/{ident}/credits", give_credits),
    operators("POST", "/jobs/{job_id}/refund", refund_job),
)
