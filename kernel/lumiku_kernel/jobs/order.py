"""What a runner is told to make, and what is kept of what it made."""

from typing import Any

from sqlalchemy import select

from lumiku_kernel import traces
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.tables import accounts


def order(
    store: Store, shelf: Shelf, job: dict[str, Any], item: dict[str, Any]
) -> dict[str, Any]:
    """One item of a job, with all that a runner must know of it, as JSON."""
    with store.read() as session:
        mine = select(accounts.c.tier).where(accounts.c.id == job["account_id"])
        tier = session.execute(mine).scalar_one()
    return {
        "op": "run",
        "job": job["id"],
        "epoch": job["epoch"],
        "plugin": job["plugin_id"],
        "worker": job["worker"],
        "input": job["input"],
        "model": job["snapshot"]["model"],
        "flags": job["snapshot"]["flags"],
        "account": job["account_id"],
        "tier": tier,
        "request_id": job["request_id"],
        "traceparent": traces.here(),
        "folder": str(shelf.bench),
        "item": {name: item[name] for name in ("index", "label", "data")},
    }


def kept(
    shelf: Shelf, job: dict[str, Any], index: int, position: int, output: dict[str, Any]
) -> dict[str, Any]:
    """Put an output's file on the shelf; the artifact's row, not yet written."""
    name = f"{index}-{position}-{job['epoch']}-{output['sha256'][:12]}"
    key = shelf.keep(
        shelf.bench / output["file"],
        job_id=job["id"],
        name=name,
        media_type=output["media_type"],
    )
    columns = ("kind", "sha256", "size", "media_type", "width", "height", "meta")
    return {
        "id": new_id("art"),
        "account_id": job["account_id"],
        "job_id": job["id"],
        "item": index,
        "position": position,
        "epoch": job["epoch"],
        "key": key,
        **{column: output[column] for column in columns},
    }
