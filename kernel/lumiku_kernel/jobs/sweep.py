"""Mends what dead processes have left: one process at a time does it for all."""

import logging

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.jobs import claim, finish, states
from lumiku_kernel.store import Store, changed, now
from lumiku_kernel.store.tables import jobs, leases

LEASE = "sweeper"
LONGEST = 600.0
"""Seconds: nobody asks for a lease of more."""
AT_ONCE = 100
LATE = ("deadline", "It was not finished before its deadline.")

log = logging.getLogger(__name__)


def elected(store: Store, owner: str, *, seconds: float, task: str = LEASE) -> bool:
    """Whether `owner` is the one to do a `task` for the next `seconds`."""
    with store.read() as session:
        others = (leases.c.owner != owner) & _held()
        if session.execute(
            select(leases.c.name).where(leases.c.name == task, others)
        ).first():
            return False
    mine = (leases.c.name == task) & ((leases.c.owner == owner) | ~_held())
    take = update(leases).where(mine).values(owner=owner, until=now() + seconds)
    try:
        with store.write(quiet=True) as session:
            if changed(session, take) == 1:
                return True
            session.execute(
                insert(leases).values(name=task, owner=owner, until=now() + seconds)
            )
    except IntegrityError:  # another has it
        return False
    return True


def _held() -> ColumnElement[bool]:
    """A lease counts until its end; one that ends absurdly late is none."""
    return leases.c.until.between(now(), now() + LONGEST)


def sweep(store: Store) -> int:
    """Rescue, wake and expire jobs; how many were touched."""
    touched = 0
    with store.read() as session:
        lost = _ids(
            session, (jobs.c.state == states.RUNNING) & (jobs.c.lease_until < now())
        )
        late = _ids(
            session, jobs.c.state.in_(states.WAITING) & (jobs.c.deadline_at < now())
        )
        overdue = _ids(
            session, (jobs.c.state == states.RUNNING) & (jobs.c.deadline_at < now())
        )
        deaf = _ids(
            session,
            (jobs.c.state == states.RUNNING)
            & (jobs.c.cancel_requested_at < now() - states.CANCEL_GRACE),
        )
        waiting = _ids(
            session, (jobs.c.state == states.RETRY_WAIT) & (jobs.c.not_before <= now())
        )
    for job_id, epoch, _ in deaf:
        touched += _end(store, job_id, epoch, "stop", state=states.CANCELED)
    for job_id, epoch, rescues in lost:
        touched += _rescue(store, job_id, epoch, rescues)
    for job_id, epoch, _ in late:
        touched += _end(store, job_id, epoch, "expire", LATE, state=states.EXPIRED)
    for job_id, epoch, _ in overdue:
        touched += _end(store, job_id, epoch, "overrun", LATE)
    if waiting:
        with store.write() as session:
            touched += claim.due(session)
    return touched


def _ids(session: Session, which: ColumnElement[bool]) -> list[tuple[str, int, int]]:
    statement = (
        select(jobs.c.id, jobs.c.epoch, jobs.c.rescues).where(which).limit(AT_ONCE)
    )
    return [(row.id, row.epoch, row.rescues) for row in session.execute(statement)]


def _rescue(store: Store, job_id: str, epoch: int, rescues: int) -> int:
    log.warning("job %s lost its worker process; rescue %s", job_id, rescues + 1)
    if rescues + 1 >= states.MOST_RESCUES:
        detail = "Its worker process died, again and again."
        return _end(store, job_id, epoch, "rescue", ("worker-died", detail))
    try:
        with store.write() as session:
            claim.give_back(session, job_id, epoch, rescued=True)
    except states.LostLease:
        return 0  # it came back to life in between
    return 1


def _end(
    store: Store,
    job_id: str,
    epoch: int,
    move: str,
    fault: tuple[str, str] | tuple[None, None] = (None, None),
    *,
    state: str | None = None,
) -> int:
    try:
        with store.write() as session:
            finish.end(
                session,
                job_id,
                epoch=epoch,
                from_states=states.MOVES[move].before,
                state=state,
                code=fault[0],
                detail=fault[1],
            )
    except states.LostLease:
        return 0
    return 1
