"""Writes down what operators change."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from lumiku_kernel.store.engine import now
from lumiku_kernel.store.tables import audits


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and why."""

    actor: str
    reason: str

    def write(
        self,
        session: Session,
        action: str,
        subject: str,
        *,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        """One row of what they did."""
        audit(
            session,
            actor=self.actor,
            action=action,
            subject=subject,
            before=before,
            after=after,
            reason=self.reason,
        )


def audit(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
) -> None:
    """One row, in the transaction of the change itself."""
    session.execute(
        insert(audits).values(
            at=now(),
            actor=actor,
            action=action,
            subject=subject,
            before=before,
            after=after,
            reason=reason,
        )
    )
