"""Read jobs, end them, fetch what they made."""

import re
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lumiku_kernel.jobs import cancel as cancelling
from lumiku_kernel.jobs import events, forget, read, space
from lumiku_kernel.jobs.idempotency import Once
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint
from lumiku_kernel.web.idempotency import REPLAYED, key_of
from lumiku_kernel.web.ranged import kept_file

LONGEST_WAIT = 60.0
RETRY = "POST /api/jobs/{job_id}/retry"

Document = dict[str, Any]


class JobEnvelope(BaseModel):
    """A job."""

    job: Document


StateWord = Literal[
    "queued",
    "running",
    "retry_wait",
    "succeeded",
    "partial",
    "failed",
    "canceled",
    "expired",
]


class Filter(Paging):
    """Which jobs."""

    app: str | None = None
    state: StateWord | None = None


class After(BaseModel):
    """Which events."""

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 100


async def awaited(context: Context, job_id: str, headers: dict[str, str]) -> Document:
    """The job now, or when it has ended, if the caller prefers to wait."""
    wanted = re.search(
        r"\bwait=(\d{1,4})\b", context.connection.headers.get("prefer", "")
    )
    if wanted is not None:
        seconds = min(float(wanted[1]), LONGEST_WAIT)
        headers["Preference-Applied"] = f"wait={seconds:.0f}"
        await context.site.hub.ended(job_id, seconds)
    return await run_in_threadpool(document, context, job_id)


def document(context: Context, job_id: str) -> Document:
    """The viewer's job, or 404."""
    with context.store.read() as session:
        return read.whole(session, job_id, context.account_id)


async def show(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """One job; `Prefer: wait=N` answers when it has ended."""
    await run_in_threadpool(document, context, job_id)
    headers: dict[str, str] = {}
    job = await awaited(context, job_id, headers)
    return Answer(JobEnvelope(job=job), headers=headers)


def list_jobs(context: Context, query: Filter) -> Listing[Document]:
    """The viewer's jobs, newest first."""
    with context.store.read() as session:
        found = read.many(
            session,
            context.account_id,
            limit=query.limit,
            before=query.cursor,
            app=query.app,
            state=query.state,
        )
    return Listing[Document].model_validate(page(found, query.limit))


def cancel(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """Ask for the end of a job; what was delivered stays delivered and paid."""
    cancelling.cancel(context.store, job_id, context.account_id)
    return Answer(JobEnvelope(job=document(context, job_id)), 202)


def retry_job(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """Pay for, and make, what an ended job still lacks."""
    document(context, job_id)  # what is another's is as absent, whatever else is wrong
    space.check(context.settings, context.store, context.viewer)
    key, mine = key_of(context), context.account_id
    done = retry(
        context.store,
        job_id,
        mine,
        deadline_seconds=context.settings.job_deadline_seconds,
        once=None if key is None else Once.of(mine, RETRY, key, job_id),
        payer=context.payer,
    )
    headers = REPLAYED if done.replayed else {}
    return Answer(JobEnvelope(job=document(context, job_id)), 202, headers)


def delete_job(context: Context, job_id: str) -> None:
    """Forget an ended job and what it made; what it has cost stays in the ledger."""
    host = context.site.host
    forget.delete_job(host.store, host.shelf, job_id, context.account_id)


def delete_artifact(context: Context, ident: str) -> None:
    """Forget a file made."""
    host = context.site.host
    forget.delete_artifact(host.store, host.shelf, ident, context.account_id)


def list_events(context: Context, job_id: str, query: After) -> Listing[Document]:
    """What happened to a job, after an event's number."""
    with context.store.read() as session:
        read.one(session, job_id, context.account_id)
        found = events.after(session, job_id, query.after, limit=query.limit)
    more = len(found) == query.limit
    cursor = str(found[-1]["seq"]) if more else None
    return Listing[Document](items=found, next_cursor=cursor)


def show_artifact(context: Context, ident: str) -> Response:
    """A file made, for its owner."""
    return file_of(context, ident, {})


def file_of(context: Context, ident: str, headers: dict[str, str]) -> Response:
    """The viewer's artifact on the wire, or 404."""
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    return file_for(context, context.account_id, ident, {**headers, **kept})


def file_for(
    context: Context, account_id: str, ident: str, headers: dict[str, str]
) -> Response:
    """An artifact of this account's, or 404; no script in it runs on this site."""
    with context.store.read() as session:
        row = read.artifact(session, ident, account_id)
    return kept_file(
        context.connection,
        context.site.host.shelf,
        row,
        name=f"{row['kind']}-{row['item'] + 1}{PurePath(row['key']).suffix}",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'", **headers},
    )


READ, WRITE = "jobs:read", "jobs:write"
ENDPOINTS = (
    Endpoint("GET", "/api/jobs", list_jobs, scope=READ, tag="jobs"),
    Endpoint("GET", "/api/jobs/{job_id}", show, scope=READ, tag="jobs"),
    Endpoint(
        "POST", "/api/jobs/{job_id}/cancel", cancel, scope=WRITE, status=202, tag="jobs"
    ),
    Endpoint(
        "POST",
        "/api/jobs/{job_id}/retry",
        retry_job,
        scope=WRITE,
        status=202,
        tag="jobs",
    ),
    Endpoint("GET", "/api/jobs/{job_id}/events", list_events, scope=READ, tag="jobs"),
    Endpoint("GET", "/api/artifacts/{ident}", show_artifact, scope=READ, tag="jobs"),
    Endpoint("DELETE", "/api/jobs/{job_id}", delete_job, scope=WRITE, tag="jobs"),
    Endpoint(
        "DELETE", "/api/artifacts/{ident}", delete_artifact, scope=WRITE, tag="jobs"
    ),
)
