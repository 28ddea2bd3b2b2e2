"""Takes the next job of a class of slots; keeps it by a lease; gives it back.

Every claim raises the job's epoch, and every later write is conditional on it: a
process that has lost its lease can change nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session

from lumiku_kernel.jobs import events, finish, states
from lumiku_kernel.jobs.choose import Claimant, next_job
from lumiku_kernel.store import Store, changed, now
from lumiku_kernel.store.tables import circuits, jobs

TURNSTILE = 0x6C756D69
"""The lock of PostgreSQL that claims pass one by one, so that limits are judged by
what runs, not by what ran a moment ago. SQLite's writers pass one by one anyway."""


def claim(
    store: Store, asks: Claimant, ready: Callable[[], bool] = lambda: True
) -> dict[str, Any] | None:
    """The claimed job's row, or None if there is nothing that may be done.

    A look without the write lock comes first, so that an idle slot costs one read.
    `ready` is asked when there is work: whoever could not begin it now leaves it.
    """
    if store.glance(*next_job(asks, lock=False)) is None or not ready():
        return None
    chosen, given = next_job(asks, lock=not store.is_sqlite)
    given |= {"owner": asks.owner, "seconds": asks.lease_seconds}
    statement = _taking(chosen)
    with store.write() as session:
        if not store.is_sqlite:
            session.execute(select(func.pg_advisory_xact_lock(TURNSTILE)))
        row = session.execute(statement, given).mappings().first()
        if row is None:
            return None
        job = dict(row)
        if job.pop("doubted"):
            _probe(session, job)
        kind = "started" if job["epoch"] == 1 else "restarted"
        data = {
            "epoch": job["epoch"],
            "attempt": job["attempt"],
            "progress": _done(job),
        }
        events.append(session, job["id"], job["next_seq"] - 1, kind, data)
    return job


@cache
def _taking(chosen: Select[Any]) -> ReturningUpdate[Any]:
    return (
        update(jobs)
        .where(
            jobs.c.id == chosen.scalar_subquery(),
            jobs.c.state.in_(states.MOVES["claim"].before),
        )
        .values(
            state=states.RUNNING,
            epoch=jobs.c.epoch + 1,
            attempt=jobs.c.attempt + 1,
            lease_owner=bindparam("owner"),
            lease_until=now() + bindparam("seconds", type_=Float()),
            started_at=func.coalesce(jobs.c.started_at, now()),
            next_seq=jobs.c.next_seq + 1,
        )
        .returning(*jobs.c, exists().where(_is_shut(jobs.c.model)).label("doubted"))
    )


def overtaken(store: Store, asks: Claimant, job: Mapping[str, Any]) -> bool:
    """Whether another waits whose turn comes before what `job` still lacks."""
    return store.glance(*next_job(asks, lock=False, before=job)) is not None


def _probe(session: Session, job: dict[str, Any]) -> None:
    """Of a model that has failed, this one job says whether it works again."""
    values = {"state": "half_open", "probe": job["id"]}
    session.execute(update(circuits).where(_is_shut(job["model"])).values(**values))


def _is_shut(model: Any) -> ColumnElement[bool]:
    return and_(circuits.c.name == model, circuits.c.state != "closed")


def _done(job: dict[str, Any]) -> float:
    ended: int = job["items_ok"] + job["items_failed"]
    total: int = job["items_total"]
    return round(ended / total, 4)


def renew(
    store: Store, held: Iterable[tuple[str, int]], *, lease_seconds: float
) -> dict[tuple[str, int], bool]:
    """Prolong the leases still held; `{(job id, epoch): cancel requested}` for those.

    A lease that is not in the answer is lost.
    """
    wanted = list(held)
    if not wanted:
        return {}
    statement = (
        update(jobs)
        .where(
            tuple_(jobs.c.id, jobs.c.epoch).in_(wanted),
            jobs.c.state == states.RUNNING,
            jobs.c.lease_until > now(),
        )
        .values(lease_until=now() + lease_seconds)
        .returning(jobs.c.id, jobs.c.epoch, jobs.c.cancel_requested_at)
    )
    with store.write(quiet=True) as session:
        return {
            (row.id, row.epoch): row.cancel_requested_at is not None
            for row in session.execute(statement)
        }


def give_back(
    session: Session,
    job_id: str,
    epoch: int,
    *,
    rescued: bool,
    wait: float = 0.0,
    spent: bool = True,
) -> None:
    """Queue a running job again, fencing whoever has it, or raise `LostLease`.

    `rescued` counts against the job: its runner or worker process died of it. A wait
    counts as an attempt, unless it is not `spent`. A job that was cancelled meanwhile
    ends here.
    """
    asked = select(jobs.c.cancel_requested_at).where(jobs.c.id == job_id)
    if session.execute(asked.with_for_update()).scalar_one() is not None:
        running = states.MOVES["stop"].before
        finish.end(
            session, job_id, epoch=epoch, from_states=running, state=states.CANCELED
        )
        return
    state = states.RETRY_WAIT if wait else states.QUEUED
    statement = (
        update(jobs)
        .where(
            jobs.c.id == job_id, jobs.c.epoch == epoch, jobs.c.state == states.RUNNING
        )
        .values(
            state=state,
            epoch=jobs.c.epoch + 1,
            rescues=jobs.c.rescues + (1 if rescued else 0),
            attempt=jobs.c.attempt if wait and spent else jobs.c.attempt - 1,
            lease_owner=None,
            lease_until=None,
            not_before=now() + wait,
            next_seq=jobs.c.next_seq + 1,
        )
        .returning(jobs.c.next_seq)
    )
    seq = session.execute(statement).scalar_one_or_none()
    if seq is None:
        raise states.LostLease(job_id)
    data = {"rescued": rescued, **({"retry_in": round(wait, 1)} if wait else {})}
    events.append(session, job_id, seq - 1, states.QUEUED, data)


def due(session: Session) -> int:
    """Queue the jobs whose wait is over; how many."""
    statement = (
        update(jobs)
        .where(jobs.c.state == states.RETRY_WAIT, jobs.c.not_before <= now())
        .values(state=states.QUEUED)
    )
    return changed(session, statement)
