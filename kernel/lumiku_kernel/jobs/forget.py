"""Forgets: what a viewer deletes, what a tier keeps no longer, what is nobody's.

Rows go first and files after them: a file whose row is gone is nobody's, and is swept
away at the latest a day later. The ledger forgets nothing.
"""

import logging
import time
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, case, delete, exists, literal, select
from sqlmodel import Session

from lumiku_kernel.accounts import tiers
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import deliveries, states
from lumiku_kernel.jobs.artifacts import Shelf, Unkept
from lumiku_kernel.keeping import Keeping
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import (
    accounts,
    artifacts,
    idempotencies,
    job_events,
    job_items,
    jobs,
    processes,
    sessions,
    sign_ins,
    uploads,
)

DAY = 24 * 3600.0
EXPIRING = (idempotencies, sessions, sign_ins)
ORPHAN_SECONDS = DAY
"""A file without a row is left in peace so long: its job may still be running."""
AT_ONCE = 200
log = logging.getLogger(__name__)


def delete_job(store: Store, shelf: Shelf, job_id: str, account_id: str) -> None:
    """Forget an ended job of the viewer's with its artifacts; 404, or 409.

    Its idempotency key stays known: the same request is not paid twice.
    """
    with store.write() as session:
        mine = (jobs.c.id == job_id) & (jobs.c.account_id == account_id)
        state = session.execute(select(jobs.c.state).where(mine)).scalar_one_or_none()
        if state is None:
            raise not_found("job")
        if state not in states.ENDED:
            fix = f"POST /api/jobs/{job_id}/cancel"
            detail = f"A job that is {state} cannot be deleted yet."
            raise Problem(409, "job-not-ended", detail, fix=fix)
        keys = forget_jobs(session, [job_id])
    drop(shelf, keys)


def delete_artifact(store: Store, shelf: Shelf, ident: str, account_id: str) -> None:
    """Forget one of the viewer's artifacts, or 404; its job stays as it was."""
    mine = (artifacts.c.id == ident) & (artifacts.c.account_id == account_id)
    with store.write() as session:
        statement = delete(artifacts).where(mine).returning(artifacts.c.key)
        key = session.execute(statement).scalar_one_or_none()
    if key is None:
        raise not_found("artifact")
    drop(shelf, [key])


def forget_jobs(session: Session, job_ids: Collection[str]) -> list[str]:
    """Delete the rows of jobs; the keys of files that are nobody's then."""
    gone = delete(artifacts).where(artifacts.c.job_id.in_(job_ids))
    keys = list(session.execute(gone.returning(artifacts.c.key)).scalars())
    for table in (job_events, job_items):
        session.execute(delete(table).where(table.c.job_id.in_(job_ids)))
    session.execute(delete(jobs).where(jobs.c.id.in_(job_ids)))
    return keys


def drop(shelf: Shelf, keys: Iterable[str]) -> None:
    """Remove files whose rows are gone; those that cannot be are swept away later."""
    for key in keys:
        try:
            shelf.remove(key)
        except (Unkept, OSError) as error:
            log.warning("%s stays for now: %s", key, error)


def tidy(store: Store, shelf: Shelf, keeping: Keeping) -> None:
    """Forget what has run out, and remove files that belong to nobody."""
    _run_out(store, keeping)
    outdated(store, shelf, keeping)
    _bench(shelf)
    orphans(store, shelf)


def _run_out(store: Store, keeping: Keeping) -> None:
    another = processes.alias()
    replaced = exists().where(
        another.c.role == processes.c.role,
        another.c.started_at > processes.c.started_at,
    )
    with store.write() as session:
        for table in EXPIRING:
            session.execute(delete(table).where(table.c.expires_at < now()))
        deliveries.tidy(session, keeping.delivery_days)
        before = now() - DAY
        old = (processes.c.seen_at < before) & (processes.c.started_at < before)
        session.execute(delete(processes).where(old, replaced))


def outdated(store: Store, shelf: Shelf, keeping: Keeping) -> int:
    """Forget ended jobs and uploads older than their owner's tier keeps them."""
    touched = 0
    while True:
        done = _some_outdated(store, shelf, keeping)
        touched += done
        if done < AT_ONCE:
            return touched


def old_jobs(session: Session) -> Select[tuple[str]]:
    """The ended jobs that their owner's tier keeps no longer."""
    ended = jobs.c.state.in_(states.ENDED)
    return (
        select(jobs.c.id)
        .join(accounts, accounts.c.id == jobs.c.account_id)
        .where(ended, jobs.c.ended_at < _oldest(session))
    )


def old_uploads(session: Session, keeping: Keeping) -> Select[tuple[str]]:
    """The uploads that their owner's tier, or the setting, keeps no longer."""
    old = uploads.c.created_at < _oldest(session)
    if keeping.upload_days is not None:
        old |= uploads.c.created_at < now() - keeping.upload_days * DAY
    owned = select(uploads.c.id).join(accounts, accounts.c.id == uploads.c.account_id)
    return owned.where(old)


def _oldest(session: Session) -> ColumnElement[float]:
    """The moment since which an account's tier keeps what it has."""
    kept = {
        name: now() - terms.retention_days * DAY
        for name, terms in tiers.read(session).items()
        if terms.retention_days is not None
    }
    return case(kept, value=accounts.c.tier, else_=0.0) if kept else literal(0.0)


def _some_outdated(store: Store, shelf: Shelf, keeping: Keeping) -> int:
    with store.read() as session:
        ended = old_jobs(session).limit(AT_ONCE)
        lying = old_uploads(session, keeping).limit(AT_ONCE)
        if not session.execute(ended).first() and not session.execute(lying).first():
            return 0
    with store.write() as session:
        ids = list(session.execute(ended).scalars())
        keys = forget_jobs(session, ids)
        pictures = list(session.execute(lying).scalars())
        gone = delete(uploads).where(uploads.c.id.in_(pictures))
        keys += session.execute(gone.returning(uploads.c.key)).scalars()
    drop(shelf, keys)
    return max(len(ids), len(pictures))


def _bench(shelf: Shelf) -> None:
    before = time.time() - ORPHAN_SECONDS
    for path in shelf.bench.iterdir():
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def orphans(store: Store, shelf: Shelf) -> int:
    """Remove old files that no row names; how many."""
    removed, some = 0, []
    for key in shelf.older(time.time() - ORPHAN_SECONDS):
        some.append(key)
        if len(some) == AT_ONCE:
            removed += _nobodys(store, shelf, some)
            some = []
    return removed + _nobodys(store, shelf, some)


def _nobodys(store: Store, shelf: Shelf, keys: list[str]) -> int:
    with store.read() as session:
        known = {
            key
            for table in (artifacts, uploads)
            for key in session.execute(
                select(table.c.key).where(table.c.key.in_(keys))
            ).scalars()
        }
    lost = [key for key in keys if key not in known]
    for key in lost:
        log.info("removing %s: no row names it", key)
    drop(shelf, lost)
    return len(lost)
