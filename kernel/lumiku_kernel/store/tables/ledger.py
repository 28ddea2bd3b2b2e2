"""Movements of credits."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, text
from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row

AMOUNT = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite's integers have 64 bits anyway."""


class LedgerTxn(Row, table=True):
    """A movement of credits; never changed, never deleted."""

    __tablename__ = "ledger_txn"
    __table_args__ = (
        Index(
            "ledger_finalize_once",
            "job_id",
            "funding",
            unique=True,
            sqlite_where=text("kind = 'finalize'"),
            postgresql_where=text("kind = 'finalize'"),
        ),
        Index("ledger_mine", "account_id", "at"),
    )
    id: str = Field(primary_key=True)
    once: str = Field(unique=True)
    kind: str
    account_id: str
    job_id: str | None = None
    funding: int | None = None
    actor: str
    reason: str
    at: float


class LedgerEntry(Row, table=True):
    """One side of a movement; a transaction's entries sum to zero."""

    __tablename__ = "ledger_entry"
    txn_id: str = Field(primary_key=True, foreign_key="ledger_txn.id")
    purse: str = Field(primary_key=True)
    amount: int = Field(sa_column=Column(AMOUNT, nullable=False))


class Balance(Row, table=True):
    """What a purse holds: the sum of its entries; a viewer's never below zero."""

    __tablename__ = "balance"
    __table_args__ = (
        CheckConstraint("amount >= 0 OR purse LIKE 'sys:%'", name="balance_not_below"),
    )
    purse: str = Field(primary_key=True)
    amount: int = Field(sa_column=Column(AMOUNT, nullable=False))
