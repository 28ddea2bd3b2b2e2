"""Whose turn it is: viewers are served in turn, item by item, whoever came with more.

This is start-time fair queueing. A job's `turn` is where it begins on a clock that
counts items: behind its viewer's last job, and never before what is being served. It
moves on with each item made. Whoever has the lowest turn is next within a `rank`, which
is interactive work before batches, then the dearer tier.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from lumiku_contracts import Tier
from lumiku_kernel.jobs import states
from lumiku_kernel.store.tables import jobs


class later(GenericFunction[int]):  # noqa: N801 (a function of SQL)
    """The greater of two numbers."""

    type = Integer()
    inherit_cache = True
    name = "lumiku_later"


@compiles(later, "sqlite")
def _max(element: Any, compiler: Any, **how: Any) -> str:
    return f"max({compiler.process(element.clauses, **how)})"


@compiles(later, "postgresql")
def _greatest(element: Any, compiler: Any, **how: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **how)})"


def rank_of(tier: Tier, *, interactive: bool) -> int:
    """0 is served first."""
    return (0 if interactive else len(Tier)) + max(Tier) - tier


def turn_of(account_id: str, slot: str, rank: int) -> ColumnElement[int]:
    """Where a job submitted now begins."""
    alike = (jobs.c.slot == slot) & (jobs.c.rank == rank)
    left = jobs.c.items_total - jobs.c.items_ok - jobs.c.items_failed
    behind = case((jobs.c.state.in_(states.ENDED), 0), else_=left)
    own = (
        select(jobs.c.turn + behind)
        .where(alike, jobs.c.account_id == account_id)
        .order_by(jobs.c.turn.desc(), jobs.c.id.desc())
        .limit(1)
    )
    served = (
        select(jobs.c.turn)
        .where(alike, jobs.c.started_at.is_not(None))
        .order_by(jobs.c.turn.desc())
        .limit(1)
    )
    return later(
        func.coalesce(own.scalar_subquery(), 0),
        func.coalesce(served.scalar_subquery(), 0),
    )
