"""Moves credits: double entry, integers, append only.

A movement and the balances it changes are written in the caller's transaction, so
that they stand or fall with the job they pay for.
"""

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.errors import Problem
from lumiku_kernel.store import changed, new_id, now
from lumiku_kernel.store.tables import balances, ledger_entries, ledger_txns

REVENUE = "sys:revenue"
ISSUED = "sys:issued"


def available(account_id: str) -> str:
    """The purse a viewer spends from."""
    return f"user:{account_id}:available"


def reserved(account_id: str) -> str:
    """The purse of what is set aside for jobs under way."""
    return f"user:{account_id}:reserved"


def open_purses(session: Session, account_id: str) -> None:
    """Two empty purses for a new account."""
    rows = [{"purse": available(account_id)}, {"purse": reserved(account_id)}]
    session.execute(insert(balances), [{**row, "amount": 0} for row in rows])


def grant(
    session: Session,
    account_id: str,
    amount: int,
    *,
    actor: str,
    reason: str,
    once: str | None = None,
) -> None:
    """Give `amount` credits, or take them back if it is negative.

    Raises 402 when there is less than is to be taken.
    """
    moves = {available(account_id): amount, ISSUED: -amount}
    key = once or new_id("grant")
    _post(session, account_id, "grant", moves, actor=actor, reason=reason, once=key)


def reserve(
    session: Session, account_id: str, amount: int, *, job_id: str, funding: int
) -> None:
    """Set credits aside for a job, or raise 402 `insufficient-credits`.

    A free job moves nothing and is recorded all the same.
    """
    moves = {available(account_id): -amount, reserved(account_id): amount}
    _post(
        session,
        account_id,
        "reserve",
        moves,
        actor=account_id,
        reason="job",
        once=f"reserve:{job_id}:{funding}",
        job=(job_id, funding),
    )


def finalize(
    session: Session,
    account_id: str,
    *,
    settle: int,
    release: int,
    job_id: str,
    funding: int,
) -> None:
    """Pay for what was delivered and give the rest back; once for each funding."""
    moves = {
        reserved(account_id): -(settle + release),
        REVENUE: settle,
        available(account_id): release,
    }
    _post(
        session,
        account_id,
        "finalize",
        moves,
        actor="kernel",
        reason="job",
        once=f"finalize:{job_id}:{funding}",
        job=(job_id, funding),
    )


def holdings(session: Session, account_id: str) -> dict[str, int]:
    """`{available, reserved}` of an account; one query."""
    purses = {"available": available(account_id), "reserved": reserved(account_id)}
    statement = select(balances.c.purse, balances.c.amount).where(
        balances.c.purse.in_(purses.values())
    )
    amounts = {row.purse: row.amount for row in session.execute(statement)}
    return {name: amounts.get(purse, 0) for name, purse in purses.items()}


def _post(
    session: Session,
    account_id: str,
    kind: str,
    moves: Mapping[str, int],
    *,
    actor: str,
    reason: str,
    once: str,
    job: tuple[str, int] | tuple[None, None] = (None, None),
) -> None:
    txn_id = new_id("txn")
    real = {purse: amount for purse, amount in moves.items() if amount}
    for purse in sorted(real):  # always in the same order, so that none waits in a ring
        _move(session, purse, real[purse])
    session.execute(
        insert(ledger_txns).values(
            id=txn_id,
            once=once,
            kind=kind,
            account_id=account_id,
            job_id=job[0],
            funding=job[1],
            actor=actor,
            reason=reason,
            at=now(),
        )
    )
    if real:
        session.execute(
            insert(ledger_entries),
            [{"txn_id": txn_id, "purse": p, "amount": a} for p, a in real.items()],
        )


def _move(session: Session, purse: str, amount: int) -> None:
    mine = balances.c.purse == purse
    if amount < 0 and not purse.startswith("sys:"):
        mine &= balances.c.amount >= -amount
    statement = update(balances).where(mine).values(amount=balances.c.amount + amount)
    if changed(session, statement) == 1:
        return
    if purse.startswith("sys:"):
        try:
            with session.begin_nested():
                session.execute(insert(balances).values(purse=purse, amount=amount))
        except IntegrityError:  # another wrote it first; its row is there now
            session.execute(statement)
        return
    held = session.execute(
        select(balances.c.amount).where(balances.c.purse == purse)
    ).scalar_one_or_none()
    raise Problem(
        402,
        "insufficient-credits",
        f"This costs {-amount} credits; {held or 0} are available.",
        fix="Ask the operator for credits: lumiku credits grant EMAIL AMOUNT",
        extra={"price": -amount, "available": held or 0},
    )
