"""Tells what is kept for how long, and what would go if it were tidied now."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.sql import FromClause
from sqlmodel import Session

from lumiku_kernel.accounts import tiers
from lumiku_kernel.jobs import deliveries as messages
from lumiku_kernel.jobs import forget
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import (
    accounts,
    artifacts,
    audits,
    deliveries,
    idempotencies,
    job_events,
    jobs,
    ledger_txns,
    sessions,
    sign_ins,
    uploads,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of thing: what is there, by which rule, and what is due to go.

    `bytes` are those of files; None for what lies in the database alone.
    """

    kind: str
    rule: str
    rows: int
    due: int
    bytes: int | None = None
    due_bytes: int | None = None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def retention(store: Store, settings: Settings) -> list[Kept]:
    """Each kind, as of this moment; nothing is changed."""
    with store.read() as session:
        return _kinds(session, settings)


def _kinds(session: Session, settings: Settings) -> list[Kept]:
    old, lying = forget.old_jobs(session), forget.old_uploads(session, settings)
    by_tier, more = _by_tier(session), settings.upload_days
    waiting = accounts.c.awaiting_at
    late = waiting < now() - settings.waiting_days * forget.DAY
    ended = messages.outdated(settings.delivery_days)
    expiring = (
        ("sessions", sessions, f"{settings.session_days} days"),
        ("sign-in links", sign_ins, "until used, or as long as they were made for"),
        ("idempotency keys", idempotencies, "72 hours"),
    )
    return [
        _rows(session, "jobs", by_tier, jobs, jobs.c.id.in_(old)),
        _rows(session, "events", "with their job", job_events, _of(job_events, old)),
        _files(session, "artifacts", "with their job", artifacts, _of(artifacts, old)),
        _files(
            session,
            "uploads",
            f"{by_tier}; at most {more} days" if more else by_tier,
            uploads,
            uploads.c.id.in_(lying),
        ),
        _rows(
            session,
            "messages to webhooks",
            f"{settings.delivery_days} days after their end",
            deliveries,
            ended,
        ),
        *(
            _rows(session, kind, rule, table, table.c.expires_at < now())
            for kind, table, rule in expiring
        ),
        _rows(
            session,
            "newcomers who wait",
            f"{settings.waiting_days} days",
            accounts,
            late,
            among=waiting.is_not(None),
        ),
        _rows(session, "audit", "for ever: it is sealed", audits),
        _rows(session, "ledger", "for ever: it is sealed", ledger_txns),
    ]


def _of(table: FromClause, old: Select[tuple[str]]) -> ColumnElement[bool]:
    return table.c.job_id.in_(old)


def _by_tier(session: Session) -> str:
    days = {one.name: one.retention_days for one in tiers.read(session).values()}
    if not any(days.values()):
        return "until deleted, in every tier"
    said = (f"{name} {many or 'until deleted'}" for name, many in days.items())
    return f"days by tier: {', '.join(said)}"


def _rows(
    session: Session,
    kind: str,
    rule: str,
    table: FromClause,
    due: ColumnElement[bool] | None = None,
    *,
    among: ColumnElement[bool] | None = None,
) -> Kept:
    asked = select(func.count()).select_from(table)
    if among is not None:
        asked = asked.where(among)
    there = int(session.execute(asked).scalar_one())
    going = 0 if due is None else int(session.execute(asked.where(due)).scalar_one())
    return Kept(kind, rule, there, going)


def _files(
    session: Session, kind: str, rule: str, table: FromClause, due: ColumnElement[bool]
) -> Kept:
    asked = select(func.count(), func.coalesce(func.sum(table.c.size), 0))
    there, size = session.execute(asked.select_from(table)).one()
    going, less = session.execute(asked.select_from(table).where(due)).one()
    return Kept(kind, rule, int(there), int(going), int(size), int(less))
