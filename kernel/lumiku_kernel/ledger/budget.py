"""What an API key may spend: so much a day, on these models."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.purses import REVENUE
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import api_keys, ledger_entries, ledger_txns

DAY: Final = 86400.0


def check_key(session: Session, key_id: str, model: str, price: int) -> None:
    """Raise 403 `key-model`, or 402 `key-budget` if today's budget is overdrawn.

    Call it after `price` was reserved, in the same transaction: two requests of a key
    wait there for each other, so that the second counts what the first has spent.
    What costs nothing overdraws no budget.
    """
    asked = select(api_keys.c.models, api_keys.c.budget_per_day)
    row = session.execute(asked.where(api_keys.c.id == key_id)).one()
    if row.models is not None and model not in row.models:
        known = ", ".join(row.models) or "none"
        detail = f"This key may use these models: {known}; not {model}."
        raise Problem(403, "key-model", detail, extra={"models": row.models})
    if row.budget_per_day is None or price == 0:
        return
    moment = float(session.execute(select(now())).scalar_one())
    spent = spent_since(session, [key_id], moment - moment % DAY)[key_id]
    if spent <= row.budget_per_day:
        return
    renews = moment - moment % DAY + DAY
    left, at = max(0, row.budget_per_day - spent + price), iso(renews)
    raise Problem(
        402,
        "key-budget",
        f"This costs {price} credits; this key may spend {left} more until {at}.",
        fix="Send a smaller request, wait, or use another key.",
        headers={"Retry-After": str(int(renews - moment) + 1)},
        extra={"price": price, "left": left, "renews_at": at},
    )


def spent_today(session: Session, key_ids: Iterable[str]) -> Mapping[str, int]:
    """What each key has spent since midnight in UTC; four queries."""
    wanted = list(key_ids)
    if not wanted:
        return {}
    moment = float(session.execute(select(now())).scalar_one())
    return spent_since(session, wanted, moment - moment % DAY)


def spent_since(
    session: Session, key_ids: Iterable[str], since: float
) -> Mapping[str, int]:
    """What was reserved with each key since a moment, less what was given back.

    A key that was rotated has spent what the keys before and after it have.
    """
    first = func.coalesce(api_keys.c.lineage, api_keys.c.id)
    asked = select(api_keys.c.id, first.label("first"))
    wanted = list(key_ids)
    mine = asked.where(api_keys.c.id.in_(wanted))
    first_of = {row.id: row.first for row in session.execute(mine)}
    kin = asked.where(first.in_(set(first_of.values())))
    root = {row.id: row.first for row in session.execute(kin)}
    spent: Counter[str] = Counter()
    for row in session.execute(_spent(list(root), since)):
        spent[root[row.actor]] += int(row.spent)
    return {ident: spent[first_of.get(ident, "")] for ident in wanted}


def _spent(key_ids: list[str], since: float) -> Select[Any]:
    txn, end = ledger_txns.alias("txn"), ledger_txns.alias("ended")
    entry, paid = ledger_entries.alias("entry"), ledger_entries.alias("paid")
    spent = case(
        (end.c.id.is_(None), entry.c.amount), else_=func.coalesce(paid.c.amount, 0)
    )
    ended = and_(
        end.c.kind == "finalize",
        end.c.job_id == txn.c.job_id,
        end.c.funding == txn.c.funding,
    )
    revenue = and_(paid.c.txn_id == end.c.id, paid.c.purse == REVENUE)
    return (
        select(txn.c.actor, func.coalesce(func.sum(spent), 0).label("spent"))
        .join(entry, and_(entry.c.txn_id == txn.c.id, entry.c.amount > 0))
        .outerjoin(end, ended)
        .outerjoin(paid, revenue)
        .where(txn.c.actor.in_(key_ids), txn.c.kind == "reserve", txn.c.at >= since)
        .group_by(txn.c.actor)
    )
