"""What the database knows of all processes, as Prometheus reads it.

Worker processes have no port of their own: whatever they do is in the database.
"""

from collections.abc import Iterator
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import case, func, select
from sqlmodel import Session

from lumiku_kernel.jobs import states
from lumiku_kernel.jobs.space import MIB, free
from lumiku_kernel.newcomers import waiting
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import (
    artifacts,
    balances,
    deliveries,
    jobs,
    uploads,
)

LATELY = 900.0
"""Seconds in which jobs have ended lately."""
RECENT = 1000
"""The newest jobs, by which times are told."""
QUANTILES = (0.5, 0.95, 1.0)


class Kept(Collector):
    """Jobs, queues, times, credits, webhooks, files; about a dozen queries."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """As of the moment of collecting."""
        self._store = store
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each question."""
        with self._store.read() as session:
            yield from _jobs(session)
            yield from _queue(session)
            yield from _times(session)
            yield from _others(session)
        yield _gauge("lumiku_disk_free_bytes", "Free for data.", free(self._settings))
        floor = self._settings.disk_floor_mb * MIB
        yield _gauge("lumiku_disk_floor_bytes", "With less no job is taken.", floor)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=float(value))


def _jobs(session: Session) -> Iterator[GaugeMetricFamily]:
    labels = ("app", "state")
    found = GaugeMetricFamily("lumiku_jobs", "Jobs that are kept.", labels=labels)
    columns = (jobs.c.plugin_id, jobs.c.state)
    counted = select(*columns, func.count()).group_by(*columns)
    for app, state, count in session.execute(counted):
        found.add_metric((app, state), count)
    yield found
    ended = GaugeMetricFamily(
        "lumiku_jobs_ended_lately", "Ended in a quarter of an hour.", labels=labels
    )
    lately = counted.where(jobs.c.ended_at > now() - LATELY)
    for app, state, count in session.execute(lately):
        ended.add_metric((app, state), count)
    yield ended
    spent = func.sum(case((jobs.c.attempt > 1, jobs.c.attempt - 1), else_=0))
    sums = select(func.sum(jobs.c.rescues), spent)
    rescues, retries = session.execute(sums).one()
    yield _gauge("lumiku_job_rescues", "Rescues of jobs kept.", rescues or 0)
    yield _gauge("lumiku_job_retries", "Further tries of jobs kept.", retries or 0)


def _queue(session: Session) -> Iterator[GaugeMetricFamily]:
    depth = GaugeMetricFamily("lumiku_queue_depth", "Jobs due.", labels=("slot",))
    age = GaugeMetricFamily("lumiku_queue_age_seconds", "The oldest.", labels=("slot",))
    due = (jobs.c.state == states.QUEUED) & (jobs.c.not_before <= now())
    waited = func.max(now() - jobs.c.created_at)
    asked = select(jobs.c.slot, func.count(), waited).where(due).group_by(jobs.c.slot)
    told = {slot: (count, oldest) for slot, count, oldest in session.execute(asked)}
    for slot in {"cpu", "io", *told}:
        count, oldest = told.get(slot, (0, 0.0))
        depth.add_metric((slot,), count)
        age.add_metric((slot,), oldest)
    yield from (depth, age)


def _times(session: Session) -> Iterator[GaugeMetricFamily]:
    """Of the newest jobs: how long they waited, and how long they were run."""
    columns = (jobs.c.created_at, jobs.c.started_at, jobs.c.ended_at)
    newest = select(*columns).order_by(jobs.c.id.desc()).limit(RECENT)
    rows = session.execute(newest).all()
    begun = [row for row in rows if row.started_at is not None]
    for name, says, seconds in (
        ("claim", "Until claimed.", [r.started_at - r.created_at for r in begun]),
        ("run", "Run.", [r.ended_at - r.started_at for r in begun if r.ended_at]),
    ):
        family = GaugeMetricFamily(
            f"lumiku_job_{name}_seconds", f"{says} Newest jobs.", labels=("quantile",)
        )
        ordered = sorted(seconds)
        for share in QUANTILES if ordered else ():
            place = min(int(share * len(ordered)), len(ordered) - 1)
            family.add_metric((f"{share:g}",), max(ordered[place], 0.0))
        yield family


def _others(session: Session) -> Iterator[GaugeMetricFamily]:
    mine = balances.c.purse.startswith("user:")
    held = select(func.coalesce(func.sum(balances.c.amount), 0)).where(mine)
    for word in ("available", "reserved"):
        purses = held.where(balances.c.purse.endswith(f":{word}"))
        value = session.execute(purses).scalar_one()
        yield _gauge(f"lumiku_credits_{word}", f"Of viewers, {word}.", value)
    says = "Newcomers who wait for a word."
    yield _gauge("lumiku_registrations_waiting", says, waiting(session))
    sent = GaugeMetricFamily("lumiku_deliveries", "To webhooks.", labels=("state",))
    counted = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    for state, count in session.execute(counted):
        sent.add_metric((state,), count)
    yield sent
    taken = GaugeMetricFamily("lumiku_files_bytes", "Kept.", labels=("kind",))
    tables: dict[str, Any] = {"artifact": artifacts, "upload": uploads}
    for kind, table in tables.items():
        total = select(func.coalesce(func.sum(table.c.size), 0))
        taken.add_metric((kind,), session.execute(total).scalar_one())
    yield taken
