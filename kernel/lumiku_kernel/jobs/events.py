"""What happened to a job, numbered without gaps, written with the change itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import job_events, jobs


def append(
    session: Session, job_id: str, seq: int, kind: str, data: dict[str, Any]
) -> None:
    """Write event `seq`; the statement that changed the job raised its `next_seq`."""
    session.execute(
        insert(job_events).values(
            job_id=job_id, seq=seq, type=kind, data=data, at=now()
        )
    )


def after(
    session: Session, job_id: str, seq: int, *, limit: int = 100
) -> list[dict[str, Any]]:
    """Up to `limit` events of a job that come after `seq`."""
    statement = (
        select(job_events)
        .where(job_events.c.job_id == job_id, job_events.c.seq > seq)
        .order_by(job_events.c.seq)
        .limit(limit)
    )
    return [document(dict(row)) for row in session.execute(statement).mappings()]


def heads(session: Session, job_ids: Iterable[str]) -> dict[str, int]:
    """The number of each job's last event."""
    statement = select(jobs.c.id, jobs.c.next_seq).where(jobs.c.id.in_(list(job_ids)))
    return {row.id: row.next_seq - 1 for row in session.execute(statement)}


def document(row: dict[str, Any]) -> dict[str, Any]:
    """An event as programs get it."""
    return {
        "job": row["job_id"],
        "seq": row["seq"],
        "type": row["type"],
        "at": iso(row["at"]),
        **row["data"],
    }
