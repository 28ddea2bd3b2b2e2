"""What happens to jobs, for plugins that want to hear of it."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from lumiku_contracts import JobEvent
from lumiku_kernel.jobs.states import ENDED, RUNNING, WAITING
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import job_events, jobs

AT_ONCE = 200
OVERLAP_SECONDS = 10.0
"""Ends are looked at again for so long: another process may commit an earlier one."""


class Feed:
    """Reads the events that are new since the last look."""

    def __init__(self, store: Store) -> None:
        """Nothing is known until `begin`."""
        self._store = store
        self._looked = 0.0
        self._heads: dict[str, int] = {}

    def begin(self, plugins: Collection[str]) -> None:
        """What has happened so far is not told; what is under way is followed on."""
        with self._store.read() as session:
            self._looked = session.execute(select(now())).scalar_one()
            found = self._lately(session, plugins)
            self._heads = {row["id"]: row["next_seq"] - 1 for row in found}

    def read(
        self, plugins: Collection[str], hear: Callable[[str, JobEvent], None]
    ) -> None:
        """Tell what is new of these plugins' jobs."""
        with self._store.read() as session:
            looked = session.execute(select(now())).scalar_one()
            found = self._lately(session, plugins)
            for job in found:
                head = self._heads.get(job["id"])
                if head is None:
                    head = _begun(session, job)
                risen = job["next_seq"] - 1 > head
                for event in _after(session, job["id"], head) if risen else ():
                    head = event["seq"]
                    hear(job["plugin_id"], _told(job, event))
                self._heads[job["id"]] = head
        here = {job["id"] for job in found}
        self._heads = {i: head for i, head in self._heads.items() if i in here}
        self._looked = looked

    def _lately(
        self, session: Session, plugins: Collection[str]
    ) -> list[dict[str, Any]]:
        """The jobs that have not ended, or not long before the last look."""
        columns = ("id", "plugin_id", "worker", "account_id", "state", "next_seq")
        since = self._looked - OVERLAP_SECONDS
        which: ColumnElement[bool] = or_(
            jobs.c.state.in_((*WAITING, RUNNING)), jobs.c.ended_at > since
        )
        mine = jobs.c.plugin_id.in_(list(plugins)) & which
        statement = select(*(jobs.c[name] for name in columns)).where(mine)
        rows = session.execute(statement.order_by(jobs.c.id)).mappings()
        return [dict(row) for row in rows]


def _begun(session: Session, job: dict[str, Any]) -> int:
    """The event before a job, or its latest retry, began."""
    ends = (
        select(job_events.c.seq)
        .where(job_events.c.job_id == job["id"], job_events.c.type.in_(ENDED))
        .where(job_events.c.seq < job["next_seq"] - 1)
        .order_by(job_events.c.seq.desc())
        .limit(1)
    )
    return session.execute(ends).scalar_one_or_none() or 0


def _after(session: Session, job_id: str, seq: int) -> list[dict[str, Any]]:
    mine = (job_events.c.job_id == job_id) & (job_events.c.seq > seq)
    statement = select(job_events).where(mine).order_by(job_events.c.seq).limit(AT_ONCE)
    return [dict(row) for row in session.execute(statement).mappings()]


def _told(job: dict[str, Any], event: dict[str, Any]) -> JobEvent:
    return JobEvent(
        job["id"],
        event["seq"],
        event["type"],
        job["worker"],
        job["account_id"],
        event["data"],
        event["at"],
    )
