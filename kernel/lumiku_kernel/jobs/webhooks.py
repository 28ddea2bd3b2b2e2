"""Where viewers' programs are told of jobs: made, changed, turned over, removed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import deliveries
from lumiku_kernel.store import new_id, now
from lumiku_kernel.store.tables import accounts, webhooks
from lumiku_kernel.store.tables import deliveries as sent

MOST = 10
"""Webhooks of one account."""
OVERLAP_SECONDS = 86_400.0
"""How long the secret before signs too."""


def create(
    session: Session, account_id: str, url: str, events: Sequence[str], salt: str
) -> str:
    """A new webhook's id; 409 `too-many-webhooks`."""
    mine = select(func.count()).where(webhooks.c.account_id == account_id)
    if session.execute(mine).scalar_one() >= MOST:
        detail = f"An account has at most {MOST} webhooks."
        raise Problem(409, "too-many-webhooks", detail)
    ident = new_id("hook")
    row = {"id": ident, "account_id": account_id, "url": url, "events": list(events)}
    row |= {"secret": salt, "detail": ""}
    session.execute(insert(webhooks).values(**row, created_at=now()))
    return ident


def owned(session: Session, account_id: str, ident: str) -> dict[str, Any]:
    """The account's webhook, or 404."""
    mine = (webhooks.c.id == ident) & (webhooks.c.account_id == account_id)
    row = session.execute(select(webhooks).where(mine)).mappings().first()
    if row is None:
        raise not_found("webhook")
    return dict(row)


def change(
    session: Session,
    ident: str,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what is given; who is enabled again begins without a past."""
    values: dict[str, Any] = {}
    if url is not None:
        values["url"] = url
    if events is not None:
        values["events"] = list(events)
    if enabled:
        fresh = ("disabled_at", "failing_since", "resting_until")
        values |= {**dict.fromkeys(fresh), "detail": ""}
    if values:
        session.execute(update(webhooks).where(webhooks.c.id == ident).values(**values))
    if enabled is False:
        deliveries.disable(session, ident, "Its owner has switched it off.")


def rotate(session: Session, ident: str, salt: str) -> None:
    """Take a new secret; the one before signs too for a day."""
    statement = update(webhooks).where(webhooks.c.id == ident)
    until = now() + OVERLAP_SECONDS
    before = webhooks.c.secret
    session.execute(
        statement.values(secret=salt, previous_secret=before, previous_until=until)
    )


def remove(session: Session, ident: str) -> None:
    """End it, with all its messages."""
    session.execute(delete(sent).where(sent.c.webhook_id == ident))
    session.execute(delete(webhooks).where(webhooks.c.id == ident))


def listed(session: Session, account_id: str) -> list[dict[str, Any]]:
    """The account's webhooks, oldest first."""
    mine = select(webhooks).where(webhooks.c.account_id == account_id)
    rows = session.execute(mine.order_by(webhooks.c.id)).mappings()
    return [document(dict(row)) for row in rows]


def everyone(session: Session) -> list[dict[str, Any]]:
    """Everybody's webhooks, with their owners and how many messages wait or failed."""
    counted = (
        select(sent.c.webhook_id, sent.c.state, func.count().label("count"))
        .where(sent.c.state != deliveries.SENT)
        .group_by(sent.c.webhook_id, sent.c.state)
    )
    counts = {
        (row.webhook_id, row.state): int(row[2]) for row in session.execute(counted)
    }
    everything = select(webhooks, accounts.c.email).join(
        accounts, accounts.c.id == webhooks.c.account_id
    )
    return [
        {
            **document(dict(row)),
            "email": row["email"],
            "due": counts.get((row["id"], deliveries.DUE), 0),
            "failed": counts.get((row["id"], deliveries.FAILED), 0),
        }
        for row in session.execute(everything.order_by(webhooks.c.id)).mappings()
    ]


def document(row: dict[str, Any]) -> dict[str, Any]:
    """A webhook as JSON, without its secrets."""
    times = ("created_at", "disabled_at", "failing_since", "previous_until")
    return {
        "id": row["id"],
        "url": row["url"],
        "events": row["events"],
        "enabled": row["disabled_at"] is None,
        "detail": row["detail"],
        **{name: iso(row[name]) for name in times},
    }
