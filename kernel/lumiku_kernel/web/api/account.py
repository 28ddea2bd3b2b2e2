"""A viewer's keys."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session

from lumiku_kernel.accounts import keys
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.budget import spent_today
from lumiku_kernel.web.api.auth import Input
from lumiku_kernel.web.api.lists import Listing
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

ModelKey = Annotated[str, Field(min_length=1, max_length=200)]
Scope = Literal["jobs:read", "jobs:write", "credits:read", "account:write"]


class NewKey(Input):
    """A key to be made."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: tuple[Scope, ...] = (
        "jobs:read",
        "jobs:write",
        "credits:read",
        "account:write",
    )
    expires_at: datetime | None = None
    budget_per_day: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    """Credits from midnight to midnight in UTC."""
    models: Annotated[tuple[ModelKey, ...], Field(max_length=100)] | None = None


class Key(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    budget_per_day: int | None
    spent_today: int
    models: list[str] | None
    expires_at: str | None
    used_at: str | None
    created_at: str


class Rotation(Input):
    """How long, in seconds, the old key goes on beside the new one."""

    overlap_seconds: Annotated[int, Field(ge=0, le=7 * 86400)] = 86400


class MadeKey(BaseModel):
    """A key with its secret, which is shown this once."""

    id: str
    name: str
    key: str


def list_keys(context: Context) -> Listing[Key]:
    """The viewer's keys."""
    with context.store.read() as session:
        found = keys.list_keys(session, context.account_id)
        spent = spent_today(session, [one["id"] for one in found])
    items = [Key(**one, spent_today=spent[one["id"]]) for one in found]
    return Listing[Key](items=items)


def create_key(context: Context, body: NewKey) -> MadeKey:
    """Make a key that may do no more than its maker; its secret is not kept."""
    for scope in body.scopes:
        context.require("user", scope)
    ends = body.expires_at.timestamp() if body.expires_at else None
    with context.store.write() as session:
        _unbounded(context, session)
        ident, secret = keys.create_key(
            session,
            context.account_id,
            body.name,
            scopes=body.scopes,
            expires_at=ends,
            budget_per_day=body.budget_per_day,
            models=body.models,
        )
    return MadeKey(id=ident, name=body.name, key=secret)


def _unbounded(context: Context, session: Session) -> None:
    """Raise 403 for a key that could step over its own bounds with another key."""
    asking = context.identity.key_id
    if asking is not None and keys.is_bounded(session, asking):
        detail = "A key with a budget or a list of models makes no other keys."
        raise Problem(403, "key-bounded", detail)


def rotate_key(context: Context, ident: str, body: Rotation) -> MadeKey:
    """Make a key that may do the same; the old one ends after the overlap."""
    with context.store.write() as session:
        _unbounded(context, session)
        old = keys.find(session, context.account_id, ident)
        for scope in old["scopes"]:
            context.require("operator" if scope == keys.OPERATOR else "user", scope)
        overlap = float(body.overlap_seconds)
        made, secret = keys.rotate_key(session, old, overlap=overlap)
    context.site.identities.forget()
    return MadeKey(id=made, name=old["name"], key=secret)


def revoke_key(context: Context, ident: str) -> None:
    """End a key."""
    with context.store.write() as session:
        keys.revoke_key(session, context.account_id, ident)
    context.site.identities.forget()


ENDPOINTS = (
    Endpoint("GET", "/api/keys", list_keys, tag="account"),
    Endpoint("POST", "/api/keys", create_key, status=201, tag="account"),
    Endpoint("POST", "/api/keys/{ident}/rotate", rotate_key, status=201, tag="account"),
    Endpoint("DELETE", "/api/keys/{ident}", revoke_key, tag="account"),
)
