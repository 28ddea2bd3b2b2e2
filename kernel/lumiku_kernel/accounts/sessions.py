"""Signed-in browsers, and links that sign in once."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlmodel import Session

from lumiku_kernel.accounts.tokens import fingerprint, new_token
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import not_found
from lumiku_kernel.store import changed, new_id, now
from lumiku_kernel.store.tables import accounts, sessions, sign_ins

LINK_SECONDS = 24 * 3600.0
IDLE_DAYS = 14
"""A browser that was not seen for so long has to sign in again."""
AGENT = 200
"""Characters kept of what a browser calls itself."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser calls itself, and the address it came from."""

    agent: str = ""
    address: str = ""


def open_session(
    session: Session, account_id: str, *, days: int, browser: Browser | None = None
) -> str:
    """A new session's token, to be set as a cookie."""
    token, seen = new_token(), browser or Browser()
    session.execute(
        insert(sessions).values(
            token_hash=fingerprint(token),
            id=new_id("ses"),
            account_id=account_id,
            agent=re.sub(r"[^\x20-\x7e]", "?", seen.agent)[:AGENT],
            address=seen.address,
            seen_at=now(),
            created_at=now(),
            expires_at=now() + days * 86400.0,
        )
    )
    return token


def is_open() -> ColumnElement[bool]:
    """The condition that a session has not ended by itself."""
    return and_(
        sessions.c.expires_at > now(), sessions.c.seen_at > now() - IDLE_DAYS * 86400.0
    )


def list_sessions(
    session: Session, account_id: str, token: str
) -> list[dict[str, Any]]:
    """The account's open sessions, the last seen first; `current` is the token's."""
    statement = (
        select(sessions)
        .where(
            sessions.c.account_id == account_id,
            is_open(),
        )
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
        .limit(100)
    )
    return [
        {
            "id": row["id"],
            "agent": row["agent"],
            "address": row["address"],
            "current": row["token_hash"] == fingerprint(token),
            "seen_at": iso(row["seen_at"]),
            "created_at": iso(row["created_at"]),
            "expires_at": iso(row["expires_at"]),
        }
        for row in session.execute(statement).mappings()
    ]


def end(session: Session, account_id: str, ident: str) -> None:
    """End a session of this account, or 404."""
    mine = (sessions.c.id == ident) & (sessions.c.account_id == account_id)
    if changed(session, delete(sessions).where(mine)) != 1:
        raise not_found("session")


def end_all(session: Session, account_id: str) -> None:
    """End all sessions of an account."""
    session.execute(delete(sessions).where(sessions.c.account_id == account_id))


def close_session(session: Session, token: str) -> None:
    """End a session; an unknown token is no fault."""
    session.execute(delete(sessions).where(sessions.c.token_hash == fingerprint(token)))


def sign_in_token(
    session: Session,
    account_id: str,
    *,
    seconds: float = LINK_SECONDS,
    made_by: str = "kernel",
) -> str:
    """A token that signs `account_id` in once, within so many seconds."""
    token = new_token()
    session.execute(
        insert(sign_ins).values(
            token_hash=fingerprint(token),
            account_id=account_id,
            made_by=made_by,
            created_at=now(),
            expires_at=now() + seconds,
        )
    )
    return token


def links(session: Session, account_id: str) -> list[dict[str, Any]]:
    """The links by which an account can still be signed in, without their tokens."""
    good = (sign_ins.c.account_id == account_id) & (sign_ins.c.expires_at > now())
    asked = select(sign_ins).where(good).order_by(sign_ins.c.created_at)
    return [
        {
            "made_by": row["made_by"],
            "created_at": iso(row["created_at"]),
            "expires_at": iso(row["expires_at"]),
        }
        for row in session.execute(asked).mappings()
    ]


def revoke_links(session: Session, account_id: str) -> int:
    """End all links to sign an account in; how many there were."""
    mine = sign_ins.c.account_id == account_id
    return changed(session, delete(sign_ins).where(mine))


def invited(session: Session, token: str) -> dict[str, Any] | None:
    """The account that a token would sign in; it stays good."""
    good = (sign_ins.c.token_hash == fingerprint(token)) & (
        sign_ins.c.expires_at > now()
    )
    asked = select(accounts).join(sign_ins, sign_ins.c.account_id == accounts.c.id)
    may = accounts.c.disabled_at.is_(None)
    row = session.execute(asked.where(good, may)).mappings().first()
    return None if row is None else dict(row)


def use_sign_in(session: Session, token: str) -> str | None:
    """The account a token signs in, and use it up; None if it is used or too old."""
    account = invited(session, token)
    mine = sign_ins.c.token_hash == fingerprint(token)
    used = changed(session, delete(sign_ins).where(mine))
    return account["id"] if account is not None and used == 1 else None
