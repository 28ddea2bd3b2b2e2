"""Whose credits they are, and what they are for: the names of purses."""

from sqlalchemy import insert, select
from sqlmodel import Session

from lumiku_kernel.store.tables import balances

REVENUE = "sys:revenue"
"""What was delivered and paid."""
ISSUED = "sys:issued"
"""Where credits come from and go back to: below zero by all that is out."""


def available(account_id: str) -> str:
    """The purse a viewer spends from: it keeps what it has."""
    return f"user:{account_id}:available"


def allowance(account_id: str) -> str:
    """The purse of what a tier grants for a period; it is spent first."""
    return f"user:{account_id}:allowance"


def reserved(account_id: str) -> str:
    """The purse of what is set aside for jobs under way."""
    return f"user:{account_id}:reserved"


def open_purses(session: Session, account_id: str) -> None:
    """Empty purses for a new account; that of the allowance comes with the first."""
    rows = [{"purse": available(account_id)}, {"purse": reserved(account_id)}]
    session.execute(insert(balances), [{**row, "amount": 0} for row in rows])


def purses(
    session: Session, account_id: str, *, lock: bool = False
) -> tuple[int, int, int]:
    """Allowance, available and reserved as they stand; one query.

    With `lock` nobody else moves them until the transaction has ended.
    """
    names = allowance(account_id), available(account_id), reserved(account_id)
    statement = select(balances.c.purse, balances.c.amount)
    statement = statement.where(balances.c.purse.in_(names)).order_by(balances.c.purse)
    if lock:  # in the order in which they are moved; SQLite has one writer anyway
        statement = statement.with_for_update()
    found = {row.purse: int(row.amount) for row in session.execute(statement)}
    first, second, third = (found.get(name, 0) for name in names)
    return first, second, third


def holdings(session: Session, account_id: str) -> dict[str, int]:
    """`{available, reserved}` of an account, its allowance included; one query."""
    granted, own, held = purses(session, account_id)
    return {"available": granted + own, "reserved": held}
