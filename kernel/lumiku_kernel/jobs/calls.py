"""Tells a model's circuit what its calls have come to."""

import logging
import random
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.jobs.circuit import Circuit, Heard, heard, may_retry, one_more
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import circuits

log = logging.getLogger(__name__)
COLUMNS = tuple(one.name for one in fields(Circuit))


def called(store: Store, job: dict[str, Any], came: Heard, detail: str = "") -> bool:
    """Note a call of a job's model; whether it is left alone now.

    A call that went well costs a read, unless the model or its provider has failed of
    late.
    """
    if came == "ok":
        with store.read() as session:
            known = _read(session, job["model"])
            budget = _read(session, provider_row(job))
        counts = budget is not None and budget[0].counting(budget[1])
        if not counts and (known is None or known[0].quiet(known[1])):
            return False

    def note(session: Session) -> bool:
        _count(session, job)
        return _note(session, job, came, detail)

    return _twice(store, note)


def asks_again(store: Store, job: dict[str, Any]) -> bool:
    """Count another try of a job at its provider; False if there were too many.

    So a provider that fails everybody is not also asked everything again and again.
    """

    def act(session: Session) -> bool:
        at, before = _row(session, provider_row(job))
        after = may_retry(before, at)
        if after is not None:
            _write(session, provider_row(job), after, at)
        return after is not None

    return _twice(store, act)


def provider_row(job: dict[str, Any]) -> str:
    """The name of the row of a job's provider."""
    return f"@{job['provider']}"


def _twice(store: Store, act: Callable[[Session], bool]) -> bool:
    try:
        with store.write() as session:
            return act(session)
    except IntegrityError:  # another has written its first row: there is one now
        with store.write() as session:
            return act(session)


def _count(session: Session, job: dict[str, Any]) -> None:
    at, before = _row(session, provider_row(job))
    _write(session, provider_row(job), one_more(before, at), at)


def _row(session: Session, name: str) -> tuple[float, Circuit]:
    """The database's clock, and a row that is made if there is none; locked."""
    known = _read(session, name, lock=True)
    if known is not None:
        return known[1], known[0]
    at = session.execute(select(now())).scalar_one()
    session.execute(insert(circuits).values(name=name, at=at, **asdict(Circuit(at))))
    return at, Circuit(at)


def _write(session: Session, name: str, after: Circuit, at: float) -> None:
    mine = update(circuits).where(circuits.c.name == name)
    session.execute(mine.values(**asdict(after), at=at))


def _note(session: Session, job: dict[str, Any], came: Heard, detail: str) -> bool:
    at, before = _row(session, job["model"])
    luck = random.random()  # noqa: S311 (jitter is no secret)
    after = heard(before, came, job=job["id"], at=at, detail=detail, luck=luck)
    if after != before:
        _write(session, job["model"], after, at)
    if after.state != before.state:
        log.warning("the circuit of %s is %s: %s", job["model"], after.state, detail)
    return after.state != "closed"


def _read(
    session: Session, model: str, *, lock: bool = False
) -> tuple[Circuit, float] | None:
    """A model's circuit, and the database's clock."""
    mine = select(circuits, now().label("clock")).where(circuits.c.name == model)
    if lock:
        mine = mine.with_for_update()
    row = session.execute(mine).mappings().first()
    if row is None:
        return None
    return Circuit(**{name: row[name] for name in COLUMNS}), row["clock"]
