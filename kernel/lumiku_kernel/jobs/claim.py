"""Takes the next job of a class of slots; keeps it by a lease; gives it back.

Every claim raises the job's epoch, and every later write is conditional on it: a
process that has lost its lease can change nothing.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import case, func, select, tuple_, update
from sqlmodel import Session

from lumiku_kernel.jobs import events, finish, states
from lumiku_kernel.store import Store, changed, now
from lumiku_kernel.store.tables import accounts, jobs

_TIER_FIRST = case(
    {"enterprise": 0, "pro": 1, "basic": 2}, value=accounts.c.tier, else_=3
)


def claim(
    store: Store,
    *,
    slot: str,
    plugins: Collection[str],
    owner: str,
    lease_seconds: float,
) -> dict[str, Any] | None:
    """The claimed job's row, or None if there is nothing to do.

    A look without the write lock comes first, so that an idle slot costs one read.
    """
    queued = (
        (jobs.c.state == states.QUEUED)
        & (jobs.c.slot == slot)
        & (jobs.c.not_before <= now())
        & (jobs.c.deadline_at > now())
        & (jobs.c.plugin_id.in_(list(plugins)))
    )
    with store.read() as session:
        if session.execute(select(jobs.c.id).where(queued).limit(1)).first() is None:
            return None
    first = (
        select(jobs.c.id)
        .join(accounts, accounts.c.id == jobs.c.account_id)
        .where(queued)
        .order_by(jobs.c.interactive.desc(), _TIER_FIRST, jobs.c.created_at, jobs.c.id)
        .limit(1)
    )
    if not store.is_sqlite:
        first = first.with_for_update(skip_locked=True, of=jobs)
    statement = (
        update(jobs)
        .where(jobs.c.id == first.scalar_subquery(), jobs.c.state == states.QUEUED)
        .values(
            state=states.RUNNING,
            epoch=jobs.c.epoch + 1,
            attempt=jobs.c.attempt + 1,
            lease_owner=owner,
            lease_until=now() + lease_seconds,
            started_at=func.coalesce(jobs.c.started_at, now()),
            next_seq=jobs.c.next_seq + 1,
        )
        .returning(*jobs.c)
    )
    with store.write() as session:
        row = session.execute(statement).mappings().first()
        if row is None:
            return None
        job = dict(row)
        kind = "started" if job["epoch"] == 1 else "restarted"
        data = {
            "epoch": job["epoch"],
            "attempt": job["attempt"],
            "progress": _done(job),
        }
        events.append(session, job["id"], job["next_seq"] - 1, kind, data)
    return job


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
    with store.write() as session:
        return {
            (row.id, row.epoch): row.cancel_requested_at is not None
            for row in session.execute(statement)
        }


def give_back(
    session: Session, job_id: str, epoch: int, *, rescued: bool, wait: float = 0.0
) -> None:
    """Queue a running job again, fencing whoever has it, or raise `LostLease`.

    `rescued` counts against the job: its runner or worker process died of it. A job
    that was cancelled meanwhile ends here.
    """
    asked = select(jobs.c.cancel_requested_at).where(jobs.c.id == job_id)
    if session.execute(asked).scalar_one() is not None:
        running = (states.RUNNING,)
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
            attempt=jobs.c.attempt if wait else jobs.c.attempt - 1,
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
