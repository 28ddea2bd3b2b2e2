"""Forgets an account: at once what lets anybody in, then jobs, files, plugins' rows.

An account that leaves keeps its row, without a name, because the ledger names it. Its
`forgetting` says who must still forget it, and why they could not; it is tried until
nobody is left.
"""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlmodel import Session

from lumiku_kernel.accounts import users
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import cancel, forget, states
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.jobs.farewell import forgotten_by, keepers
from lumiku_kernel.plugins import Registry
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import (
    accounts,
    api_keys,
    deliveries,
    idempotencies,
    jobs,
    sessions,
    sign_ins,
    uploads,
    webhooks,
)

KERNEL = "kernel"
log = logging.getLogger(__name__)


def leave(
    store: Store, shelf: Shelf, registry: Registry, account_id: str, by: By
) -> bool:
    """Delete an account; whether all of it is gone already.

    409 `last-operator` for the only one who can operate this.
    """
    with store.write() as session:
        account = users.get(session, account_id)
        if account["deleted_at"] is None:
            _spare_the_last(session, account)
            due = {KERNEL: "", **dict.fromkeys(keepers(session, registry), "")}
            _close(session, account_id, due)
            by.write(session, "user.delete", account_id, before=None, after=None)
    return go_on(store, shelf, registry, account_id)


def _spare_the_last(session: Session, account: Mapping[str, Any]) -> None:
    if account["role"] != "operator":
        return
    others = (accounts.c.role == "operator") & (accounts.c.id != account["id"])
    there = select(func.count()).select_from(accounts)
    if not session.execute(
        there.where(others, accounts.c.disabled_at.is_(None))
    ).scalar_one():
        detail = "Nobody could operate this any more; make another operator first."
        raise Problem(409, "last-operator", detail)


def _close(session: Session, ident: str, due: dict[str, str]) -> None:
    """Let nobody in any more, free the address, keep no name."""
    hooks = select(webhooks.c.id).where(webhooks.c.account_id == ident)
    session.execute(delete(deliveries).where(deliveries.c.webhook_id.in_(hooks)))
    for table in (webhooks, sessions, api_keys, sign_ins):
        session.execute(delete(table).where(table.c.account_id == ident))
    nobody = {
        "email": f"{ident}@deleted.invalid",
        "name": "",
        "password": None,
        "role": "user",
        "disabled_at": now(),
        "deleted_at": now(),
        "forgetting": due,
    }
    session.execute(update(accounts).where(accounts.c.id == ident).values(**nobody))


def leaving(store: Store) -> list[str]:
    """The accounts that somebody must still forget.

    A job accepted in the moment of leaving is found here too.
    """
    gone = accounts.c.deleted_at.is_not(None)
    late = exists().where(jobs.c.account_id == accounts.c.id)
    columns = (accounts.c.id, accounts.c.forgetting, late.label("late"))
    with store.read() as session:
        rows = session.execute(select(*columns).where(gone)).all()
    return [row.id for row in rows if row.forgetting or row.late]


def go_on(store: Store, shelf: Shelf, registry: Registry, account_id: str) -> bool:
    """Have those forget it who must still; whether nobody is left."""
    with store.read() as session:
        row = users.get(session, account_id)
    due = {KERNEL: "", **(row["forgetting"] or {})}
    if not _end_jobs(store, account_id):
        return False  # runners are told; what they make must end first
    for who in list(due):
        if who == KERNEL:
            _forget(store, shelf, account_id)
            fault = None
        else:
            fault = forgotten_by(registry, store, who, account_id)
        if fault is None:
            del due[who]
        else:
            due[who] = fault
            log.error("plugin %s could not forget %s: %s", who, account_id, fault)
    mine = update(accounts).where(accounts.c.id == account_id)
    with store.write() as session:
        session.execute(mine.values(forgetting=due))
    return not due


def _end_jobs(store: Store, account_id: str) -> bool:
    """Cancel what is under way; whether nothing is, and all is released."""
    going = (jobs.c.account_id == account_id) & jobs.c.state.notin_(states.ENDED)
    with store.read() as session:
        ids = list(session.execute(select(jobs.c.id).where(going)).scalars())
    for job_id in ids:
        cancel.cancel(store, job_id, account_id)
    with store.read() as session:
        return session.execute(select(jobs.c.id).where(going).limit(1)).first() is None


def _forget(store: Store, shelf: Shelf, account_id: str) -> None:
    mine = select(jobs.c.id).where(jobs.c.account_id == account_id)
    while True:
        with store.write() as session:
            ids = list(session.execute(mine.limit(forget.AT_ONCE)).scalars())
            keys = forget.forget_jobs(session, ids)
        forget.drop(shelf, keys)
        if not ids:
            break
    scope = idempotencies.c.scope.startswith(f"{account_id} ", autoescape=True)
    with store.write() as session:
        session.execute(delete(idempotencies).where(scope))
        pictures = delete(uploads).where(uploads.c.account_id == account_id)
        gone = session.execute(pictures.returning(uploads.c.key)).scalars().all()
    forget.drop(shelf, gone)
