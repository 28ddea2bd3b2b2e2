"""What operators do about jobs that have failed: retry, discard, export; audited."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from sqlalchemy import select, update

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import read, states
from lumiku_kernel.jobs.funding import NOBODYS, Payer
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.jobs.which import Which, retryable
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import jobs

AT_ONCE = 500
Act = Callable[[str, int], object]
"""What is done to a job, by its id and its last funding."""
COLUMNS = (
    *("id", "account", "app", "worker", "model", "provider", "state", "attempt"),
    *("rescues", "price", "settled", "released", "code", "detail", "request_id"),
    *("created_at", "started_at", "ended_at", "discarded_at"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


def discard(store: Store, job_id: str, by: By) -> None:
    """Take an ended job out of what is to be dealt with; 404 or 409."""
    with store.write() as session:
        mine = select(jobs.c.state, jobs.c.discarded_at).where(jobs.c.id == job_id)
        row = session.execute(mine.with_for_update()).first()
        if row is None:
            raise not_found("job")
        if row.state not in states.MOVES["retry"].before:
            detail = f"A job that is {row.state} cannot be discarded."
            raise Problem(409, "job-not-discardable", detail)
        if row.discarded_at is not None:
            return
        gone = update(jobs).where(jobs.c.id == job_id).values(discarded_at=now())
        session.execute(gone)
        before, after = {"state": row.state}, {"discarded": True}
        by.write(session, "job.discard", job_id, before=before, after=after)


def all_of(store: Store, which: Which, act: Act, limit: int) -> dict[str, Any]:
    """Do something to up to `limit` failed jobs, the oldest first.

    `{done: [id], refused: [{id, code, detail}], more}`: each job for itself, and each
    once, however often it is asked for.
    """
    chosen = select(jobs.c.id, jobs.c.funding).where(retryable(which))
    with store.read() as session:
        rows = session.execute(chosen.order_by(jobs.c.id).limit(limit + 1)).all()
    done, refused = [], []
    for row in rows[:limit]:
        try:
            act(row.id, row.funding)
        except Refused as error:
            told = {"id": row.id, "code": error.code, "detail": error.detail}
            refused.append(told)
        else:
            done.append(row.id)
    return {"done": done, "refused": refused, "more": len(rows) > limit}


def retry_all(
    store: Store,
    which: Which,
    *,
    limit: int,
    deadline_seconds: float,
    by: By,
    payer: Payer = NOBODYS,
) -> dict[str, Any]:
    """Queue what failed jobs still lack; their owners pay."""

    def again(job_id: str, last: int) -> object:
        return retry(
            store,
            job_id,
            None,
            deadline_seconds=deadline_seconds,
            by=by,
            last=last,
            payer=payer,
        )

    return all_of(store, which, again, limit)


def discard_all(store: Store, which: Which, *, limit: int, by: By) -> dict[str, Any]:
    """Take failed jobs out of what is to be dealt with."""

    def let_go(job_id: str, _last: int) -> None:
        discard(store, job_id, by)

    return all_of(store, which, let_go, limit)


def export(store: Store, which: Which, form: Literal["jsonl", "csv"]) -> Iterator[str]:
    """Jobs as lines of JSON, or of a table that no spreadsheet takes for formulas."""
    if form == "csv":
        yield _line(COLUMNS)
    before = None
    while True:
        with store.read() as session:
            found = read.anybodys(session, which, limit=AT_ONCE, before=before)
        for one in found:
            yield json.dumps(one) + "\n" if form == "jsonl" else _line(_cells(one))
        if len(found) < AT_ONCE:
            return
        before = found[-1]["id"]


def _cells(one: dict[str, Any]) -> list[Any]:
    flat = {**one, **(one["error"] or {})}
    return [_safe(flat.get(name)) for name in COLUMNS]


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


def _line(cells: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
