"""Jobs as their owners read them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import not_found
from lumiku_kernel.jobs.which import Which, rows_of
from lumiku_kernel.store.tables import artifacts, job_items, jobs


def one(session: Session, job_id: str, account_id: str | None) -> dict[str, Any]:
    """The job with its artifacts, or 404; `account_id` None reads anybody's."""
    statement = select(jobs).where(jobs.c.id == job_id)
    row = session.execute(statement).mappings().first()
    if row is None or account_id not in (None, row["account_id"]):
        raise not_found("job")
    return document(dict(row), _artifacts(session, [job_id]).get(job_id, []))


def whole(session: Session, job_id: str, account_id: str | None) -> dict[str, Any]:
    """As `one`, with each item: `{index, label, state, error}`."""
    return with_items(session, [one(session, job_id, account_id)])[0]


def some(
    session: Session, job_ids: Sequence[str], account_id: str
) -> list[dict[str, Any]]:
    """As `whole`, those of these jobs that are the account's, in the order given."""
    mine = jobs.c.id.in_(job_ids) & (jobs.c.account_id == account_id)
    rows = session.execute(select(jobs).where(mine)).mappings().all()
    made = _artifacts(session, [row["id"] for row in rows])
    found = [document(dict(row), made.get(row["id"], [])) for row in rows]
    found.sort(key=lambda job: job_ids.index(job["id"]))
    return with_items(session, found)


def with_items(session: Session, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same jobs, each item of theirs put under `items.each`."""
    each: dict[str, list[dict[str, Any]]] = {job["id"]: [] for job in found}
    mine = select(job_items).where(job_items.c.job_id.in_(each))
    order = (job_items.c.job_id, job_items.c.index)
    for row in session.execute(mine.order_by(*order)).mappings():
        item = {name: row[name] for name in ("index", "label", "state")}
        each[row["job_id"]].append({**item, "error": _error(dict(row))})
    for job in found:
        job["items"]["each"] = each[job["id"]]
    return found


def many(
    session: Session,
    account_id: str | None,
    *,
    limit: int,
    before: str | None = None,
    app: str | None = None,
    state: str | None = None,
    without: tuple[str, ...] = (),
) -> list[dict[str, Any]]:
    """Up to `limit` jobs, newest first, older than the one named `before`."""
    which = Which(
        account=account_id, app=app, state=state, discarded=None, without=without
    )
    rows = rows_of(session, which, limit=limit, before=before)
    made = _artifacts(session, [row["id"] for row in rows])
    return [document(row, made.get(row["id"], [])) for row in rows]


def anybodys(
    session: Session, which: Which, *, limit: int, before: str | None = None
) -> list[dict[str, Any]]:
    """As `many`, for operators: whose job it is, and what it has gone through."""
    rows = rows_of(session, which, limit=limit, before=before)
    made = _artifacts(session, [row["id"] for row in rows])
    return [
        {**document(row, made.get(row["id"], [])), **_for_operators(row)}
        for row in rows
    ]


def _for_operators(row: dict[str, Any]) -> dict[str, Any]:
    names = ("provider", "plugin_version", "attempt", "rescues", "request_id")
    told = {"account": row["account_id"], **{name: row[name] for name in names}}
    return {**told, "discarded_at": iso(row["discarded_at"])}


def artifact(session: Session, ident: str, account_id: str) -> Mapping[str, Any]:
    """An artifact's row, or 404; the same answer for another's."""
    mine = (artifacts.c.id == ident) & (artifacts.c.account_id == account_id)
    row = session.execute(select(artifacts).where(mine)).mappings().first()
    if row is None:
        raise not_found("artifact")
    return dict(row)


def files(
    session: Session, job_id: str, account_id: str, kinds: Collection[str] = ()
) -> list[Mapping[str, Any]]:
    """The rows of what a job made, of these kinds or of all, or 404."""
    one(session, job_id, account_id)
    mine = artifacts.c.job_id == job_id
    if kinds:
        mine &= artifacts.c.kind.in_(list(kinds))
    order = (artifacts.c.item, artifacts.c.position)
    found = session.execute(select(artifacts).where(mine).order_by(*order))
    return [dict(row) for row in found.mappings()]


def _artifacts(
    session: Session, job_ids: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    statement = (
        select(artifacts)
        .where(artifacts.c.job_id.in_(list(job_ids)))
        .order_by(artifacts.c.job_id, artifacts.c.item, artifacts.c.position)
    )
    made: dict[str, list[dict[str, Any]]] = {}
    for row in session.execute(statement).mappings():
        made.setdefault(row["job_id"], []).append(
            {
                "id": row["id"],
                "url": f"/api/artifacts/{row['id']}",
                "kind": row["kind"],
                "index": row["item"],
                "media_type": row["media_type"],
                "size": row["size"],
                "width": row["width"],
                "height": row["height"],
                "meta": row["meta"],
            }
        )
    return made


def document(row: dict[str, Any], made: list[dict[str, Any]]) -> dict[str, Any]:
    """A job as JSON."""
    return {
        "id": row["id"],
        "app": row["plugin_id"],
        "worker": row["worker"],
        "model": row["model"],
        "state": row["state"],
        "progress": round(row["progress"], 4),
        "note": row["note"],
        "items": {
            "total": row["items_total"],
            "ok": row["items_ok"],
            "failed": row["items_failed"],
        },
        "price": row["price"],
        "settled": row["settled"],
        "released": row["released"],
        "input": row["input"],
        "result": row["result"],
        "artifacts": made,
        "error": _error(row),
        "cancel_requested": row["cancel_requested_at"] is not None,
        "last_seq": row["next_seq"] - 1,
        "created_at": iso(row["created_at"]),
        "started_at": iso(row["started_at"]),
        "ended_at": iso(row["ended_at"]),
    }


def _error(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["error_code"] is None:
        return None
    return {"code": row["error_code"], "detail": row["error_detail"]}
