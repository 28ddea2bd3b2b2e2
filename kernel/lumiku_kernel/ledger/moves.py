"""One movement of credits as statements: balances, the movement, its entries.

On PostgreSQL it is one statement. SQLite has one writer at a time, so that what was
read in the transaction still holds when it writes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import case, func, insert, or_, select, update
from sqlmodel import Session

from lumiku_kernel.ledger import postgres
from lumiku_kernel.ledger.purses import allowance, available, purses, reserved
from lumiku_kernel.store import changed, new_id, now
from lumiku_kernel.store.tables import balances, ledger_entries, ledger_txns


@dataclass(frozen=True, slots=True)
class Told:
    """What is written of a movement beside its amounts; `once` is its name."""

    kind: str
    account_id: str
    actor: str
    reason: str
    once: str
    job_id: str | None = None
    funding: int | None = None
    id: str = field(default_factory=lambda: new_id("txn"))


def move(session: Session, told: Told, amounts: Mapping[str, int]) -> bool:
    """Move credits between purses; False, and nothing is moved, if one lacks them."""
    real = {purse: amount for purse, amount in amounts.items() if amount}
    if _is_sqlite(session):
        return _write(session, told, real)
    given = {"purses": list(real), "amounts": list(real.values())}
    done = session.execute(postgres.MOVE, asdict(told) | given).scalar_one()
    return bool(done)


def reserve(session: Session, told: Told, price: int) -> bool:
    """Move a price to the reserved, of the allowance first; False if it is lacking."""
    mine = told.account_id
    names = {
        "allowance": allowance(mine),
        "available": available(mine),
        "reserved": reserved(mine),
    }
    if not _is_sqlite(session):
        given = asdict(told) | names | {"price": price}
        return bool(session.execute(postgres.RESERVE, given).scalar_one())
    granted, own, _ = purses(session, mine)
    if granted + own < price:
        return False
    first = min(granted, price)
    amounts = {
        names["allowance"]: -first,
        names["available"]: first - price,
        names["reserved"]: price,
    }
    return _write(session, told, {p: a for p, a in amounts.items() if a})


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _write(session: Session, told: Told, real: Mapping[str, int]) -> bool:
    if real:
        added = case(real, value=balances.c.purse)
        theirs = balances.c.purse.in_(real)
        enough = or_(balances.c.purse.like("sys:%"), balances.c.amount + added >= 0)
        able = select(func.count()).select_from(balances).where(theirs, enough)
        mine = update(balances).where(theirs, able.scalar_subquery() == len(real))
        values = mine.values(amount=balances.c.amount + added)
        if changed(session, values) != len(real):
            return False
    session.execute(insert(ledger_txns).values(**asdict(told), at=now()))
    if real:
        entries = [
            {"txn_id": told.id, "purse": p, "amount": a} for p, a in real.items()
        ]
        session.execute(insert(ledger_entries), entries)
    return True


def is_known(session: Session, once: str) -> bool:
    """Whether the movement of this name has been made."""
    known = select(ledger_txns.c.id).where(ledger_txns.c.once == once)
    return session.execute(known).first() is not None
