"""Writes what has become of a job's items and of the job: only the holder may.

Each function is one transaction's worth of statements, conditional on the epoch;
`LostLease` is raised when another holds the job.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlmodel import Session

from lumiku_kernel.jobs import events, states
from lumiku_kernel.ledger.post import finalize
from lumiku_kernel.store import changed, now
from lumiku_kernel.store.tables import artifacts, job_items, jobs


def progress(
    session: Session, job: dict[str, Any], item: int, fraction: float, note: str
) -> None:
    """Say how far the whole job is, 0.0-1.0, by the item under way."""
    seq = _touch(session, job["id"], job["epoch"], progress=fraction, note=note)
    data = {"progress": round(fraction, 4), "note": note, "item": item}
    events.append(session, job["id"], seq, "progress", data)


def item_done(
    session: Session,
    job: dict[str, Any],
    index: int,
    made: Sequence[dict[str, Any]],
    result: dict[str, Any] | None,
) -> None:
    """Deliver an item: its artifacts become visible with this commit."""
    values: dict[str, Any] = {
        "items_ok": jobs.c.items_ok + 1,
        "turn": jobs.c.turn + 1,
        "progress": (jobs.c.items_ok + 1.0 + jobs.c.items_failed) / jobs.c.items_total,
        "note": "",
    }
    if result is not None:
        values["result"] = result
    seq = _touch(session, job["id"], job["epoch"], **values)
    _item(session, job["id"], index, state="done", error_code=None, error_detail=None)
    if made:
        session.execute(insert(artifacts).values(created_at=now()), list(made))
    data = {"item": index, "artifacts": [_told(row) for row in made]}
    events.append(session, job["id"], seq, "item_done", data)


def item_failed(
    session: Session, job: dict[str, Any], index: int, code: str, detail: str
) -> None:
    """Give an item up; its price will be released."""
    values = {"items_failed": jobs.c.items_failed + 1, "turn": jobs.c.turn + 1}
    seq = _touch(session, job["id"], job["epoch"], **values, note="")
    _item(
        session, job["id"], index, state="failed", error_code=code, error_detail=detail
    )
    data = {"item": index, "code": code, "detail": detail}
    events.append(session, job["id"], seq, "item_failed", data)


def end(
    session: Session,
    job_id: str,
    *,
    epoch: int,
    from_states: Sequence[str],
    state: str | None = None,
    code: str | None = None,
    detail: str | None = None,
) -> str:
    """End a job and settle its credits; the state it ended in.

    Without `state`, what was delivered decides: all, some or nothing.
    """
    mine = select(jobs).where(jobs.c.id == job_id).with_for_update()
    row = session.execute(mine).mappings().one()
    if row["epoch"] != epoch or row["state"] not in from_states:
        raise states.LostLease(job_id)
    delivered = session.execute(
        select(func.coalesce(func.sum(job_items.c.price), 0)).where(
            job_items.c.job_id == job_id, job_items.c.state == "done"
        )
    ).scalar_one()
    settle = delivered - row["settled"]
    release = row["price"] - row["settled"] - row["released"] - settle
    outcome = state or _outcome(dict(row))
    if outcome == states.SUCCEEDED:
        code, detail = None, None  # all was delivered, whatever came after
    elif outcome in (states.FAILED, states.PARTIAL) and code is None:
        code, detail = _first_fault(session, job_id)
    statement = (
        update(jobs)
        .where(
            jobs.c.id == job_id,
            jobs.c.epoch == epoch,
            jobs.c.state.in_(list(from_states)),
        )
        .values(
            state=outcome,
            epoch=jobs.c.epoch + 1,
            progress=1.0 if outcome == states.SUCCEEDED else jobs.c.progress,
            note="",
            # What was never begun does not put its viewer's next job back.
            turn=case((jobs.c.started_at.is_(None), 0), else_=jobs.c.turn),
            settled=jobs.c.settled + settle,
            released=jobs.c.released + release,
            lease_owner=None,
            lease_until=None,
            error_code=code,
            error_detail=detail,
            ended_at=now(),
            next_seq=jobs.c.next_seq + 1,
        )
    )
    if changed(session, statement) != 1:
        raise states.LostLease(job_id)
    finalize(
        session,
        row["account_id"],
        settle=settle,
        release=release,
        job_id=job_id,
        funding=row["funding"],
    )
    told = {"settled": row["settled"] + settle, "released": row["released"] + release}
    if code is not None:
        told |= {"code": code, "detail": detail}
    events.append(session, job_id, row["next_seq"], outcome, told)
    return outcome


def _outcome(row: dict[str, Any]) -> str:
    if row["items_ok"] == row["items_total"]:
        return states.SUCCEEDED
    return states.PARTIAL if row["items_ok"] else states.FAILED


def _first_fault(session: Session, job_id: str) -> tuple[str | None, str | None]:
    statement = (
        select(job_items.c.error_code, job_items.c.error_detail)
        .where(job_items.c.job_id == job_id, job_items.c.state == "failed")
        .order_by(job_items.c.index)
        .limit(1)
    )
    row = session.execute(statement).first()
    return (row.error_code, row.error_detail) if row else (None, None)


def _touch(session: Session, job_id: str, epoch: int, **values: Any) -> int:
    """Change a running job that is still ours; the number of the event to write."""
    statement = (
        update(jobs)
        .where(
            jobs.c.id == job_id, jobs.c.epoch == epoch, jobs.c.state == states.RUNNING
        )
        .values(**values, next_seq=jobs.c.next_seq + 1)
        .returning(jobs.c.next_seq)
    )
    seq = session.execute(statement).scalar_one_or_none()
    if seq is None:
        raise states.LostLease(job_id)
    return int(seq) - 1


def _item(session: Session, job_id: str, index: int, **values: Any) -> None:
    mine = (job_items.c.job_id == job_id) & (job_items.c.index == index)
    waiting = update(job_items).where(mine, job_items.c.state == "queued")
    if changed(session, waiting.values(**values)) != 1:
        raise states.LostLease(job_id)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "url": f"/api/artifacts/{row['id']}",
        "kind": row["kind"],
        "media_type": row["media_type"],
        "width": row["width"],
        "height": row["height"],
    }
