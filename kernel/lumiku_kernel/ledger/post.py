"""Moves credits: double entry, integers, append only.

A movement and the balances it changes are written in the caller's transaction, so
that they stand or fall with the job they pay for. A refusal raised here leaves it to
the caller to let the transaction go.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.ledger import moves
from lumiku_kernel.ledger.allowance import granted_for
from lumiku_kernel.ledger.purses import (
    ISSUED,
    REVENUE,
    allowance,
    available,
    holdings,
    open_purses,
    purses,
    reserved,
)
from lumiku_kernel.store import new_id
from lumiku_kernel.store.tables import ledger_entries, ledger_txns

__all__ = [
    "available",
    "finalize",
    "grant",
    "holdings",
    "open_purses",
    "refund",
    "reserve",
    "reserved",
    "welcome",
]


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

    Raises 402 when there is less than is to be taken; an allowance is not taken.
    """
    told = moves.Told("grant", account_id, actor, reason, once or new_id("grant"))
    amounts = {available(account_id): amount, ISSUED: -amount}
    if not moves.move(session, told, amounts):
        raise lacking(-amount, purses(session, account_id)[1])


def welcome(
    session: Session, account_id: str, amount: int, *, actor: str, whom: str
) -> bool:
    """Give a new account its welcome credits, once for `whom`; whether it got them."""
    once = f"welcome:{whom}"
    if amount == 0 or moves.is_known(session, once):
        return False
    try:
        with session.begin_nested():
            grant(session, account_id, amount, actor=actor, reason="welcome", once=once)
    except IntegrityError:  # another account of theirs has just got them
        return False
    return True


def reserve(
    session: Session,
    account_id: str,
    amount: int,
    *,
    job_id: str,
    funding: int,
    payer: str | None = None,
) -> None:
    """Set credits aside for a job, or raise 402 `insufficient-credits`.

    The allowance is spent first. A free job moves nothing and is recorded all the
    same. `payer` is the API key that pays, if one does.
    """
    if amount < 0:
        raise ValueError(f"{job_id} would be paid {-amount} credits")
    once = f"reserve:{job_id}:{funding}"
    actor, job = payer or account_id, (job_id, funding)
    told = moves.Told("reserve", account_id, actor, "job", once, *job)
    if not moves.reserve(session, told, amount):
        raise lacking(amount, holdings(session, account_id)["available"])


def finalize(
    session: Session,
    account_id: str,
    *,
    settle: int,
    release: int,
    job_id: str,
    funding: int,
) -> None:
    """Pay for what was delivered and give the rest back; once for each funding.

    What came of an allowance pays first, and goes back to it; or to nobody, if its
    period has ended since.
    """
    if settle < 0 or release < 0:
        raise ValueError(f"{job_id} would settle {settle} and release {release}")
    back = _of_allowance(session, account_id, release, job_id=job_id, funding=funding)
    amounts = {
        reserved(account_id): -(settle + release),
        REVENUE: settle,
        available(account_id): release - sum(back.values()),
        **back,
    }
    once, job = f"finalize:{job_id}:{funding}", (job_id, funding)
    told = moves.Told("finalize", account_id, "kernel", "job", once, *job)
    if not moves.move(session, told, amounts):
        held = purses(session, account_id)[2]
        raise RuntimeError(f"{job_id} wants {settle + release} of {held} reserved")


def _of_allowance(
    session: Session, account_id: str, release: int, *, job_id: str, funding: int
) -> dict[str, int]:
    """Where what is released goes, as far as it does not go to the available."""
    if not release:
        return {}
    mine = allowance(account_id)
    reserve_ = (
        select(ledger_txns.c.at, ledger_entries.c.amount)
        .join(ledger_entries, ledger_entries.c.txn_id == ledger_txns.c.id)
        .where(ledger_txns.c.once == f"reserve:{job_id}:{funding}")
        .where(ledger_entries.c.purse.in_([mine, available(account_id)]))
    )
    row = session.execute(reserve_.where(ledger_entries.c.purse == mine)).first()
    if row is None:
        return {}
    own = reserve_.where(ledger_entries.c.purse == available(account_id))
    paid = session.execute(own).first()
    back = max(0, release - (0 if paid is None else -paid.amount))
    turned = granted_for(session, account_id) != granted_for(
        session, account_id, at=row.at
    )
    return {ISSUED if turned else mine: back}


def refund(
    session: Session,
    job: Mapping[str, Any],
    amount: int | None,
    *,
    actor: str,
    reason: str,
    once: str,
) -> int:
    """Give back what was paid for a job, wholly or in part; how much that is.

    Without an amount, all that is left of it. Raises 409 `refund-too-much` for more
    than was settled and not given back yet. The same `once` gives back once.
    """
    account_id: str = job["account_id"]
    purses(session, account_id, lock=True)  # two at once wait for each other
    key = f"refund:{job['id']}:{once}"
    if moves.is_known(session, key):
        return refunded(session, job["id"], once=key)
    left = job["settled"] - refunded(session, job["id"])
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        detail = f"Of {job['id']} {left} credits can be given back, not {wanted}."
        raise Problem(409, "refund-too-much", detail, extra={"left": left})
    told = moves.Told("refund", account_id, actor, reason, key, job["id"])
    amounts = {available(account_id): wanted, REVENUE: -wanted}
    if not moves.move(session, told, amounts):
        raise not_found("account")
    return wanted


def refunded(session: Session, job_id: str, *, once: str | None = None) -> int:
    """What has been given back of a job's price; in all, or by one movement."""
    mine = (ledger_txns.c.job_id == job_id) & (ledger_txns.c.kind == "refund")
    if once is not None:
        mine &= ledger_txns.c.once == once
    given = (
        select(func.coalesce(func.sum(-ledger_entries.c.amount), 0))
        .join(ledger_txns, ledger_txns.c.id == ledger_entries.c.txn_id)
        .where(mine, ledger_entries.c.purse == REVENUE)
    )
    return int(session.execute(given).scalar_one())


def lacking(price: int, held: int) -> Problem:
    """402 `insufficient-credits`."""
    return Problem(
        402,
        "insufficient-credits",
        f"This costs {price} credits; {held} are available.",
        fix="Ask the operator for credits: lumiku credits grant EMAIL AMOUNT",
        extra={"price": price, "available": held},
    )
