"""What must always be true of credits, jobs and artifacts: each one query.

A query returns the rows that break its rule; none is the answer wanted.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from lumiku_kernel.errors import Finding
from lumiku_kernel.store import Store

RULES: Final = {
    "C1 every movement sums to zero": r"""
        SELECT txn_id AS row FROM ledger_entry
        GROUP BY txn_id HAVING sum(amount) <> 0""",
    "C2 all credits sum to zero": r"""
        SELECT 'ledger' AS row FROM (
          SELECT coalesce(sum(amount), 0) AS total FROM ledger_entry) AS all_entries
        WHERE total <> 0""",
    "C3 a balance is the sum of its entries": r"""
        SELECT b.purse AS row FROM balance b
        LEFT JOIN ledger_entry e ON e.purse = b.purse
        GROUP BY b.purse, b.amount HAVING b.amount <> coalesce(sum(e.amount), 0)
        UNION ALL SELECT DISTINCT e.purse FROM ledger_entry e
        WHERE NOT EXISTS (SELECT 1 FROM balance b WHERE b.purse = e.purse)""",
    "C4 no viewer's purse is below zero": r"""
        SELECT purse AS row FROM balance WHERE amount < 0 AND purse LIKE 'user:%'""",
    "C5 what is reserved belongs to fundings under way": r"""
        SELECT b.purse AS row FROM balance b
        WHERE b.purse LIKE 'user:%\:reserved' AND b.amount <> (
          SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e
          JOIN ledger_txn t ON t.id = e.txn_id
          WHERE t.kind = 'reserve' AND e.purse = b.purse AND NOT EXISTS (
            SELECT 1 FROM ledger_txn f WHERE f.kind = 'finalize'
            AND f.job_id = t.job_id AND f.funding = t.funding))""",
    "C6 each funding is reserved once, and finalized once it has ended": r"""
        SELECT j.id AS row FROM job j LEFT JOIN (
          SELECT job_id,
            sum(CASE WHEN kind = 'reserve' THEN 1 ELSE 0 END) AS begun,
            sum(CASE WHEN kind = 'finalize' THEN 1 ELSE 0 END) AS ended,
            sum(CASE WHEN kind = 'finalize' AND funding = (
              SELECT i.funding FROM job i WHERE i.id = t.job_id) THEN 1 ELSE 0 END)
              AS last
          FROM ledger_txn t WHERE job_id IS NOT NULL GROUP BY job_id) m
        ON m.job_id = j.id
        WHERE coalesce(m.begun, 0) <> j.funding
        OR m.last <> (CASE WHEN j.ended_at IS NULL THEN 0 ELSE 1 END)
        OR m.ended <> j.funding - (CASE WHEN j.ended_at IS NULL THEN 1 ELSE 0 END)
        UNION ALL SELECT t.id FROM ledger_txn t
        WHERE t.kind IN ('reserve', 'finalize') AND NOT EXISTS (
          SELECT 1 FROM ledger_txn o WHERE o.job_id = t.job_id
          AND o.funding = t.funding AND o.kind <> t.kind
          AND o.kind IN ('reserve', 'finalize'))
        AND (t.kind = 'finalize' OR NOT EXISTS (
          SELECT 1 FROM job j WHERE j.id = t.job_id))""",
    "C7 what was settled is the price of what was delivered": r"""
        SELECT j.id AS row FROM job j WHERE j.ended_at IS NOT NULL AND (
          j.settled + j.released <> j.price OR j.settled <> (
            SELECT coalesce(sum(i.price), 0) FROM job_item i
            WHERE i.job_id = j.id AND i.state = 'done')
          OR j.settled <> (
            SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e
            JOIN ledger_txn t ON t.id = e.txn_id WHERE t.job_id = j.id
            AND t.kind = 'finalize' AND e.purse = 'sys:revenue'))
        UNION ALL SELECT f.id FROM ledger_txn f
        WHERE f.kind = 'finalize' AND (
          SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e
          JOIN ledger_txn t ON t.id = e.txn_id WHERE t.job_id = f.job_id
          AND t.funding = f.funding AND e.purse LIKE 'user:%\:reserved') <> 0""",
    "C8 what was refunded had been settled, and has an actor and a reason": r"""
        SELECT t.job_id AS row FROM ledger_txn t
        JOIN ledger_entry e ON e.txn_id = t.id AND e.purse = 'sys:revenue'
        WHERE t.kind IN ('finalize', 'refund')
        GROUP BY t.job_id HAVING sum(e.amount) < 0
        UNION ALL SELECT id FROM ledger_txn
        WHERE kind = 'refund' AND (actor = '' OR reason = '' OR job_id IS NULL)""",
    "C10 nobody pays another price than was told at first": r"""
        SELECT j.id AS row FROM job j WHERE j.price <> (
          SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e
          JOIN ledger_txn t ON t.id = e.txn_id
          WHERE t.kind = 'reserve' AND t.job_id = j.id
          AND e.purse LIKE 'user:%\:reserved')
        OR (SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e
          JOIN ledger_txn t ON t.id = e.txn_id
          WHERE t.kind = 'reserve' AND t.job_id = j.id AND t.funding = 1
          AND e.purse LIKE 'user:%\:reserved') < (
            SELECT coalesce(sum(i.price), 0) FROM job_item i WHERE i.job_id = j.id)""",
    "J1 an ended job has ended its items' count": r"""
        SELECT j.id AS row FROM job j WHERE j.items_ok <> (
          SELECT count(*) FROM job_item i WHERE i.job_id = j.id AND i.state = 'done')
        OR j.items_failed <> (
          SELECT count(*) FROM job_item i
          WHERE i.job_id = j.id AND i.state = 'failed')""",
    "J2 events are numbered without gaps": r"""
        SELECT j.id AS row FROM job j WHERE j.next_seq - 1 <> (
          SELECT count(*) FROM job_event e WHERE e.job_id = j.id)
        OR j.next_seq - 1 <> (
          SELECT coalesce(max(seq), 0) FROM job_event e WHERE e.job_id = j.id)""",
    "J3 the last event of an ended job says its end": r"""
        SELECT j.id AS row FROM job j WHERE j.ended_at IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM job_event e WHERE e.job_id = j.id
          AND e.seq = j.next_seq - 1 AND e.type = j.state)""",
    "J4 what is not running holds no lease": r"""
        SELECT id AS row FROM job
        WHERE state <> 'running' AND lease_owner IS NOT NULL""",
    "A1 an artifact belongs to a delivered item": r"""
        SELECT a.id AS row FROM artifact a LEFT JOIN job_item i
        ON i.job_id = a.job_id AND i."index" = a.item
        WHERE i.state IS NULL OR i.state <> 'done'""",
}


def verify(store: Store) -> Iterator[Finding]:
    """A finding for each rule; those that are broken name up to ten rows."""
    with store.read() as session:
        for rule, query in RULES.items():
            rows = [str(row[0]) for row in session.execute(text(query)).fetchmany(10)]
            if rows:
                cause = f"{rule}: broken by {', '.join(rows)}"
                yield Finding(rule.split()[0], "error", cause, evidence={"rows": rows})
            else:
                yield Finding(rule.split()[0], "ok", rule)
