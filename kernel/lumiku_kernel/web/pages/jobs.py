"""The viewer's jobs: a list, and each with its pictures."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from lumiku_kernel.jobs import read
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.pages.visit import Visit

A_PAGE = 12


def recent(
    context: Context,
    *,
    limit: int,
    app: str | None = None,
    before: str | None = None,
) -> list[dict[str, Any]]:
    """The viewer's newest jobs, of one app or of all.

    What only answered while somebody waited, for nothing, is left out.
    """
    plugins = context.site.host.registry.ready
    workers = [
        one for plugin in plugins.values() for one in plugin.workers if one.interactive
    ]
    with context.store.read() as session:
        found = read.many(
            session,
            context.account_id,
            limit=limit,
            before=before,
            app=app,
            without=tuple({one.name for one in workers if one.free}),
        )
        return read.with_items(session, found)


def named(context: Context, job_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Those of these jobs that are the viewer's and still there, in this order."""
    with context.store.read() as session:
        return read.some(session, job_ids, context.account_id)


def show_all(visit: Visit) -> Response:
    """A page of jobs, newest first."""
    before = visit.query.get("before")
    found = recent(visit.context, limit=A_PAGE + 1, before=before)
    page = found[:A_PAGE]
    older = page[-1]["id"] if len(found) > A_PAGE else None
    return visit.show("jobs.html", jobs=page, older=older, first=before is None)


def show_one(visit: Visit) -> Response:
    """One job, or 404."""
    ident = visit.context.request.path_params["job_id"]
    with visit.context.store.read() as session:
        job = read.whole(session, ident, visit.context.account_id)
    return visit.show("job.html", job=job)
