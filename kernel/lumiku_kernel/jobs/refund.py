"""Gives back what an ended job has cost: an operator's word, written down."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from lumiku_kernel.errors import not_found
from lumiku_kernel.ledger import post
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import jobs


@dataclass(frozen=True, slots=True)
class Refund:
    """What was given back just now, and in all; and what of the price may still be."""

    job_id: str
    amount: int
    refunded: int
    left: int

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def refund(
    store: Store, job_id: str, amount: int | None, by: By, *, once: str | None = None
) -> Refund:
    """Give back `amount` credits of a job's price, or all that is left of it.

    The same `once` gives back once, however often it is asked. Raises 404 for an
    unknown job, 409 `refund-too-much`.
    """
    with store.write() as session:
        row = session.execute(select(jobs).where(jobs.c.id == job_id)).mappings()
        job = row.first()
        if job is None:
            raise not_found("job")
        before = post.refunded(session, job_id)
        done = post.refund(
            session,
            dict(job),
            amount,
            actor=by.actor,
            reason=by.reason,
            once=once or new_id("refund"),
        )
        after = post.refunded(session, job_id)
        told = Refund(job_id, done, after, job["settled"] - after)
        if after != before:
            documents = {"before": {"refunded": before}, "after": told.document()}
            by.write(session, "job.refund", job_id, **documents)
    return told
