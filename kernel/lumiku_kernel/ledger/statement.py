"""A viewer's lines of the ledger, newest first."""

from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.ledger.post import available, reserved
from lumiku_kernel.store.tables import ledger_entries, ledger_txns


def lines(
    session: Session, account_id: str, *, limit: int, before: str | None
) -> list[dict[str, Any]]:
    """Up to `limit` movements older than the one named `before`.

    `amount` is what came to, or left, the available credits; `reserved` likewise.
    """
    statement = (
        select(ledger_txns)
        .where(ledger_txns.c.account_id == account_id)
        .order_by(ledger_txns.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(ledger_txns.c.id < before)
    rows = session.execute(statement).mappings().all()
    moved = _moved(session, account_id, [row["id"] for row in rows])
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "amount": moved.get((row["id"], available(account_id)), 0),
            "reserved": moved.get((row["id"], reserved(account_id)), 0),
            "job_id": row["job_id"],
            "reason": row["reason"],
            "at": iso(row["at"]),
        }
        for row in rows
    ]


def _moved(
    session: Session, account_id: str, ids: list[str]
) -> dict[tuple[str, str], int]:
    mine = ledger_entries.c.purse.in_([available(account_id), reserved(account_id)])
    statement = select(ledger_entries).where(
        and_(ledger_entries.c.txn_id.in_(ids), mine)
    )
    return {
        (row["txn_id"], row["purse"]): row["amount"]
        for row in session.execute(statement).mappings()
    }
