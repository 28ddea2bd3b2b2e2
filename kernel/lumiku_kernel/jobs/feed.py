"""What happens to jobs, for plugins that want to hear of it."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_contracts import JobEvent
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.tables import job_events, jobs

AT_ONCE = 200
OVERLAP = 1000
"""Jobs looked at again, because another process may commit a smaller id later."""


class Feed:
    """Reads the events that are new since the last look."""

    def __init__(self, store: Store) -> None:
        """Jobs made before now are followed from where they are."""
        self._store = store
        self._since = new_id("job")
        self._heads: dict[str, int] = {}
        self._done: list[str] = []

    def begin(self, plugins: Collection[str]) -> None:
        """Take note of the jobs that are under way."""
        mine = jobs.c.plugin_id.in_(list(plugins)) & jobs.c.ended_at.is_(None)
        with self._store.read() as session:
            rows = session.execute(select(jobs.c.id, jobs.c.next_seq).where(mine))
            self._heads = {row.id: row.next_seq - 1 for row in rows}

    def read(
        self, plugins: Collection[str], hear: Callable[[str, JobEvent], None]
    ) -> None:
        """Tell what is new of these plugins' jobs."""
        with self._store.read() as session:
            self._find(session, plugins)
            for job in self._risen(session):
                for event in _after(session, job["id"], self._heads[job["id"]]):
                    self._heads[job["id"]] = event["seq"]
                    hear(job["plugin_id"], _told(job, event))
                    if event["type"] in ENDED:
                        self._forget(job["id"])

    def _find(self, session: Session, plugins: Collection[str]) -> None:
        fresh = (jobs.c.id > self._since) & jobs.c.plugin_id.in_(list(plugins))
        found = session.execute(select(jobs.c.id).where(fresh).order_by(jobs.c.id))
        for ident in found.scalars():
            if ident not in self._heads and ident not in self._done:
                self._heads[ident] = 0
        if len(self._done) > 2 * OVERLAP:
            self._since = max(self._since, self._done[-OVERLAP - 1])
            self._done = self._done[-OVERLAP:]

    def _risen(self, session: Session) -> list[dict[str, Any]]:
        columns = (jobs.c.id, jobs.c.plugin_id, jobs.c.worker, jobs.c.account_id)
        known = jobs.c.id.in_(list(self._heads))
        rows = session.execute(select(*columns, jobs.c.next_seq).where(known))
        return [
            dict(row)
            for row in rows.mappings()
            if row["next_seq"] - 1 > self._heads[row["id"]]
        ]

    def _forget(self, ident: str) -> None:
        del self._heads[ident]
        if ident > self._since:
            self._done.append(ident)
            self._done.sort()


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
