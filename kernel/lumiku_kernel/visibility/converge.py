"""Whether every living process goes by a change of the configuration yet."""

import time

from sqlalchemy import or_, select

from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import processes
from lumiku_kernel.visibility.snapshot import ALIVE_SECONDS

LOOK_EVERY = 0.02
PATIENCE = 5.0
"""Seconds after which the processes that lag are named."""


def lagging(store: Store, epoch: int) -> list[dict[str, str]]:
    """Living processes that have not adopted `epoch` or a later one."""
    behind = or_(processes.c.epoch.is_(None), processes.c.epoch < epoch)
    alive = processes.c.seen_at > now() - ALIVE_SECONDS
    columns = (processes.c.id, processes.c.role, processes.c.name)
    statement = select(*columns).where(alive, behind).order_by(processes.c.id)
    with store.read() as session:
        return [dict(row) for row in session.execute(statement).mappings()]


def converged(
    store: Store, epoch: int, seconds: float = PATIENCE
) -> list[dict[str, str]]:
    """Wait up to `seconds` until nobody lags; those who still do."""
    until = time.monotonic() + seconds
    while (behind := lagging(store, epoch)) and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
    return behind
