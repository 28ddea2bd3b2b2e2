"""Which jobs an operator means."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session

from lumiku_kernel.jobs import states
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import accounts, jobs


@dataclass(frozen=True, slots=True)
class Which:
    """All of these hold; a None holds for every job.

    `account` is an id or an address; `older` and `newer` are ages in seconds, counted
    from when the job was accepted. Discarded jobs are left out unless asked for.
    """

    state: str | None = None
    app: str | None = None
    account: str | None = None
    code: str | None = None
    model: str | None = None
    older: float | None = None
    newer: float | None = None
    discarded: bool | None = False
    without: tuple[str, ...] = ()
    """Workers whose jobs are left out."""

    def condition(self) -> ColumnElement[bool]:
        """As SQL."""
        found: ColumnElement[bool] = true()
        for column, value in (
            (jobs.c.state, self.state),
            (jobs.c.plugin_id, self.app),
            (jobs.c.error_code, self.code),
            (jobs.c.model, self.model),
        ):
            if value is not None:
                found &= column == value
        if self.without:
            found &= jobs.c.worker.not_in(self.without)
        if self.account is not None:
            found &= jobs.c.account_id == self._account()
        if self.older is not None:
            found &= jobs.c.created_at <= now() - self.older
        if self.newer is not None:
            found &= jobs.c.created_at >= now() - self.newer
        if self.discarded is not None:
            gone = jobs.c.discarded_at
            found &= gone.is_not(None) if self.discarded else gone.is_(None)
        return found

    def _account(self) -> Any:
        if self.account is None or "@" not in self.account:
            return self.account
        mine = select(accounts.c.id).where(accounts.c.email == self.account.lower())
        return mine.scalar_subquery()


def rows_of(
    session: Session, which: Which, *, limit: int, before: str | None = None
) -> list[dict[str, Any]]:
    """Up to `limit` rows, newest first, older than the job named `before`."""
    statement = select(jobs).where(which.condition()).order_by(jobs.c.id.desc())
    if before is not None:
        statement = statement.where(jobs.c.id < before)
    return [dict(row) for row in session.execute(statement.limit(limit)).mappings()]


def retryable(which: Which) -> ColumnElement[bool]:
    """Those of them that a retry or a discard can mean."""
    return which.condition() & jobs.c.state.in_(states.MOVES["retry"].before)
