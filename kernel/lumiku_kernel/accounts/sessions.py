"""Signed-in browsers, and links that sign in once."""

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from lumiku_kernel.accounts.tokens import fingerprint, new_token
from lumiku_kernel.store import new_id, now
from lumiku_kernel.store.tables import sessions, sign_ins

LINK_SECONDS = 24 * 3600.0


def open_session(session: Session, account_id: str, *, days: int) -> str:
    """A new session's token, to be set as a cookie."""
    token = new_token()
    session.execute(
        insert(sessions).values(
            token_hash=fingerprint(token),
            id=new_id("ses"),
            account_id=account_id,
            agent="",
            address="",
            seen_at=now(),
            created_at=now(),
            expires_at=now() + days * 86400.0,
        )
    )
    return token


def close_session(session: Session, token: str) -> None:
    """End a session; an unknown token is no fault."""
    session.execute(delete(sessions).where(sessions.c.token_hash == fingerprint(token)))


def sign_in_token(session: Session, account_id: str) -> str:
    """A token that signs `account_id` in once, within a day."""
    token = new_token()
    session.execute(
        insert(sign_ins).values(
            token_hash=fingerprint(token),
            account_id=account_id,
            expires_at=now() + LINK_SECONDS,
        )
    )
    return token


def use_sign_in(session: Session, token: str) -> str | None:
    """The account a token signs in, and use it up; None if it is used or too old."""
    mine = sign_ins.c.token_hash == fingerprint(token)
    alive = select(sign_ins.c.account_id).where(mine, sign_ins.c.expires_at > now())
    account_id = session.execute(alive).scalar_one_or_none()
    session.execute(delete(sign_ins).where(mine))
    return account_id
