"""Ends a job that is no longer wanted: at once while it waits, soon while it runs."""

from sqlalchemy import select, update

from lumiku_kernel.errors import not_found
from lumiku_kernel.jobs import finish, states
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import jobs


def cancel(
    store: Store, job_id: str, account_id: str | None, *, by: By | None = None
) -> None:
    """Ask for the end of a job, or 404; an ended job stays as it is.

    `account_id` is the owner who asks; None for an operator, whom `by` names. What has
    been delivered stays delivered and paid.
    """
    with store.write() as session:
        row = (
            session.execute(select(jobs).where(jobs.c.id == job_id).with_for_update())
            .mappings()
            .first()
        )
        if row is None or account_id not in (None, row["account_id"]):
            raise not_found("job")
        if row["state"] in states.MOVES["cancel"].before:
            finish.end(
                session,
                job_id,
                epoch=row["epoch"],
                from_states=states.MOVES["cancel"].before,
                state=states.CANCELED,
            )
        elif row["state"] == states.RUNNING and row["cancel_requested_at"] is None:
            mine = update(jobs).where(jobs.c.id == job_id)
            session.execute(mine.values(cancel_requested_at=now()))
        else:
            return
        if by is not None:
            after = {"state": states.CANCELED}
            before = {"state": row["state"]}
            by.write(session, "job.cancel", job_id, before=before, after=after)
