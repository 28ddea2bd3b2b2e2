"""Requests that spend are done once, however often they are sent.

The key is written in the transaction that does what is asked. Of two requests at once
the second waits for the first, in the database, and is answered with the same job.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from lumiku_kernel.errors import Problem
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import idempotencies

KEPT_SECONDS = 72 * 3600.0
"""How long a key is remembered."""


@dataclass(frozen=True, slots=True)
class Once:
    """One account's requests of one route with one key, and what was asked."""

    scope: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, account_id: str, route: str, key: str, *asked: Any) -> "Once":
        """Such as of `POST /api/jobs/{job_id}/retry`, whichever key of the account."""
        text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cls(f"{account_id} {route}", key, digest)


def find(session: Session, once: Once) -> str | None:
    """The job an earlier request has come to; 422 `idempotency-key-reused`."""
    alive = _mine(once) & (idempotencies.c.expires_at > now())
    row = session.execute(select(idempotencies).where(alive)).mappings().first()
    if row is None:
        return None
    if row["fingerprint"] != once.fingerprint:
        detail = "This Idempotency-Key was used for another request."
        raise Problem(422, "idempotency-key-reused", detail)
    return str(row["job_id"])


def keep(session: Session, once: Once, job_id: str) -> None:
    """Write the key down; `IntegrityError` if another request was first.

    To be called before anything is changed that the other's commit could refuse.
    """
    over = _mine(once) & (idempotencies.c.expires_at <= now())
    session.execute(delete(idempotencies).where(over))
    session.execute(
        insert(idempotencies).values(
            scope=once.scope,
            key=once.key,
            fingerprint=once.fingerprint,
            job_id=job_id,
            expires_at=now() + KEPT_SECONDS,
        )
    )


def _mine(once: Once) -> Any:
    return (idempotencies.c.scope == once.scope) & (idempotencies.c.key == once.key)
