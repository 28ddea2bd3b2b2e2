"""Which queued job is next: by rank and turn, as far as limits allow.

The limits are judged in the statement that claims: jobs of a viewer at once by tier,
jobs at once of a remote provider, a plugin's share of the slots while others wait, and
the circuits of models that fail.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_

from lumiku_kernel.jobs import states
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import accounts, circuits, jobs, tiers

SHARE = 0.6
"""Of the slots of a class; no plugin holds more while others' jobs wait."""
REMOTE = "io"


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who asks for a job, for which class of slots; what holds for all who ask.

    `slots` counts those of the class in all living worker processes, `provider_most`
    is how many jobs of one remote provider run at once.
    """

    slot: str
    plugins: Collection[str]
    owner: str
    lease_seconds: float
    slots: int = 1
    provider_most: int | None = None


def next_job(
    asks: Claimant, *, lock: bool, before: Mapping[str, Any] | None = None
) -> tuple[Select[Any], dict[str, Any]]:
    """The id of the next job, null if there is none: a statement and what it is given.

    `lock` it as PostgreSQL must; `before` is the row of a job that it must precede.
    """
    most = max(1, int(asks.slots * SHARE))
    given: dict[str, Any] = {"of_slot": asks.slot, "plugins": sorted(asks.plugins)}
    bounded = asks.provider_most is not None and asks.slot == REMOTE
    if bounded:
        given["provider_most"] = asks.provider_most
    if most < asks.slots:
        given["plugin_most"] = most
    if before is not None:
        given |= {"its_rank": before["rank"], "its_turn": before["turn"]}
    statement = _statement(
        lock=lock,
        bounded=bounded,
        shared=most < asks.slots,
        preceding=before is not None,
    )
    return statement, given


@cache
def _statement(
    *, lock: bool, bounded: bool, shared: bool, preceding: bool
) -> Select[Any]:
    """Made once: it is asked very often, and long."""
    may_run = _queued() & _allowed(bounded=bounded)
    if preceding:
        places = tuple_(jobs.c.rank, jobs.c.turn)
        may_run &= places < tuple_(bindparam("its_rank"), bindparam("its_turn"))
    found = [_first(may_run, lock=lock)]
    if shared:
        greedy = _running(jobs.c.plugin_id).where(jobs.c.slot == bindparam("of_slot"))
        greedy = greedy.having(func.count() >= bindparam("plugin_most"))
        modest = jobs.c.plugin_id.not_in(greedy)
        found.insert(0, _first(may_run & modest, lock=lock))
    ids = [one.scalar_subquery() for one in found]
    return select(func.coalesce(*ids) if shared else ids[0])


def _first(may_run: ColumnElement[bool], *, lock: bool) -> Select[Any]:
    order = (jobs.c.rank, jobs.c.turn, jobs.c.id)
    first = select(jobs.c.id).where(may_run).order_by(*order).limit(1)
    return first.with_for_update(skip_locked=True) if lock else first


def _queued() -> ColumnElement[bool]:
    return (
        (jobs.c.state == states.QUEUED)
        & (jobs.c.slot == bindparam("of_slot"))
        & (jobs.c.not_before <= now())
        & (jobs.c.deadline_at > now())
        & jobs.c.plugin_id.in_(bindparam("plugins", expanding=True))
    )


def _allowed(*, bounded: bool) -> ColumnElement[bool]:
    full = (
        _running(jobs.c.account_id)
        .join(accounts, accounts.c.id == jobs.c.account_id)
        .join(tiers, tiers.c.name == accounts.c.tier)
        .group_by(tiers.c.max_running)
        .having(func.count() >= tiers.c.max_running)
    )
    allowed = jobs.c.account_id.not_in(full) & jobs.c.model.not_in(_shut())
    if bounded:
        busy = _running(jobs.c.provider).where(jobs.c.slot == REMOTE)
        busy = busy.having(func.count() >= bindparam("provider_most"))
        allowed &= jobs.c.provider.not_in(busy)
    return allowed


def _running(column: ColumnElement[Any]) -> Select[Any]:
    """The values of `column` among running jobs, each once."""
    running = select(column).where(jobs.c.state == states.RUNNING)
    return running.group_by(column).correlate(None)


def _shut() -> Select[Any]:
    """Models whose circuit is open, or whose one probe is under way."""
    running = select(jobs.c.id).where(jobs.c.state == states.RUNNING).correlate(None)
    probed = (circuits.c.state == "half_open") & circuits.c.probe.in_(running)
    still = (circuits.c.state == "open") & (circuits.c.open_until > now())
    return select(circuits.c.name).where(still | probed)
