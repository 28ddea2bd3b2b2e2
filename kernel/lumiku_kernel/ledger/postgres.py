"""A movement of credits as one statement of PostgreSQL.

It locks the balances it changes in one order everywhere: viewers' first, by name, the
system's last.
"""
# ruff: noqa: S608 (put together from constants)

from typing import Final

from sqlalchemy import text

from lumiku_kernel.store.engine import POSTGRES_NOW

_TXN: Final = f"""txn AS (
  INSERT INTO ledger_txn
    (id, "once", kind, account_id, job_id, funding, actor, reason, at)
  SELECT :id, :once, :kind, :account_id, :job_id, CAST(:funding AS integer), :actor,
    :reason, {POSTGRES_NOW} FROM paid RETURNING id
), entries AS (
  INSERT INTO ledger_entry (txn_id, purse, amount)
  SELECT txn.id, m.purse, m.amount FROM txn, m RETURNING 1
) SELECT (SELECT count(*) FROM moved) = (SELECT count(*) FROM m)
    AND EXISTS (SELECT 1 FROM paid) AS done"""

_MOVED: Final = """moved AS (
  UPDATE balance b SET amount = b.amount + m.amount FROM m
  WHERE b.purse = m.purse AND EXISTS (SELECT 1 FROM paid) RETURNING 1
), """

MOVE: Final = text(
    """WITH m AS (
  SELECT unnest(CAST(:purses AS text[])) AS purse,
    unnest(CAST(:amounts AS bigint[])) AS amount
), locked AS MATERIALIZED (
  SELECT purse, amount FROM balance WHERE purse = ANY(CAST(:purses AS text[]))
  ORDER BY purse LIKE 'sys:%', purse FOR UPDATE
), paid AS MATERIALIZED (
  SELECT 1 FROM locked JOIN m USING (purse)
  HAVING count(*) = (SELECT count(*) FROM m)
    AND bool_and(purse LIKE 'sys:%' OR locked.amount + m.amount >= 0)
    OR (SELECT count(*) FROM m) = 0
), """
    + _MOVED
    + _TXN
)

RESERVE: Final = text(
    """WITH locked AS MATERIALIZED (
  SELECT purse, amount FROM balance
  WHERE purse IN (:allowance, :available, :reserved) ORDER BY purse FOR UPDATE
), paid AS MATERIALIZED (
  SELECT CAST(least(:price, coalesce(sum(amount) FILTER
    (WHERE purse = :allowance), 0)) AS bigint) AS granted FROM locked
  HAVING coalesce(sum(amount) FILTER (WHERE purse <> :reserved), 0) >= :price
), m AS (
  SELECT purse, amount FROM paid, LATERAL (VALUES
    (CAST(:allowance AS text), -granted), (CAST(:available AS text), granted - :price),
    (CAST(:reserved AS text), CAST(:price AS bigint))) AS v(purse, amount)
  WHERE amount <> 0
), """
    + _MOVED
    + _TXN
)
