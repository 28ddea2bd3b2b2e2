"""Accounts: made, found, changed."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlmodel import Session

from lumiku_contracts import Tier
from lumiku_kernel.accounts.passwords import hash_password
from lumiku_kernel.accounts.sessions import end_all, revoke_links
from lumiku_kernel.accounts.tokens import fingerprint
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.audit import By, audit
from lumiku_kernel.store.tables import accounts, audits

_EMAIL = re.compile(
    r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}\.[^@\s.\x00-\x1f]{2,}"
)
ROLES = ("user", "operator")


def normal(email: str) -> str:
    """The address as it is kept, or 422 `email-invalid`."""
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise Problem(422, "email-invalid", "This is not an e-mail address.")
    return address


def person(email: str) -> str:
    """The same for all addresses of one mailbox that differ in a “+word” alone.

    It is a digest: the address itself is not to be read from it.
    """
    name, _, host = normal(email).rpartition("@")
    return fingerprint(f"{name.split('+')[0]}@{host}")[:32]


def create(
    session: Session,
    email: str,
    *,
    name: str = "",
    password: str | None = None,
    tier: Tier = Tier.FREE,
    role: str = "user",
    awaiting: bool = False,
) -> str:
    """Write a new account and return its id; 409 `email-taken` if it is not new.

    Hash the password before the transaction with `hash_password`: it is slow. One
    that is `awaiting` an operator's word is disabled until then.
    """
    address = normal(email)
    if find(session, address) is not None:
        raise Problem(409, "email-taken", "There is an account with this address.")
    ident = new_id("usr")
    session.execute(
        insert(accounts).values(
            id=ident,
            email=address,
            name=name.strip() or address.split("@")[0],
            password=password,
            tier=tier.word,
            role=role,
            disabled_at=now() if awaiting else None,
            awaiting_at=now() if awaiting else None,
            created_at=now(),
        )
    )
    return ident


def find(session: Session, email: str) -> dict[str, Any] | None:
    """The account with this address, or None."""
    statement = select(accounts).where(accounts.c.email == normal(email))
    row = session.execute(statement).mappings().first()
    return dict(row) if row else None


def get(session: Session, ident: str) -> dict[str, Any]:
    """The account, or 404."""
    statement = select(accounts).where(accounts.c.id == ident)
    row = session.execute(statement).mappings().first()
    if row is None:
        raise not_found("account")
    return dict(row)


def named(session: Session, email: str) -> dict[str, Any]:
    """The account with this address, or 404."""
    found = find(session, email)
    if found is None:
        raise not_found("account")
    return found


def everyone(
    session: Session,
    *,
    limit: int = 100,
    after: str | None = None,
    waiting: bool = False,
) -> list[dict[str, Any]]:
    """Accounts in the order of their making, newest first; or those that wait alone."""
    statement = select(accounts).order_by(accounts.c.id.desc()).limit(limit)
    if waiting:
        statement = statement.where(accounts.c.awaiting_at.is_not(None))
    if after is not None:
        statement = statement.where(accounts.c.id < after)
    return [dict(row) for row in session.execute(statement).mappings()]


def first_operator(session: Session) -> dict[str, Any] | None:
    """The operator who has been here longest."""
    statement = (
        select(accounts)
        .where(accounts.c.role == "operator", accounts.c.disabled_at.is_(None))
        .order_by(accounts.c.id)
    )
    row = session.execute(statement).mappings().first()
    return dict(row) if row else None


def likeliest_operator(session: Session) -> dict[str, Any] | None:
    """Whom to make one where none is: who was one last, else the oldest account."""
    was = (
        select(func.coalesce(func.max(audits.c.id), 0))
        .where(
            audits.c.subject == accounts.c.id,
            audits.c.action.in_(("user.create", "user.set")),
            or_(
                audits.c.before["role"].as_string() == "operator",
                audits.c.after["role"].as_string() == "operator",
            ),
        )
        .scalar_subquery()
    )
    statement = (
        select(accounts)
        .where(accounts.c.deleted_at.is_(None), accounts.c.awaiting_at.is_(None))
        .order_by(
            (accounts.c.role == "operator").desc(),
            was.desc(),
            accounts.c.id,
        )
    )
    row = session.execute(statement).mappings().first()
    return dict(row) if row else None


def change(
    store: Store,
    ident: str,
    *,
    tier: Tier | None = None,
    role: str | None = None,
    disabled: bool | None = None,
    password: str | None = None,
    actor: str,
    reason: str = "",
) -> dict[str, Any]:
    """Change what is given, audited; the account as it now stands."""
    hashed = None if password is None else hash_password(password)
    with store.write() as session:
        before = get(session, ident)
        if disabled is False:
            settled(before)
        # A new password or role: whoever signed in before it is out.
        out = hashed is not None or role not in (None, before["role"])
        values: dict[str, Any] = {}
        if tier is not None:
            values["tier"] = tier.word
        if role is not None:
            values["role"] = role
        if disabled is not None:
            values["disabled_at"] = now() if disabled else None
        if hashed is not None:
            values["password"] = hashed
        if values:
            mine = accounts.c.id == ident
            session.execute(update(accounts).where(mine).values(**values))
        if out:
            end_all(session, ident)
            revoke_links(session, ident)
        after = get(session, ident)
        audit(
            session,
            actor=actor,
            action="user.set",
            subject=ident,
            before=_public(before),
            after={**_public(after), **({"password": "changed"} if hashed else {})},
            reason=reason or "none was given",
        )
    return after


def choose_password(session: Session, ident: str, hashed: str, *, why: str) -> None:
    """Set an account's own new password, audited; whoever was signed in is out."""
    mine = update(accounts).where(accounts.c.id == ident)
    session.execute(mine.values(password=hashed))
    end_all(session, ident)
    revoke_links(session, ident)
    By(ident, f"their own, {why}").write(
        session, "user.set", ident, before=None, after={"password": "changed"}
    )


def settled(account: Mapping[str, Any]) -> None:
    """Raise 409 `approval-pending` for an account that waits for an operator's word."""
    if account["awaiting_at"] is not None:
        detail = "This account waits for an operator's word."
        fix = f"lumiku users approve {account['email']}"
        raise Problem(409, "approval-pending", detail, fix=fix)


def state(account: Mapping[str, Any]) -> str:
    """`active`, `waiting` for an operator's word, `disabled`, or `deleted`."""
    if account["deleted_at"] is not None:
        return "deleted"
    if account["awaiting_at"] is not None:
        return "waiting"
    return "active" if account["disabled_at"] is None else "disabled"


def _public(account: dict[str, Any]) -> dict[str, Any]:
    return {name: account[name] for name in ("tier", "role", "disabled_at")}
