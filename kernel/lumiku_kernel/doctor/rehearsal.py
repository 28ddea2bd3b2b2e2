"""Somebody made for a check, with a job that nobody takes; gone when it is over."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import delete, exists, insert, select, update
from sqlmodel import Session

from lumiku_kernel.accounts import keys, users
from lumiku_kernel.accounts.passwords import hash_password
from lumiku_kernel.jobs import events, states
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.tables import (
    accounts,
    api_keys,
    job_events,
    jobs,
    ledger_txns,
    sessions,
)

SECONDS = 120.0
"""What a killed check has left lets nobody in after so long."""
KIND = "rehearsal"
DOMAIN = "rehearsal.invalid"
ROLES = ("user", "operator")


@dataclass(frozen=True, slots=True)
class Guest:
    """An account that lives for one check."""

    id: str
    email: str
    password: str
    key: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A viewer, an operator, and the viewer's job, to which nothing happens."""

    store: Store
    viewer: Guest
    operator: Guest
    job: str

    def happen(self, mark: str) -> None:
        """Have an event with this mark happen to the job."""
        mine = jobs.c.id == self.job
        with self.store.write() as session:
            seq = session.execute(select(jobs.c.next_seq).where(mine)).scalar_one()
            session.execute(update(jobs).where(mine).values(next_seq=seq + 1))
            events.append(session, self.job, seq, KIND, {"mark": mark})


@contextmanager
def rehearsal(store: Store) -> Iterator[Rehearsal]:
    """Make them, also taking away what a check that was killed has left."""
    password = secrets.token_urlsafe(18)
    hashed = hash_password(password)
    with store.write() as session:
        _clear(session, old=True)
        viewer, operator = (_guest(session, role, password, hashed) for role in ROLES)
        job = _job(session, viewer.id)
    try:
        yield Rehearsal(store, viewer, operator, job)
    finally:
        with store.write() as session:
            _clear(session, {viewer.id, operator.id})


def _guest(session: Session, role: str, password: str, hashed: str) -> Guest:
    email = f"{new_id(role)}@{DOMAIN}"
    ident = users.create(session, email, role=role, password=hashed)
    at = session.execute(select(now())).scalar_one()
    scopes = keys.SCOPES if role == "user" else (*keys.SCOPES, keys.OPERATOR)
    _, key = keys.create_key(
        session, ident, KIND, scopes=scopes, expires_at=at + SECONDS
    )
    return Guest(ident, email, password, key)


def _job(session: Session, account_id: str) -> str:
    """A job of no plugin, that waits longer than it may live: nobody claims it."""
    ident = new_id("job")
    words = ("plugin_id", "plugin_version", "worker", "model", "provider", "slot")
    session.execute(
        insert(jobs).values(
            id=ident,
            account_id=account_id,
            **dict.fromkeys(words, KIND),
            interactive=False,
            input={},
            snapshot={},
            price=0,
            state=states.RETRY_WAIT,
            funding=1,
            attempts=1,
            items_total=0,
            not_before=now() + 10 * SECONDS,
            deadline_at=now() + 5 * SECONDS,
            created_at=now(),
        )
    )
    return ident


def _clear(
    session: Session, whose: set[str] | None = None, *, old: bool = False
) -> None:
    guests = accounts.c.email.like(f"%@{DOMAIN}") & (
        accounts.c.created_at < now() - SECONDS
        if old
        else accounts.c.id.in_(whose or ())
    )
    ids = session.execute(select(accounts.c.id).where(guests)).scalars().all()
    theirs = select(jobs.c.id).where(jobs.c.account_id.in_(ids))
    session.execute(delete(job_events).where(job_events.c.job_id.in_(theirs)))
    for table in (jobs, api_keys, sessions):
        session.execute(delete(table).where(table.c.account_id.in_(ids)))
    # Whom the ledger names meanwhile, because of an allowance, keeps a row.
    known = exists().where(ledger_txns.c.account_id == accounts.c.id)
    session.execute(delete(accounts).where(accounts.c.id.in_(ids), ~known))
    gone = {"deleted_at": now(), "disabled_at": now(), "password": None}
    session.execute(update(accounts).where(accounts.c.id.in_(ids)).values(**gone))
