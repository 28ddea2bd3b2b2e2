"""Tells a model's circuit what its calls have come to."""

import logging
import random
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.jobs.circuit import Circuit, Heard, heard
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import circuits

log = logging.getLogger(__name__)
COLUMNS = tuple(one.name for one in fields(Circuit))


def called(store: Store, job: dict[str, Any], came: Heard, detail: str = "") -> bool:
    """Note a call of a job's model; whether it is left alone now.

    A call that went well costs a read, unless the model has failed of late.
    """
    if came == "ok":
        with store.read() as session:
            known = _read(session, job["model"])
        if known is None or known[0].quiet(known[1]):
            return False
    try:
        with store.write() as session:
            return _note(session, job, came, detail)
    except IntegrityError:  # another has written its first row: there is one now
        with store.write() as session:
            return _note(session, job, came, detail)


def _note(session: Session, job: dict[str, Any], came: Heard, detail: str) -> bool:
    known = _read(session, job["model"], lock=True)
    if known is None:
        at = session.execute(select(now())).scalar_one()
        before = Circuit(at)
        session.execute(
            insert(circuits).values(name=job["model"], at=at, **asdict(before))
        )
    else:
        before, at = known
    luck = random.random()  # noqa: S311 (jitter is no secret)
    after = heard(before, came, job=job["id"], at=at, detail=detail, luck=luck)
    if after != before:
        mine = update(circuits).where(circuits.c.name == job["model"])
        session.execute(mine.values(**asdict(after), at=at))
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
