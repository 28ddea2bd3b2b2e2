"""Keeps webhooks' secrets by another key of the installation."""

from collections import Counter
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from lumiku_kernel.accounts.pepper import Keys, mark
from lumiku_kernel.jobs.signing import goes_with, kept_anew
from lumiku_kernel.store.tables import webhooks

COLUMNS = ("secret", "previous_secret")


def kept_by(session: Session, keys: Keys) -> Counter[str]:
    """How many secrets of webhooks each key keeps, by its mark; `""`: none of these."""
    found: Counter[str] = Counter()
    for row in session.execute(select(webhooks)).mappings():
        for name in COLUMNS:
            if row[name]:
                key = goes_with(keys, row[name])
                found[mark(key) if key else ""] += 1
    return found


def rekey(session: Session, keys: Keys) -> int:
    """Keep all secrets by the first key; how many were not. Receivers notice nothing.

    Those whose key is not among these stay as they are.
    """
    done = 0
    rows = session.execute(select(webhooks).with_for_update()).mappings().all()
    for row in rows:
        fresh: dict[str, Any] = {
            name: kept_anew(keys, row[name])
            for name in COLUMNS
            if row[name] and goes_with(keys, row[name]) not in (None, keys[0])
        }
        if fresh:
            mine = update(webhooks).where(webhooks.c.id == row["id"])
            session.execute(mine.values(**fresh))
            done += len(fresh)
    return done
