"""A viewer's lines of the ledger, newest first."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.ledger.purses import allowance, available, reserved
from lumiku_kernel.store.tables import jobs, ledger_entries, ledger_txns

KINDS: Final = ("grant", "reserve", "finalize", "refund", "allowance", "expire")
COLUMNS: Final = ("at", "kind", "amount", "balance", "job_id", "app", "reason")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of one kind, from a moment until before another.

    With `moved` only those that changed what can be spent.
    """

    kind: str | None = None
    since: float | None = None
    until: float | None = None
    moved: bool = False

    def of(self, account_id: str) -> ColumnElement[bool]:
        """As a condition."""
        found = [ledger_txns.c.account_id == account_id]
        if self.kind is not None:
            found.append(ledger_txns.c.kind == self.kind)
        if self.since is not None:
            found.append(ledger_txns.c.at >= self.since)
        if self.until is not None:
            found.append(ledger_txns.c.at < self.until)
        if self.moved:
            found.append(
                exists().where(
                    ledger_entries.c.txn_id == ledger_txns.c.id,
                    ledger_entries.c.purse.in_(_own(account_id)),
                    ledger_entries.c.amount != 0,
                )
            )
        return and_(*found)


ALL: Final = Wanted()


def _own(account_id: str) -> list[str]:
    """The purses from which a viewer spends."""
    return [available(account_id), allowance(account_id)]


def lines(
    session: Session,
    account_id: str,
    *,
    limit: int,
    before: str | None = None,
    wanted: Wanted = ALL,
) -> list[dict[str, Any]]:
    """Up to `limit` movements older than the one named `before`; two queries.

    `amount` is what came to, or left, the credits that can be spent, `balance` what
    those were after it; `reserved` what came to, or left, the reserved.
    """
    statement = (
        select(ledger_txns, jobs.c.plugin_id)
        .outerjoin(jobs, jobs.c.id == ledger_txns.c.job_id)
        .where(wanted.of(account_id))
        .order_by(ledger_txns.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(ledger_txns.c.id < before)
    rows = session.execute(statement).mappings().all()
    moved = _moved(session, account_id, rows[0]["id"] if rows else "")
    return [
        {
            "id": row["id"],
            "at": iso(row["at"]),
            "kind": row["kind"],
            "amount": int(moved[row["id"]]["amount"]),
            "balance": int(moved[row["id"]]["balance"]),
            "reserved": int(moved[row["id"]]["reserved"]),
            "job_id": row["job_id"],
            "app": row["plugin_id"],
            "reason": row["reason"],
        }
        for row in rows
    ]


def _moved(
    session: Session, account_id: str, newest: str
) -> Mapping[str, Mapping[str, Any]]:
    """What each movement did up to the newest one, and what was there after it."""
    own = ledger_entries.c.purse.in_(_own(account_id))
    held = ledger_entries.c.purse == reserved(account_id)
    amount = func.coalesce(func.sum(case((own, ledger_entries.c.amount), else_=0)), 0)
    aside = func.coalesce(func.sum(case((held, ledger_entries.c.amount), else_=0)), 0)
    statement = (
        select(
            ledger_txns.c.id,
            amount.label("amount"),
            aside.label("reserved"),
            func.sum(amount).over(order_by=ledger_txns.c.id).label("balance"),
        )
        .outerjoin(ledger_entries, ledger_entries.c.txn_id == ledger_txns.c.id)
        .where(ledger_txns.c.account_id == account_id, ledger_txns.c.id <= newest)
        .group_by(ledger_txns.c.id)
    )
    return {row["id"]: dict(row) for row in session.execute(statement).mappings()}


def as_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """Lines as CSV; no word of anybody's is a formula to a spreadsheet."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for line in found:
        table.writerow([guarded(line[column]) for column in COLUMNS])
    return text.getvalue()


def guarded(value: Any) -> Any:
    """Words that a spreadsheet would calculate, with an apostrophe before them."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
