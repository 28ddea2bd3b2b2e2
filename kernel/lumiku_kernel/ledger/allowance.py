"""What a tier grants for a day or a month: spent first, and never added up.

The rule: when a period begins, what is left of the last allowance goes back, and the
new one is granted whole. Within a period a viewer is brought up to the amount of their
tier when that rises, and keeps what they were granted when it falls.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, text
from sqlmodel import Session

from lumiku_kernel.ledger import moves
from lumiku_kernel.ledger.purses import ISSUED, allowance, purses
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.tables import accounts, balances, ledger_entries, ledger_txns

AT_ONCE = 200
"""Accounts looked at by one round of the ticker."""
_PURSE = text("INSERT INTO balance (purse, amount) VALUES (:purse, 0)"
              " ON CONFLICT DO NOTHING")  # fmt: skip


def period(unit: str, at: float) -> str:
    """The period of a moment in UTC: such as `2026-11`, or `2026-11-22` of days."""
    return (
        f"{datetime.fromtimestamp(at, UTC):{'%Y-%m-%d' if unit == 'day' else '%Y-%m'}}"
    )


def ends(unit: str, at: float) -> float:
    """When the period of a moment ends."""
    day = datetime.fromtimestamp(at, UTC).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    after = day + timedelta(days=1)
    if unit != "day":
        after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return after.timestamp()


def renew(session: Session, account_id: str, amount: int, name: str) -> bool:
    """Bring an account's allowance to what it is for the period `name`.

    Whether anything was written; the second of two at once finds nothing to do.
    """
    once = _once(account_id, name, amount)
    if moves.is_known(session, once):
        return False
    purse = allowance(account_id)
    if amount:
        session.execute(_PURSE, {"purse": purse})
    left, _, _ = purses(session, account_id, lock=True)
    if moves.is_known(session, once):
        return False
    last = granted_for(session, account_id)
    if last != name and left:
        told = moves.Told("expire", account_id, "kernel", last or "", new_id("expire"))
        moves.move(session, told, {purse: -left, ISSUED: left})
    if amount == 0:
        return last != name and left > 0
    lacks = max(0, amount - _granted(session, account_id, name))
    told = moves.Told("allowance", account_id, "kernel", name, once)
    return moves.move(session, told, {purse: lacks, ISSUED: -lacks})


def _once(account_id: str, name: str, amount: int) -> str:
    return f"allowance:{account_id}:{name}:{amount}"


def granted_for(
    session: Session, account_id: str, *, at: float | None = None
) -> str | None:
    """The period of the newest allowance, or of the newest one at a moment."""
    mine = _allowances(account_id)
    if at is not None:
        mine &= ledger_txns.c.at <= at
    newest = select(ledger_txns.c.reason).where(mine)
    newest = newest.order_by(ledger_txns.c.at.desc(), ledger_txns.c.id.desc()).limit(1)
    found: str | None = session.execute(newest).scalar_one_or_none()
    return found


def _granted(session: Session, account_id: str, name: str) -> int:
    total = (
        select(func.coalesce(func.sum(ledger_entries.c.amount), 0))
        .join(ledger_txns, ledger_txns.c.id == ledger_entries.c.txn_id)
        .where(_allowances(account_id), ledger_txns.c.reason == name)
        .where(ledger_entries.c.purse == allowance(account_id))
    )
    return int(session.execute(total).scalar_one())


def _allowances(account_id: str) -> ColumnElement[bool]:
    return and_(
        ledger_txns.c.account_id == account_id, ledger_txns.c.kind == "allowance"
    )


def renew_due(store: Store, tier: str, amount: int, unit: str) -> int:
    """Renew the allowances of a tier's accounts that lack it; how many were."""
    name, done = period(unit, store.now()), 0
    while True:
        with store.read() as session:
            due = session.execute(_due(tier, amount, name)).scalars().all()
        before = done
        for account_id in due:
            with store.write() as session:
                done += renew(session, account_id, amount, name)
        if len(due) < AT_ONCE or done == before:
            return done


def _due(tier: str, amount: int, name: str) -> Select[tuple[str]]:
    mine = select(accounts.c.id).where(accounts.c.tier == tier).limit(AT_ONCE)
    if amount:
        once = literal("allowance:") + accounts.c.id + literal(f":{name}:{amount}")
        granted = exists().where(ledger_txns.c.once == once)
        return mine.where(accounts.c.disabled_at.is_(None), ~granted)
    purse = literal("user:") + accounts.c.id + literal(":allowance")
    left = exists().where(balances.c.purse == purse, balances.c.amount > 0)
    still = exists().where(
        ledger_txns.c.account_id == accounts.c.id,
        ledger_txns.c.kind == "allowance",
        ledger_txns.c.reason == name,
    )
    return mine.where(left, ~still)
