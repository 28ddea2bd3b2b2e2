"""Accounts, credits and jobs, as operators see and change them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from lumiku_contracts import Tier
from lumiku_kernel.accounts import users
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.refund import refund
from lumiku_kernel.ledger.post import grant, holdings
from lumiku_kernel.store.audit import By, audit
from lumiku_kernel.web.api.admin import Document, TierWord, Why, operators
from lumiku_kernel.web.api.lists import Listing, Paging, page
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


def list_users(context: Context, query: Paging) -> Listing[Document]:
    """Accounts, newest first."""
    with context.store.read() as session:
        rows = users.everyone(session, limit=query.limit, after=query.cursor)
        found = [{**_account(row), **holdings(session, row["id"])} for row in rows]
    return Listing[Document].model_validate(page(found, query.limit))


def _account(row: Document) -> Document:
    names = ("id", "email", "name", "tier", "role")
    told = {name: row[name] for name in names}
    return {
        **told,
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


def give_credits(context: Context, ident: str, body: Grant) -> Document:
    """Give credits, or take them back."""
    with context.store.write() as session:
        users.get(session, ident)
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
    operators("POST", "/users/{ident}/credits", give_credits),
    operators("POST", "/jobs/{job_id}/refund", refund_job),
)
