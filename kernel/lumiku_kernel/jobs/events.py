"""What happened to a job, numbered without gaps, written with the change itself."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import TextualSelect, insert, select, text
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.jobs import deliveries
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import job_events, jobs

MOST_AT_ONCE = 512
"""Jobs asked for in one statement."""


def append(
    session: Session, job_id: str, seq: int, kind: str, data: dict[str, Any]
) -> None:
    """Write event `seq`; the statement that changed the job raised its `next_seq`."""
    session.execute(
        insert(job_events).values(
            job_id=job_id, seq=seq, type=kind, data=data, at=now()
        )
    )
    if kind in deliveries.TYPES:
        deliveries.write(session, job_id, seq, kind)


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


def over(session: Session, job_id: str) -> bool:
    """Whether the job has ended, or is gone: nothing more will happen to it."""
    statement = select(jobs.c.state).where(jobs.c.id == job_id)
    return session.execute(statement).scalar_one_or_none() in (None, *ENDED)


def news(
    session: Session, known: Mapping[str, int], *, limit: int
) -> dict[str, list[dict[str, Any]]]:
    """Of each job the events after the one known, at most `limit`; one statement."""
    found: dict[str, list[dict[str, Any]]] = {}
    pairs = [part for pair in known.items() for part in pair]
    for start in range(0, len(pairs), 2 * MOST_AT_ONCE):
        asked = pairs[start : start + 2 * MOST_AT_ONCE]
        room = 1 << (len(asked) // 2 - 1).bit_length()  # few statements, all prepared
        asked += ["", 0] * (room - len(asked) // 2)
        given = {f"p{place}": value for place, value in enumerate(asked)}
        rows = session.execute(_news(room), given | {"most": limit}).mappings()
        for row in rows:
            found.setdefault(row["job_id"], []).append(document(dict(row)))
    return found


@lru_cache
def _news(pairs: int) -> TextualSelect:
    first = "(CAST(:p0 AS VARCHAR), CAST(:p1 AS INTEGER))"
    rest = (f"(:p{2 * n}, CAST(:p{2 * n + 1} AS INTEGER))" for n in range(1, pairs))
    return text(
        f"WITH known (id, seq) AS (VALUES {', '.join((first, *rest))}) "  # noqa: S608 (placeholders only)
        "SELECT e.job_id, e.seq, e.type, e.data, e.at FROM known k "
        "JOIN job_event e ON e.job_id = k.id AND e.seq > k.seq "
        "AND e.seq <= k.seq + :most ORDER BY e.job_id, e.seq"
    ).columns(*(job_events.c[name] for name in ("job_id", "seq", "type", "data", "at")))


def document(row: dict[str, Any]) -> dict[str, Any]:
    """An event as programs get it."""
    return {
        "job": row["job_id"],
        "seq": row["seq"],
        "type": row["type"],
        "at": iso(row["at"]),
        **row["data"],
    }
